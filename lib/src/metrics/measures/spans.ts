import type { Span } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { type Measure, type Place, type Reference, unfit } from '../measure.js';
import { f1Measures, indexOf } from './f1.js';

/**
 * Measures of entities: a span is right where one of the same type has the same start and the same end, as in seqeval
 * on IOB2 in strict mode (Tjong Kim Sang and De Meulder 2003). The macro mean is over the types that are gold or answered
 * somewhere, as there: a type that nobody names has no part in it, one that is answered and never gold has F1 0. Where no
 * text has an entity, gold or answered, F1 is not defined and counts as 0; texts without any add nothing.
 *
 * Spans may overlap, which IOB2 cannot write: each counts for itself. One that is given twice is one. One that begins
 * before the text, at -1, stands for words that are not in it: each is wrong.
 */
export function entityMeasures(types: readonly string[]): readonly Measure[] {
  const index = indexOf(types);
  const { micro, macroOfNamed, each } = f1Measures(types, (value, place) => {
    const spans = spansOf(value, place);
    return new Map(
      spans.map(({ type, start, end }, at) => [
        start < 0 ? `nowhere ${at}` : `${start} ${end} ${type}`,
        index(type, place, value),
      ]),
    );
  });
  return [micro('entity-f1', 'entity F1'), macroOfNamed('entity-macro-f1', 'entity macro-F1'), ...each];
}

function spansOf(value: Answer | Reference, place: Place): readonly Span[] {
  const spans: unknown = typeof value === 'object' && 'words' in value ? value['spans'] : value;
  if (!Array.isArray(spans) || !spans.every(isSpan))
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

/**
 * Measures of the words that spans touch, as for PICO elements in EBM-NLP (Nye et al. 2018) and BLURB (Gu et al. 2021): F1
 * of each type and its mean over all types of the task, one that nobody names counting as 0. A word has the type of the span
 * that touches it, of several the one that begins first, of those the longest; words in none are not scored. An answer that
 * names what is not in the text touches no word.
 *
 * Gold must come with the words of its text (`Reference`): `referencesOf` makes it of a task's rows.
 */
export function wordMeasures(types: readonly string[]): readonly Measure[] {
  const index = indexOf(types);
  const { macro, each } = f1Measures(types, (value, place, gold) => {
    if (typeof gold !== 'object' || !('words' in gold))
      throw unfit(place, value, 'Give the words of the text with the gold spans: referencesOf makes both.');
    const spans = spansOf(value, place).toSorted((a, b) => a.start - b.start || b.end - a.end);
    return new Map(
      gold.words.flatMap(([start, end], word): [string, number][] => {
        const type = spans.find((span) => span.start < end && start < span.end)?.type;
        return type === undefined ? [] : [[`${word} ${type}`, index(type, place, value)]];
      }),
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
