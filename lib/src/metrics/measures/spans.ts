import type { Span } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { type Measure, type Place, unfit } from '../measure.js';
import { f1Measures, indexOf } from './f1.js';

/**
 * Measures of entities: a span is right where one of the same type has the same start and the same end, as in seqeval
 * on IOB2 (Tjong Kim Sang and De Meulder 2003). Spans may overlap; one that is given twice is one. One that begins before
 * the text, at -1, stands for words that are not in it: each is wrong. Texts without any entity, gold or answered, add
 * nothing; F1 is 0 where no text has one.
 */
export function entityMeasures(types: readonly string[]): readonly Measure[] {
  const index = indexOf(types);
  const { micro, macro, each } = f1Measures(types, (value, place) => {
    const spans = spansOf(value, place);
    return new Map(
      spans.map(({ type, start, end }, at) => [
        start < 0 ? `nowhere ${at}` : `${start} ${end} ${type}`,
        index(type, place, value),
      ]),
    );
  });
  return [micro('entity-f1', 'entity F1'), macro('entity-macro-f1', 'entity macro-F1'), ...each];
}

function spansOf(value: Answer, place: Place): readonly Span[] {
  const spans: readonly unknown[] | undefined = Array.isArray(value) ? value : undefined;
  if (!spans?.every(isSpan))
    throw unfit(place, value, 'Give a list of spans { type, start, end }, start before end.');
  return spans;
}

function isSpan(value: unknown): value is Span {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    'start' in value &&
    'end' in value &&
    Number.isInteger(value.start) &&
    Number.isInteger(value.end) &&
    (Number(value.start) < Number(value.end) || value.start === -1)
  );
}

/** The label of a word in no span. */
const OUTSIDE = 'O';

/**
 * The label of each word, by the spans that it touches: the type of the one that begins first, of those the longest;
 * `OUTSIDE` where there is none.
 *
 * @param words from where up to and without where each word stands, in the characters that spans count.
 *
 * @example
 * const spans = [{ type: 'Disease', start: 0, end: 11 }];
 * wordLabels(spans, [[0, 4], [5, 11], [12, 14]]); // -> ['Disease', 'Disease', 'O']
 */
export function wordLabels(
  spans: readonly Span[],
  words: readonly (readonly [start: number, end: number])[],
): readonly string[] {
  const ordered = spans.toSorted((a, b) => a.start - b.start || b.end - a.end);
  return words.map(
    ([start, end]) => ordered.find((span) => span.start < end && start < span.end)?.type ?? OUTSIDE,
  );
}

/**
 * Measures of the labels of words (`wordLabels`), as for PICO elements in EBM-NLP (Nye et al. 2018) and BLURB (Gu et al.
 * 2021): F1 of each type and its mean over types, all words pooled. `OUTSIDE` is no type.
 *
 * @example
 * const [macroF1] = wordMeasures(['Disease']);
 * scores([macroF1], [['Disease', 'Disease', 'O']], [['Disease', 'O', 'O']]); // -> [0.67]
 */
export function wordMeasures(types: readonly string[]): readonly Measure[] {
  const index = indexOf(types);
  const { macro, each } = f1Measures(types, (labels, place, gold) => {
    if (!Array.isArray(labels)) throw unfit(place, labels, 'Give a label a word: wordLabels makes them.');
    if (!Array.isArray(gold) || labels.length !== gold.length)
      throw unfit(place, labels, 'Give as many as the text has words.');
    return new Map(
      labels.flatMap((label: unknown, word): [string, number][] =>
        label === OUTSIDE ? [] : [[`${word} ${label}`, index(label, place, label)]],
      ),
    );
  });
  return [
    macro('word-macro-f1', 'word macro-F1'),
    ...each.map((measure) => ({
      ...measure,
      id: `word-${measure.id}`,
      title: `word ${measure.title}`,
    })),
  ];
}
