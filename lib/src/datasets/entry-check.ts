import { UserError } from '../project/error.js';
import { alternatives } from '../project/nearest.js';
import type { Paths } from '../project/paths.js';
import { namedBy, type Task } from '../tasks/task.js';
import { type CatalogueEntry, entryPlace } from './catalogue.js';

/** What is to be done where rows share what their task has no key for. */
export const newKey = (task: string, key: string) =>
  `For a new key, add keys: { ${key}: ${key}Id } to the task ${task} in data/tasks.yaml.`;

/**
 * Holds what an entry says of columns and labels against its task.
 *
 * @throws UserError naming line and field of data/datasets.yaml: a field, key or label that the task has not, with the
 *   nearest; a field left out that may not be empty; labels for answers that have none.
 */
export function checkEntry(dataset: string, entry: CatalogueEntry, task: Task, paths: Paths): void {
  const flaw = (path: readonly string[], message: string, hint?: string) =>
    new UserError(message, { at: entryPlace([dataset, ...path], paths), ...(hint && { hint }) });
  const among = (path: readonly string[], what: string, name: string, known: readonly string[]) => {
    if (known.includes(name)) return;
    const there = alternatives(name, known);
    throw flaw(
      path,
      `the task ${task.name} has no ${what} "${name}"`,
      what === 'key' ? `${there} ${newKey(task.name, name)}` : there,
    );
  };
  const { columns, labels } = entry;
  const answers = namedBy(task);
  for (const [word, label] of Object.entries(labels ?? {})) among(['labels', word], 'label', label, answers);
  if (!columns) {
    if (entry.reader === 'table')
      throw flaw(
        [],
        'columns: missing',
        'A table needs at least columns: { gold: COLUMN, fields: { FIELD: COLUMN } }.',
      );
    return;
  }
  const fields = Object.entries(task.fields);
  for (const field of Object.keys(columns.fields))
    among(['columns', 'fields', field], 'field', field, Object.keys(task.fields));
  for (const key of Object.keys(columns.keys))
    among(['columns', 'keys', key], 'key', key, Object.keys(task.keys));
  const without = fields.find(([field, { optional }]) => !optional && !(field in columns.fields));
  if (without)
    throw flaw(['columns', 'fields'], `no column for the field ${without[0]} of the task ${task.name}`);
  if (Array.isArray(columns.gold)) {
    if (task.shape !== 'some-of')
      throw flaw(
        ['columns', 'gold'],
        'several columns make a set of labels, and the task has none',
        `Its answers are ${task.shape}.`,
      );
    for (const column of columns.gold)
      among(['columns', 'gold'], 'label', labels?.[column] ?? column, answers);
  }
}
