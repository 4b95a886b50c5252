import { z } from 'zod';
import type { Span } from '../../tasks/row.js';
import { normaliseSpace } from '../text.js';
import { jsonList } from './cells.js';

const position = z.int().nonnegative();
const written = z.object({ start: position, end: position, type: z.string(), text: z.string().optional() });

/** What annotation tools call the parts of a span. */
const NAMES = {
  start: ['start', 'begin', 'start_offset'],
  end: ['end', 'end_offset'],
  type: ['type', 'label'],
  text: ['text'],
} as const;

/**
 * What offsets count: UTF-16 units as JavaScript and Java do, or characters as Python does. They differ after one beyond
 * U+FFFF, such as an emoji or a letter of mathematics.
 */
export const OFFSETS = ['utf-16', 'characters'] as const;
export type Offsets = (typeof OFFSETS)[number];

/** The type of a span as a file has it; empty where it has none. */
export function spanType(value: unknown): string {
  const { type } = partsOf(value);
  return type === undefined ? '' : String(type);
}

/** The parts of a span, of an object by the names they have, of a list [start, end, type] by their place. */
function partsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(value)) return { start: value[0], end: value[1], type: value[2] };
  const own = new Map(Object.entries(value ?? {}));
  return Object.fromEntries(
    Object.entries(NAMES).map(([part, names]) => [part, own.get(names.find((name) => own.has(name)) ?? '')]),
  );
}

/**
 * Spans of a text as a file has them, as spans of the text with its white space normalised, in the order of the text.
 * What else a tool writes of a span is left aside; where it writes the words, they have to be those of the text.
 *
 * @param value a list of spans, or its JSON.
 * @param offsets default: what a span's words show; where it has none, either, as long as they are the same.
 * @throws Error saying which span is none, or lies outside the text, or has other words.
 */
export function spansOf(value: unknown, text: string, offsets?: Offsets): readonly Span[] {
  const list = typeof value === 'string' ? jsonList(value) : value;
  if (!Array.isArray(list))
    throw new Error(
      `${JSON.stringify(value)} is no list of spans, nor one in JSON (whose quotes are double)`,
    );
  return list
    .map((each: unknown) => spanOf(each, text, offsets))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

function spanOf(value: unknown, text: string, offsets: Offsets | undefined): Span {
  const shown = JSON.stringify(value);
  const read = written.safeParse(partsOf(value));
  if (!read.success)
    throw new Error(`${shown} is no span: it needs start, end and type, or [start, end, type]`);
  const { type, text: told } = read.data;
  const places = (offsets ? [offsets] : OFFSETS).map((unit) =>
    unit === 'utf-16'
      ? read.data
      : { start: unitsOf(text, read.data.start), end: unitsOf(text, read.data.end) },
  );
  const wordsAt = (place: Pick<Span, 'start' | 'end'>) => normaliseSpace(text.slice(place.start, place.end));
  const [first = read.data] = places;
  if (told === undefined && places.some((place) => place.end !== first.end))
    throw new Error(
      `${shown} is one thing where offsets count characters and another where they count UTF-16 units: ` +
        `say under table.offsets in data/datasets.yaml which (${OFFSETS.join(', ')})`,
    );
  const place = places.find((each) => told !== undefined && wordsAt(each) === normaliseSpace(told)) ?? first;
  const { start, end } = place;
  const words = wordsAt(place);
  if (end > text.length)
    throw new Error(`${shown} reaches past the end of the text, which has ${text.length} UTF-16 units`);
  if (words === '') throw new Error(`${shown} holds no words of the text`);
  if (told !== undefined && normaliseSpace(told) !== words)
    throw new Error(
      `${shown} is "${words}" in the text (offsets count UTF-16 units from 0, the end is not included)`,
    );
  // Where white space is normalised, what stands before the span is shorter by as much as its own beginning shows.
  const before = text.slice(0, start + text.slice(start, end).search(/\S/));
  const from = before.replace(/\s+/g, ' ').trimStart().length;
  return { type, start: from, end: from + words.length };
}

/** How many UTF-16 units so many characters of a text take; each beyond its end counts as one. */
function unitsOf(text: string, count: number): number {
  if (!/[\ud800-\udfff]/.test(text)) return count;
  const characters = [...text];
  return characters.slice(0, count).join('').length + Math.max(0, count - characters.length);
}
