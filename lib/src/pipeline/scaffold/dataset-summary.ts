import { rowsText } from '../../audit/wording.js';
import type { Row } from '../../tasks/row.js';
import type { Task } from '../../tasks/task.js';
import { summaryOf } from '../row-summary/summary.js';
import { cutText } from '../row-summary/summary-text.js';
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
export function answersText(split: string, rows: readonly Row[], task: Task): string {
  const { counts, none, cut } = summaryOf(rows, task).answers;
  const named = Object.entries(counts)
    .filter(([, times]) => times > 0)
    .map(([name, times]) => `${name} ${times.toLocaleString('en')}`);
  const parts = [
    named.join(', '),
    none > 0 && `none in ${rowsText(none)}`,
    cut.spans > 0 && cutText(cut),
  ].filter(Boolean);
  const counted = parts.length > 0 ? ` (${parts.join('; ')})` : '';
  return `${split}: ${rows.length.toLocaleString('en')} rows${counted}`;
}
