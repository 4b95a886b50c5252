import { UserError } from '../project/error.js';
import type { Row } from '../tasks/row.js';
import { shapeOf } from '../tasks/shape-of.js';
import type { Task } from '../tasks/task.js';

/**
 * Holds what a reader has made to its task.
 *
 * @param prefix what every id begins with: `DATASET:SPLIT:`.
 * @throws UserError naming row and field: an id with another beginning, or given twice; a field or key that the task has
 *   not, a field that is empty and may not be, several values of a key of which a row has one; gold that is no answer of
 *   the task, or not of the row's text.
 */
export function checkRows(rows: readonly Row[], task: Task, prefix: string): void {
  const shape = shapeOf(task);
  const ids = new Set<string>();
  for (const row of rows) {
    const flaw = (field: string, message: string, cause?: unknown) =>
      new UserError(`${message}, in row ${row.id}`, { at: { field }, cause });
    if (!row.id.startsWith(prefix)) throw flaw('id', `does not begin with ${prefix}`);
    if (ids.has(row.id)) throw flaw('id', 'given twice');
    ids.add(row.id);
    for (const [kind, given, known] of [
      ['texts', row.texts, task.fields],
      ['keys', row.keys, task.keys],
    ] as const) {
      const other = Object.keys(given).find((name) => !Object.hasOwn(known, name));
      if (other !== undefined)
        throw flaw(
          `${kind}.${other}`,
          `not of the task ${task.name}, which has ${Object.keys(known).join(', ') || 'none'}`,
        );
    }
    for (const [field, { optional }] of Object.entries(task.fields))
      if (!optional && !row.texts[field]?.trim()) throw flaw(`texts.${field}`, 'empty, and may not be');
    for (const [key, stored] of Object.entries(task.keys)) {
      const values = row.keys[key] ?? [];
      if (values.length > 1 && !stored.endsWith('Ids'))
        throw flaw(
          `keys.${key}`,
          `${values.length} values (${values.join(', ')}); ${stored} of data/tasks.yaml is one, ${stored}s would be several`,
        );
    }
    try {
      shape.write(row, { answers: {}, none: 'none' });
      shape.gold(row.gold);
    } catch (cause) {
      throw flaw('gold', cause instanceof Error ? cause.message : String(cause), cause);
    }
  }
}
