import type { Gold, Row } from '../tasks/row.js';
import type { Answer } from '../tasks/shape.js';
import { fieldsOf, namedBy, type Task } from '../tasks/task.js';
import { judged, rightMeans } from './judged.js';

/** A row to be looked at: without texts where they are not at hand, without gold where there is none. */
export interface BrowsedRow extends Pick<Row, 'id' | 'texts'> {
  readonly gold?: Gold;
}

/** What a system answers about a row. */
export interface BrowsedAnswer {
  readonly answer: Answer | null;
  /** In the order of the task's labels. */
  readonly probabilities?: readonly number[];
  /** The probability that all labels' words have together. */
  readonly mass?: number;
  /** The answer as it was written. */
  readonly written?: string;
}

/** A system, and what it answers by the id of a row. */
export interface BrowsedSystem {
  readonly name: string;
  /** Whether it sees a part of the rows alone, so that what it gets right can be had by a shortcut. Default false. */
  readonly isFloor?: boolean;
  readonly answers: ReadonlyMap<string, BrowsedAnswer>;
}

/** Something else that rows can be told apart by, such as what they share with training rows. */
export interface Facet {
  readonly title: string;
  /** By the id of a row; a row may have several. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Rows and all that is to be shown of them. */
export interface Browsed {
  /** What the page is called, and its file: `scifact/rationales/dev`. */
  readonly name: string;
  readonly title: string;
  readonly task: Task;
  readonly rows: readonly BrowsedRow[];
  readonly systems: readonly BrowsedSystem[];
  readonly facets?: readonly Facet[];
  /** What a reader should know, as sentences. */
  readonly notes?: readonly string[];
}

/** What the page's script reads (`lib/browser`): the same, short. */
export interface PageRows {
  readonly name: string;
  readonly title: string;
  readonly shape: Task['shape'];
  readonly labels: readonly string[];
  /** Of a task of numbers. */
  readonly range: readonly [number, number] | null;
  readonly rightMeans: string;
  readonly fields: readonly string[];
  readonly systems: readonly { readonly name: string; readonly isFloor: boolean }[];
  readonly facets: readonly { readonly title: string; readonly values: readonly string[] }[];
  readonly notes: readonly string[];
  readonly rows: readonly PageRow[];
}

export interface PageRow {
  readonly id: string;
  /** In the order of the fields; null where it is not at hand. */
  readonly texts: readonly (string | null)[];
  readonly gold: Gold | null;
  /** By facet: which of its values. */
  readonly facets: readonly (readonly number[])[];
  /** By system; null where it was not asked. */
  readonly answers: readonly (PageAnswer | null)[];
}

export interface PageAnswer {
  readonly answer: Answer | null;
  readonly right: boolean | null;
  readonly score: number | null;
  readonly p?: readonly number[];
  readonly mass?: number;
  readonly written?: string;
}

/** Rows as the page's script reads them, answers judged. */
export function pageRows({ name, title, task, rows, systems, facets = [], notes = [] }: Browsed): PageRows {
  const fields = fieldsOf(task);
  const known = facets.map(({ title: of, values }) => ({
    title: of,
    values: [...new Set([...values.values()].flat())].sort(),
  }));
  return {
    ...{ name, title, fields, notes, facets: known },
    shape: task.shape,
    labels: namedBy(task),
    range: task.shape === 'number' ? task.range : null,
    rightMeans: rightMeans(task),
    systems: systems.map((system) => ({ name: system.name, isFloor: system.isFloor ?? false })),
    rows: rows.map(({ id, texts, gold }) => ({
      id,
      texts: fields.map((field) => texts[field] ?? null),
      gold: gold ?? null,
      facets: facets.map(({ values }, index) =>
        (values.get(id) ?? []).map((value) => known[index]?.values.indexOf(value) ?? 0),
      ),
      answers: systems.map(({ answers }) => pageAnswer(task, gold, answers.get(id))),
    })),
  };
}

function pageAnswer(task: Task, gold: Gold | undefined, given: BrowsedAnswer | undefined): PageAnswer | null {
  if (!given) return null;
  const { answer, probabilities, mass, written } = given;
  const { right, score } = judged(task, gold, answer);
  return {
    ...{ answer, right, score: score === null ? null : rounded(score) },
    ...(probabilities && { p: probabilities.map(rounded) }),
    ...(mass !== undefined && { mass: rounded(mass) }),
    ...(written !== undefined && { written }),
  };
}

/** More digits are not shown. */
const rounded = (share: number) => Math.round(share * 1e4) / 1e4;
