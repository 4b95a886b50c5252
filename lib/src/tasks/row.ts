import { UserError } from '../project/error.js';

/** A stretch of a text: characters (UTF-16 code units) from `start` to before `end`, of a type such as `Disease`. */
export interface Span {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What is right for a row, by the shape of its task: a label (`one-of`), a set of labels (`some-of`), a number
 * (`number`), spans of its text (`spans`), or texts any of which would do (`text`).
 */
export type Gold = string | number | readonly string[] | readonly Span[];

/** What a row is without its text: facts that may be kept and published. */
export interface RowFacts<G extends Gold = Gold> {
  /** Unique within the build, stable across machines, e.g. `scifact:dev:13:13734012:0`. */
  readonly id: string;
  readonly gold: G;
  /**
   * What rows may share, by the task's names for it: claims, documents, patients. A row may have several values of a
   * key, or none. They decide which rows are linked: groups of a split, leaks, clusters of an interval.
   */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** What else a reader knows of the row and no task asks for, such as which sentences its evidence is. */
  readonly details?: Readonly<Record<string, readonly number[]>>;
}

/** A row to be scored or trained on. */
export interface Row<G extends Gold = Gold> extends RowFacts<G> {
  /** By the task's fields; the empty string where a field has none. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Rows whose gold is a label. @throws UserError naming the first whose gold is none. */
export function labelled<R extends RowFacts>(rows: readonly R[]): readonly (R & { readonly gold: string })[] {
  const is = (row: R): row is R & { readonly gold: string } => typeof row.gold === 'string';
  const other = rows.find((row) => !is(row));
  if (other) throw new UserError(`row ${other.id} has no label: ${JSON.stringify(other.gold)}`);
  return rows.filter(is);
}

/** A row's text of a field; empty where it has none. */
export const textOf = ({ texts }: Pick<Row, 'texts'>, field: string): string => texts[field] ?? '';
