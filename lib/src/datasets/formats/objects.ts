import { UserError } from '../../project/error.js';
import { isObject } from '../../project/json.js';
import { cellText, type Table } from './cells.js';
import { refuseRepeatedKeys } from './repeated-key.js';

/**
 * Parses JSON Lines, or JSON that is a list of objects or an object of objects by id.
 *
 * @param guess whether lines that are called JSON, or a list that is called lines, are read as what they are.
 * @throws UserError naming file and line (in JSON, which object): not JSON, a key given twice (always with its line), or of
 *   another form, with how to mend it.
 */
export function objects(text: string, file: string, told: 'jsonl' | 'json', guess = false): Table {
  const format = guess ? writtenAs(text, told) : told;
  const items = format === 'jsonl' ? parseLines(text, file) : parseWhole(text, file);
  const columns = new Set<string>(items.some(({ key }) => key !== undefined) ? [KEY] : []);
  const values = items.map(({ line, value, key }) => {
    if (!isObject(value))
      throw new UserError('not an object', {
        at: { file, line, ...(key && { field: key }) },
        hint: formHint(items),
      });
    for (const name of Object.keys(value)) columns.add(name);
    return { line, value: key === undefined ? value : { ...value, [KEY]: key } };
  });
  if (isByColumn(values.map(({ value }) => value)))
    throw new UserError('its objects are columns, not rows', {
      at: { file },
      hint: BY_ROW,
    });
  const names = [...columns];
  return {
    file,
    notes:
      format === told ? [] : [`${file}: read as ${format}, as it is written, though it is called ${told}`],
    ...(format !== told && { format }),
    columns: names,
    rows: values.map(({ line, value }) => {
      const own = names.map((name) => (Object.hasOwn(value, name) ? value[name] : undefined));
      return { line, cells: own.map(cellText), values: own };
    }),
  };
}

/** What a text is that is called the one and may be the other. */
export function writtenAs(text: string, told: 'jsonl' | 'json'): 'jsonl' | 'json' {
  if (told === 'jsonl') return /^\s*\[\s*\{/.test(text) ? 'json' : told;
  const [first = ''] = text.split('\n', 1);
  try {
    const value: unknown = JSON.parse(first);
    // A single object of texts and numbers is a row; rows by id, or columns, would be objects or lists.
    const isRow = isObject(value) && Object.values(value).every((each) => typeof each !== 'object');
    return isObject(value) && (isRow || text.slice(first.length).trim() !== '') ? 'jsonl' : told;
  } catch {
    return told;
  }
}

const BY_ROW = "Save a list of rows; in pandas: to_json(FILE, orient='records')";

/** What to do about JSON of another form. */
function formHint(items: readonly Item[]): string {
  if (items.length === 1 && items[0]?.key === undefined && Array.isArray(items[0]?.value))
    return 'If it is one JSON list, say --format json (in data/datasets.yaml under table.format).';
  if (items.some(({ key }) => key === undefined))
    return 'Each row has to be an object: {"NAME": VALUE, ...}.';
  const lists = items.filter(({ value }) => Array.isArray(value));
  const inside = lists.filter(
    ({ value }) => Array.isArray(value) && value.every((each) => typeof each === 'object'),
  );
  if (lists.length > 1 && inside.length === 0) return `Its columns seem to be lists. ${BY_ROW}`;
  if (inside.length > 1)
    return `Rows seem to lie under ${inside
      .slice(0, 8)
      .map(({ key }) => `"${key}"`)
      .join(', ')}: save each such list alone, as a list of objects.`;
  const [rows] = inside;
  return rows
    ? `The rows seem to lie under "${rows.key}": save that list alone.`
    : 'Save a list of objects, one a row.';
}

/** Whether objects hold cells by the number of their row, as pandas writes a table by default. */
function isByColumn(values: readonly object[]): boolean {
  return (
    values.length > 1 &&
    values.every((value) => {
      const numbers = Object.keys(value).filter((name) => name !== KEY);
      return numbers.length > 0 && numbers.every((name, index) => name === `${index}`);
    })
  );
}

interface Item {
  readonly line: number;
  readonly value: unknown;
  readonly key?: string;
}

function parseLines(text: string, file: string): readonly Item[] {
  return text.split(/\r?\n/).flatMap((line, index): Item[] => {
    if (line.trim() === '') return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new UserError(`not JSON, the line may be cut short: ${reason}`, {
        at: { file, line: index + 1 },
        hint:
          nanHint(line) ??
          'JSON Lines holds one object a line. If the file is one JSON value, say --format json.',
        cause,
      });
    }
    refuseRepeatedKeys(line, file, index + 1);
    return [{ line: index + 1, value }];
  });
}

function parseWhole(text: string, file: string): readonly Item[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      at: { file },
      hint: nanHint(text) ?? 'If it holds one object a line, say --format jsonl.',
      cause,
    });
  }
  refuseRepeatedKeys(text, file);
  if (Array.isArray(whole)) return whole.map((value: unknown, index) => ({ line: index + 1, value }));
  if (isObject(whole)) {
    return Object.entries(whole).map(([key, value], index) => ({ line: index + 1, value, key }));
  }
  throw new UserError('neither a list of objects nor an object of objects', { at: { file } });
}

/** Python writes numbers that are none in a way that no other program reads. */
const nanHint = (json: string) =>
  /[[:,]\s?-?(?:NaN|Infinity)\b/.test(json)
    ? 'NaN and Infinity are no JSON: write null, in Python with pandas.to_json or allow_nan=False.'
    : undefined;

/** The column that holds the keys of an object of objects. */
const KEY = '#';
