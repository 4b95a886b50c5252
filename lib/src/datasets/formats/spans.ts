import { z } from 'zod';
import type { Span } from '../../tasks/row.js';
import { normaliseSpace } from '../text.js';

const position = z.int().nonnegative();
const written = z.object({ start: position, end: position, type: z.string(), text: z.string().optional() });

/** What annotation tools call the parts of a span. */
const NAMES = {
  start: ['start', 'begin', 'start_offset'],
  end: ['end', 'end_offset'],
  type: ['type', 'label'],
  text: ['text'],
} as const;

/** The parts of a span, of an object by the names they have, of a list [start, end, type] by their place. */
function partsOf(value: unknown): object | undefined {
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
 * @throws Error saying which span is none, or lies outside the text, or has other words.
 */
export function spansOf(value: unknown, text: string): readonly Span[] {
  const list: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (!Array.isArray(list)) throw new Error(`${JSON.stringify(value)} is no list of spans`);
  return list.map((each: unknown) => spanOf(each, text)).sort((a, b) => a.start - b.start || a.end - b.end);
}

function spanOf(value: unknown, text: string): Span {
  const shown = JSON.stringify(value);
  const read = written.safeParse(partsOf(value));
  if (!read.success)
    throw new Error(`${shown} is no span: it needs start, end and type, or [start, end, type]`);
  const { start, end, type } = read.data;
  const words = normaliseSpace(text.slice(start, end));
  const there = `of a text of ${text.length} characters`;
  if (end > text.length || words === '') throw new Error(`${shown} holds nothing ${there}`);
  const { text: told } = read.data;
  if (told !== undefined && normaliseSpace(told) !== words)
    throw new Error(
      `${shown} is "${words}" in the text (offsets count UTF-16 units from 0, the end is not included)`,
    );
  // Where white space is normalised, what stands before the span is shorter by as much as its own beginning shows.
  const before = text.slice(0, start + text.slice(start, end).search(/\S/));
  const from = before.replace(/\s+/g, ' ').trimStart().length;
  return { type, start: from, end: from + words.length };
}
