import { basename, extname } from 'node:path';
import { UserError } from '../../project/error.js';
import type { Row } from '../../tasks/row.js';
import type { Cell, Table, TableRow } from '../formats/cells.js';
import { readTable } from '../formats/table.js';
import { readGold } from '../gold.js';
import type { Reader, ReaderRequest } from '../reader.js';
import type { ReleaseBytes } from '../release.js';
import { checkKey, columnOf, tableTexts } from '../table-texts.js';

/**
 * CSV, TSV, JSON Lines or JSON under named columns, as the entry's `columns`, `labels` and `table` say. A row is named by
 * its id, else by its line (of several files by file and line). A key without a column is a hash of the text of the
 * field of its name, where there is one, in normal form: what the audit takes for the same text is then on one side of a
 * split.
 */
export const read: Reader = (request) => {
  const lines = new Map<string, string>();
  return request.files.flatMap((file) => rowsOf(file, request, lines));
};

function rowsOf(
  { path: file, bytes }: ReleaseBytes,
  { dataset, split, files, task, entry }: ReaderRequest,
  lines: Map<string, string>,
): readonly Row[] {
  const { columns, labels: words } = entry;
  if (!columns) throw new UserError(`the entry of ${dataset} in data/datasets.yaml has no columns`);
  const table = readTable(bytes, file, entry.table);
  const gold = typeof columns.gold === 'string' ? columnOf(table, columns.gold) : flags(table, columns.gold);
  const textsOf = tableTexts(table, task, columns, {
    lines,
    stem: files.length > 1 ? `${basename(file, extname(file))}.` : '',
    withoutId: 'Without `columns.id` in data/datasets.yaml, rows are named by their line.',
  });
  return table.rows.map((row) => {
    const { id, texts, keys, first } = textsOf(row);
    const at = { file, line: row.line, field: [columns.gold].flat().join(', ') };
    const answer = gold(row);
    if (typeof columns.gold === 'string') checkKey(table, row, columns.gold, answer, true);
    return {
      id: `${dataset}:${split}:${id}`,
      gold: readGold(task, answer.value, at, { words, text: first, offsets: entry.table?.offsets }),
      keys,
      texts,
    };
  });
}

/** Labels of a set that have a column each, as the list of those whose cell says so. */
function flags(table: Table, names: readonly string[]): (row: TableRow) => Cell {
  const columns = names.map((name) => ({ name, cell: columnOf(table, name) }));
  return (row) => {
    const set = columns.filter(({ name, cell }) => {
      const said = cell(row).text.trim();
      if (/^(?:1(?:\.0)?|true)$/i.test(said)) return true;
      if (/^(?:0(?:\.0)?|false|)$/i.test(said)) return false;
      throw new UserError(`"${said}" is neither 1 nor 0`, {
        at: { file: table.file, line: row.line, field: name },
      });
    });
    return { text: '', value: set.map(({ name }) => name) };
  };
}
