import { z } from 'zod';
import { type Gold, type Span, textOf } from './row.js';
import { literal, type Shape, wordOf } from './shape.js';
import { fieldsOf, type TaskOf } from './task.js';

const spanList = z.array(
  z.strictObject({ type: z.string(), start: z.int().nonnegative(), end: z.int().positive() }),
);

/** Where a span begins and ends that a model has named and that is not in the text: it counts as found wrongly. */
const NOWHERE = -1;

/**
 * Stretches of the first field, each of a type. A model writes a line for each, `TYPE: words as in the text`, in the
 * order of the text, or the word for none; a text with any other line is not read. Words that do not occur in the text
 * stay in the answer, at no place.
 */
export function spans(task: TaskOf<'spans'>): Shape {
  const [field = ''] = fieldsOf(task);
  return {
    stored: 'spans',
    head: 'tagger',
    whole: true,
    stops: ['\n\n'],
    unanswered: { counts: 'as naming no span', lacks: 'not in the form asked for' },
    measures: ['entity-f1'],
    strata: ['', 'some'],
    named: [[], ...task.types.map((type) => [{ type, start: 0, end: 1 }])],
    stratum: (gold) => (spansIn(task, gold).length > 0 ? 'some' : ''),
    gold: (value) => spansIn(task, typeof value === 'string' ? JSON.parse(value) : value),
    write(row, words) {
      const found = spansIn(task, row.gold);
      if (found.length === 0) return words.none;
      const text = textOf(row, field);
      return found
        .toSorted((a, b) => a.start - b.start)
        .map((span) => `${wordOf(span.type, words)}: ${mentionOf(span, text)}`)
        .join('\n');
    },
    read(text, row, words) {
      const lines = text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
      if (lines.length === 0) return undefined;
      if (lines.length === 1 && lines[0]?.replace(/\.$/, '').toLowerCase() === words.none.toLowerCase())
        return [];
      const named = lines.map((line) => {
        const [head = '', ...rest] = line.split(':');
        const type = task.types.find(
          (each) => wordOf(each, words).toLowerCase() === head.trim().toLowerCase(),
        );
        const mention = rest.join(':').trim();
        return type === undefined || mention === '' ? undefined : { type, mention };
      });
      if (named.includes(undefined)) return undefined;
      return located(
        textOf(row, field),
        named.flatMap((each) => each ?? []),
      );
    },
  };
}

function mentionOf(span: Span, text: string): string {
  const [mention, shown] = [text.slice(span.start, span.end), JSON.stringify(span)];
  if (span.end > text.length)
    throw new Error(`${shown} reaches past the end of the text, which has ${text.length} UTF-16 units`);
  if (mention.trim() === '') throw new Error(`${shown} holds no words of the text`);
  return mention;
}

/** The spans of mentions in a text: of each the first of its places that none before it has taken. */
function located(
  text: string,
  mentions: readonly { readonly type: string; readonly mention: string }[],
): readonly Span[] {
  const taken: Span[] = [];
  for (const { type, mention } of mentions) {
    const place = places(text, mention).find(({ start, end }) =>
      taken.every((other) => start >= other.end || end <= other.start),
    );
    const { start, end } = place ?? { start: NOWHERE, end: NOWHERE };
    taken.push({ type, start, end });
  }
  return taken;
}

/** Where a mention stands in a text: as words of their own before within words, written alike before in another case. */
function places(text: string, mention: string): readonly Pick<Span, 'start' | 'end'>[] {
  return [...text.matchAll(new RegExp(literal(mention), 'giu'))]
    .map(({ index: start, 0: found }) => {
      const end = start + found.length;
      const within =
        ENDS_IN_LETTER.test(text.slice(Math.max(0, start - 2), start)) ||
        BEGINS_WITH_LETTER.test(text.slice(end, end + 2));
      return { start, end, worse: (within ? 2 : 0) + (found === mention ? 0 : 1) };
    })
    .sort((a, b) => a.worse - b.worse);
}

const ENDS_IN_LETTER = /[\p{L}\p{N}]$/u;
const BEGINS_WITH_LETTER = /^[\p{L}\p{N}]/u;

/** @throws Error where a value is no list of spans of the task's types, or two of them share a character. */
function spansIn({ types }: TaskOf<'spans'>, value: unknown): Gold & readonly Span[] {
  const read = spanList.safeParse(value);
  if (!read.success) throw new Error(`${JSON.stringify(value)} is no list of spans`);
  const other = read.data.find(({ type, start, end }) => !types.includes(type) || start >= end);
  if (other) throw new Error(`${JSON.stringify(other)} is no span of a type among ${types.join(', ')}`);
  const inOrder = read.data.toSorted((a, b) => a.start - b.start);
  const at = inOrder.findIndex(({ start }, index) => start < (inOrder[index - 1]?.end ?? 0));
  if (at > 0)
    throw new Error(
      `${JSON.stringify(inOrder[at - 1])} and ${JSON.stringify(inOrder[at])} overlap, and a tag a word holds one alone: ` +
        'leave one of them out, or make a task of each type',
    );
  return read.data;
}
