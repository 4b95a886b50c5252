import { normalForm } from '../../datasets/normal-form.js';
import { quantile } from '../../metrics/resampling/quantile.js';
import { type Row, textOf } from '../../tasks/row.js';
import { fieldsOf, namedBy, type Task } from '../../tasks/task.js';

/** How numbers are spread: the lowest, the quartiles, the highest. */
export interface Spread {
  readonly lowest: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly highest: number;
}

/** What rows are like: counts alone, no text. */
export interface RowSummary {
  readonly rows: number;
  readonly answers: {
    /** How many rows have each label, or how many spans are of each type; of numbers and texts empty. */
    readonly counts: Readonly<Record<string, number>>;
    /** Rows with no label of a set, or no span. */
    readonly none: number;
    /** Spans that begin or end inside a word, as slipped offsets do, and the first row with one. */
    readonly cut: { readonly spans: number; readonly first: string | null };
    /** Of numbers themselves, of texts the words of each; of others null. */
    readonly spread: Spread | null;
  };
  /** By field: rows in which it is empty, and words between white space. */
  readonly fields: Readonly<Record<string, { readonly empty: number; readonly words: Spread | null }>>;
  /** By key: different values, and rows that have none. */
  readonly keys: Readonly<Record<string, { readonly values: number; readonly none: number }>>;
}

/** The summary of the rows of a task. */
export function summaryOf(rows: readonly Row[], task: Task): RowSummary {
  const named = rows.map(({ gold }) => namedIn(gold));
  const counts = new Map(namedBy(task).map((label) => [label, 0]));
  if (counts.size > 0) for (const label of named.flat()) counts.set(label, (counts.get(label) ?? 0) + 1);
  const measured = {
    number: () => rows.map(({ gold }) => Number(gold)),
    text: () => named.flat().map(wordCount),
  };
  return {
    rows: rows.length,
    answers: {
      counts: Object.fromEntries(counts),
      none: named.filter(({ length }) => length === 0).length,
      cut: cutIn(rows, task),
      spread: task.shape === 'number' || task.shape === 'text' ? spreadOf(measured[task.shape]()) : null,
    },
    fields: Object.fromEntries(
      fieldsOf(task).map((field) => {
        const words = rows.map((row) => wordCount(textOf(row, field)));
        return [field, { empty: words.filter((count) => count === 0).length, words: spreadOf(words) }];
      }),
    ),
    keys: Object.fromEntries(
      Object.keys(task.keys).map((key) => {
        const values = rows.map(({ keys }) => keys[key] ?? []);
        const none = values.filter(({ length }) => length === 0).length;
        return [key, { values: new Set(values.flat()).size, none }];
      }),
    ),
  };
}

/** What rows have in common with others: by key, and by field as the audit compares texts, the rows concerned. */
export interface Shared {
  readonly keys: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, number>>;
}

/** How many rows share a value of each key, and each text in normal form, with any of the others. */
export function sharedWith(others: readonly Row[], rows: readonly Row[], task: Task): Shared {
  const count = (names: readonly string[], valuesOf: (row: Row, name: string) => readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const known = new Set(others.flatMap((row) => valuesOf(row, name)));
        return [name, rows.filter((row) => valuesOf(row, name).some((value) => known.has(value))).length];
      }),
    );
  return {
    keys: count(Object.keys(task.keys), ({ keys }, key) => keys[key] ?? []),
    texts: count(fieldsOf(task), (row, field) => [normalForm(textOf(row, field))].filter(Boolean)),
  };
}

/** Spans with a letter or digit on both sides of where they begin or end. */
function cutIn(rows: readonly Row[], task: Task): RowSummary['answers']['cut'] {
  const [field = ''] = fieldsOf(task);
  const between = /(?<=[\p{L}\p{N}])(?=[\p{L}\p{N}])/uy;
  const inside = (text: string, at: number) => {
    between.lastIndex = at;
    return between.test(text);
  };
  const cut = rows.flatMap((row) => {
    const text = textOf(row, field);
    const spans = Array.isArray(row.gold) ? row.gold : [];
    return spans.flatMap((span) =>
      typeof span === 'object' && (inside(text, span.start) || inside(text, span.end)) ? [row.id] : [],
    );
  });
  return { spans: cut.length, first: cut[0] ?? null };
}

/** What a gold answer names: labels, types of spans; texts, or a number as text. */
const namedIn = (gold: Row['gold']): readonly string[] =>
  Array.isArray(gold) ? gold.map((each) => (typeof each === 'object' ? each.type : each)) : [String(gold)];

const wordCount = (text: string) => text.split(/\s+/).filter(Boolean).length;

function spreadOf(numbers: readonly number[]): Spread | null {
  if (numbers.length === 0) return null;
  const ascending = numbers.toSorted((a, b) => a - b);
  const at = (share: number) => quantile(ascending, share);
  return { lowest: at(0), lowerQuartile: at(0.25), median: at(0.5), upperQuartile: at(0.75), highest: at(1) };
}
