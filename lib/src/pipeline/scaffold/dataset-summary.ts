import type { Row } from '../../tasks/row.js';
import type { Task } from '../../tasks/task.js';
import type { DatasetDraft } from './dataset-draft.js';

/** `claim from "statement", evidence from "abstract", answers (one-of) from "verdict", rows named by "id"`: what was chosen. */
export function columnsText({ columns, task }: Pick<DatasetDraft, 'columns' | 'task'>): string {
  const from = ([name, column]: readonly [string, string]) => `${name} from "${column}"`;
  return [
    ...Object.entries(columns.fields).map(from),
    from([`answers (${task.shape})`, columns.gold]),
    ...Object.entries(columns.keys).map(([key, column]) => from([`key ${key}`, column])),
    columns.id === undefined ? 'rows named by their line' : `rows named by "${columns.id}"`,
  ].join(', ');
}

/** How many rows a split has, and how often each answer that has a name. */
export function answersText(split: string, rows: readonly Row[], { shape }: Pick<Task, 'shape'>): string {
  const counts = new Map<string, number>();
  const count = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { gold } of rows) {
    const named = Array.isArray(gold)
      ? gold.map((each) => (typeof each === 'object' ? each.type : each))
      : [gold];
    for (const each of named.length > 0 ? named : ['none']) count(String(each));
  }
  const shown = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, times]) => `${name} ${times.toLocaleString('en')}`);
  const counted = shape === 'number' || shape === 'text' ? '' : ` (${shown.join(', ')})`;
  return `${split}: ${rows.length.toLocaleString('en')} rows${counted}`;
}
