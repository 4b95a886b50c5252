import { UserError } from '../project/error.js';
import type { RowFacts } from '../tasks/row.js';
import { labelsOf, type Task } from '../tasks/task.js';
import type { Answers } from './measure.js';

/** How often each label was answered where each was right. */
export interface Confusion {
  readonly labels: readonly string[];
  /** Rows by their gold, then by what was answered, both in the order of `labels`; the last of a line is rows without an answer. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * The confusion matrix of a system's answers to the rows of a task of one label each.
 *
 * @throws UserError for rows and answers that differ in number, and for a gold or answer that is none of the labels.
 *
 * @example
 * const rows = ['yes', 'yes', 'no'].map((gold, id) => ({ id: `${id}`, gold, keys: {} }));
 * const task = findTask('biomedical-question-answering');
 * confusion(task, rows, ['yes', null, 'yes']).counts; // -> [[1, 0, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]]
 */
export function confusion(task: Task, rows: readonly RowFacts[], answers: Answers): Confusion {
  if (rows.length !== answers.length)
    throw new UserError(`${rows.length} rows but ${answers.length} answers`);
  const labels = labelsOf(task);
  const counts = labels.map(() => Array.from({ length: labels.length + 1 }, () => 0));
  const indexOf = (label: unknown, id: string) => {
    const index = typeof label === 'string' ? labels.indexOf(label) : -1;
    if (index >= 0) return index;
    throw new UserError(`row ${id}: ${JSON.stringify(label)} is none of ${labels.join(', ')}`);
  };
  for (const [index, { id, gold }] of rows.entries()) {
    const answer = answers[index] ?? null;
    const line = counts[indexOf(gold, id)];
    const column = answer === null ? labels.length : indexOf(answer, id);
    if (line) line[column] = (line[column] ?? 0) + 1;
  }
  return { labels, counts };
}
