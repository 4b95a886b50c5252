import { basename } from 'node:path';
import type { AuditResult } from '../../audit/result.js';
import { showAudit } from '../../audit-report/show.js';
import { isObject, type JsonObject } from '../../project/json.js';
import { show } from '../../reporting/display.js';
import { isChart, showFigure } from '../../reporting/figure.js';
import { showTable, type TableContent } from '../../reporting/table.js';
import {
  confusionTable,
  differencesTable,
  estimatesTable,
  isConfusion,
  isDifference,
  isEstimates,
  isRecord,
  recordRows,
} from './known-values.js';
import { fieldsTable, isPlain, rowsTable } from './rows-table.js';

/**
 * Shows the last value of a cell as what it is: a chart, a table of rows, of scores or of fields, an audit.
 *
 * @returns whether it is something that has such a form; else it is to be printed as Node prints it.
 */
export async function showLastValue(value: unknown): Promise<boolean> {
  if (value instanceof Promise) {
    show(plain('A promise, not what it will give: write `await` before it.'));
    return true;
  }
  if (!isObject(value) && !Array.isArray(value)) return false;
  const audit = auditIn(value);
  if (audit) showAudit(audit);
  else if (isPlain(value) && isChart(value)) await showFigure(value);
  else {
    const table = await tableOf(value);
    if (!table) return false;
    showTable(table);
  }
  return true;
}

const plain = (text: string) => ({ html: `<p>${text}</p>`, text });

async function tableOf(value: JsonObject | readonly unknown[]): Promise<TableContent | undefined> {
  if (Array.isArray(value)) {
    if (value.length === 0) return undefined;
    if (value.every(isDifference)) return differencesTable(value);
    return value.every(isPlain) ? rowsTable(value) : undefined;
  }
  if (isRecord(value)) {
    const table = rowsTable(await recordRows(value));
    return { ...table, caption: `${basename(value.path)} (${value.origin}): ${table.caption}` };
  }
  if (isEstimates(value)) return estimatesTable(value);
  if (isConfusion(value)) return confusionTable(value);
  if (isDifference(value)) return differencesTable([value]);
  if (isFrame(value)) return rowsTable(rowsOf(value));
  if (!isPlain(value) || Object.keys(value).length === 0) return undefined;
  return fieldsTable(value, 'texts' in value && 'gold' in value ? `Row ${String(value['id'])}` : 'Fields');
}

/** A frame of danfojs, which is not loaded to see whether it is one. */
interface Frame {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
}

const isFrame = (value: unknown): value is Frame =>
  isObject(value) &&
  value.constructor?.name === 'DataFrame' &&
  Array.isArray(value['columns']) &&
  Array.isArray(value['values']);

const rowsOf = ({ columns, values }: Frame): readonly JsonObject[] =>
  values.map((row) => {
    const cells: readonly unknown[] = Array.isArray(row) ? row : [row];
    return Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
  });

/** The result of an audit: the value itself, or what `audit` and `buildAudit` give. */
function auditIn(value: unknown): AuditResult | undefined {
  if (isAudit(value)) return value;
  return isObject(value) && isAudit(value['result']) ? value['result'] : undefined;
}

const isAudit = (value: unknown): value is AuditResult =>
  isObject(value) &&
  typeof value['headline'] === 'string' &&
  Array.isArray(value['checks']) &&
  'partialInputs' in value;
