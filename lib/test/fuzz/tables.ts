import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readFileRows } from 'small-claims/pipeline/audit-input/file-rows';
import { BYTES, type Mutation, ofJson, ofLines, ofText, TEXT } from './mutations.js';
import type { Target } from './targets.js';

const folder = mkdtempSync(join(tmpdir(), 'fuzz-tables-'));

const WORDS = ['tea', 'sleep', 'zinc', 'mice', 'salt', 'cough', 'dose', 'fever', 'sage', 'milk'];
const LABELS = ['supports', 'refutes', 'neutral'];
const word = (at: number) => WORDS[at % WORDS.length] ?? '';
/** Made up: thirty rows. */
const ROWS = Array.from({ length: 30 }, (_, row) => ({
  pairID: `r${row}`,
  claim: `${word(row)} lessens ${word(3 * row + 1)} in trial ${row}`,
  evidence: `Of ${row + 20} adults, ${row} had ${word(7 * row + 2)}, and "${word(row)}" was given.`,
  label: LABELS[row % 3] ?? '',
}));
const NAMES = ['pairID', 'claim', 'evidence', 'label'] as const;

const csvCell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const lines = (all: readonly string[]) => Buffer.from(`${all.join('\n')}\n`);
const CSV = lines([NAMES.join(','), ...ROWS.map((row) => NAMES.map((name) => csvCell(row[name])).join(','))]);
const TSV = lines([NAMES.join('\t'), ...ROWS.map((row) => NAMES.map((name) => row[name]).join('\t'))]);
const JSONL = lines(ROWS.map((row) => JSON.stringify(row)));
const JSON_LIST = Buffer.from(JSON.stringify(ROWS));

/** Tables as spreadsheets and programs of many countries write them, and as they break. */
const delimited = (separator: string): readonly Mutation[] => {
  const pad = (rows: number) => Array.from({ length: rows }, () => separator.repeat(NAMES.length - 1));
  return [
    {
      name: 'a byte order mark',
      right: 'same',
      change: (valid) => Buffer.concat([Buffer.from('\ufeff'), valid]),
    },
    ofText('CR LF', 'same', (text) => text.replaceAll('\n', '\r\n')),
    ofText('no last line end', 'same', (text) => text.trimEnd()),
    ofLines('trailing columns', 'same', (all) => all.map((line) => `${line}${separator.repeat(3)}`)),
    ofLines('one cell more in a row', 'refused', (all, random) => {
      const at = 1 + random.below(all.length - 1);
      return all.map((line, index) => (index === at ? `${line}${separator}more` : line));
    }),
    ofLines('one cell less in a row', 'refused', (all, random) => {
      const at = 1 + random.below(all.length - 1);
      return all.map((line, index) => (index === at ? line.slice(0, line.lastIndexOf(separator)) : line));
    }),
    ofLines('rows of separators at the end', 'told', (all) => [...all, ...pad(40)]),
    ofLines('rows of separators in between', 'told', (all) => [
      ...all.slice(0, 5),
      ...pad(2),
      ...all.slice(5),
    ]),
    ofLines('the header again', 'told', (all, random) => {
      const at = 2 + random.below(all.length - 2);
      return [...all.slice(0, at), all[0] ?? '', ...all.slice(at)];
    }),
    ofLines('a column twice', 'refused', (all) =>
      all.map((line) => line.replace(/[^,\t]*$/, (last) => `${last}${separator}${last}`)),
    ),
    ofLines('an unused column twice', 'same', (all) =>
      all.map((line, at) => `${line}${separator}${at ? at : 'note'}${separator}${at ? -at : 'note'}`),
    ),
    ofLines('no header', 'told', (all) => all.slice(1)),
    ofLines('a title above the header', 'refused', (all) => ['Claims of 2024', ...all]),
    ofLines('a foot line', 'refused', (all) => [...all, 'Total: 30']),
    ofLines('a label missing', 'refused', (all, random) => {
      const at = 1 + random.below(all.length - 1);
      return all.map((line, index) => (index === at ? line.replace(/[^,\t]*$/, '') : line));
    }),
    ofLines('a label in other letters', 'told', (all, random) => {
      const at = 1 + random.below(all.length - 1);
      return all.map((line, index) =>
        index === at ? line.replace(/[^,\t]*$/, (label) => label.toUpperCase()) : line,
      );
    }),
    ...[
      'nan',
      'None',
      '-',
      '-1',
      'N/A',
      '#N/A',
      'unknown',
      '?',
      '--',
      'NULL',
      '<NA>',
      'undefined',
      'missing',
      '.',
    ].map((none) =>
      ofLines(`${none} for a label`, 'told', (all, random) => {
        const at = 1 + random.below(all.length - 1);
        return all.map((line, index) => (index === at ? line.replace(/[^,\t]*$/, none) : line));
      }),
    ),
    ofLines('a label with what is not seen', 'told', (all, random) => {
      const at = 1 + random.below(all.length - 1);
      return all.map((line, index) => (index === at ? `${line}\u200b` : line));
    }),
    ofLines('an id twice', 'told', (all) => [...all, (all[4] ?? '').replace(' lessens ', ' raises ')]),
  ];
};

/** What a text column may hold that is no text, and what else JSON can be. */
const objects: readonly Mutation[] = [
  ofJson('lists of cells', 'refused', () =>
    Object.fromEntries(NAMES.map((name) => [name, ROWS.map((row) => row[name])])),
  ),
  ofJson('cells by the number of their row', 'refused', () =>
    Object.fromEntries(
      NAMES.map((name) => [name, Object.fromEntries(ROWS.map((row, at) => [at, row[name]]))]),
    ),
  ),
  ofJson('rows under a key', 'refused', (rows) => ({ version: 1, data: rows })),
  ofJson('rows under two keys', 'refused', (rows) => ({ train: rows, test: rows })),
  ofJson('rows as lists', 'refused', () => [NAMES, ...ROWS.map((row) => NAMES.map((name) => row[name]))]),
  ofJson('split into columns and data', 'refused', () => ({
    columns: NAMES,
    index: ROWS.map((_, at) => at),
    data: ROWS.map((row) => NAMES.map((name) => row[name])),
  })),
  ofJson('an object by id', 'any', () => Object.fromEntries(ROWS.map((row) => [row.pairID, row]))),
  ...(
    [
      ['claims in an object', 'claim', (text: string) => ({ text, lang: 'en' })],
      ['claims in a list of objects', 'claim', (text: string) => [{ text }, { text }]],
      ['numbers for claims', 'claim', (text: string) => text.length],
      ['truth values for claims', 'claim', (text: string) => text.length > 3],
      ['token numbers for claims', 'claim', (text: string) => [text.length, 3, 17]],
      ['labels in a list', 'label', (text: string) => [text]],
      ['labels of several annotators', 'label', (text: string) => [text, 'neutral', text]],
      ['labels in an object', 'label', (text: string) => ({ value: text })],
      ['a label of null', 'label', (text: string) => (text === 'neutral' ? null : text)],
      ['ids beyond what a number can be', 'pairID', (text: string) => 2 ** 60 + Number(text.slice(1))],
    ] as const
  ).map(([name, field, make]) =>
    ofJson(name, 'told', () => ROWS.map((row) => ({ ...row, [field]: make(row[field]) }))),
  ),
  ofText('a deep nest', 'told', (text) =>
    text.replace('"tea lessens', `${'['.repeat(20_000)}1${']'.repeat(20_000)}, "x": "tea`),
  ),
  ofText('NaN for a label', 'refused', (text) => text.replace('"refutes"', 'NaN')),
  ofText('half a surrogate pair', 'any', (text) => text.replace('tea lessens', '\\ud800 lessens')),
  ofText('the key __proto__', 'any', (text) => text.replaceAll('"pairID"', '"__proto__"')),
  ofText('a key twice', 'refused', (text) => text.replace('"claim":', '"label":"supports","claim":')),
];

/** One row a line out of a list, so that all that befalls a list befalls lines too. */
const asLines = ({ name, right, change }: Mutation): Mutation => ({
  name,
  right,
  change(valid, random) {
    const list = Buffer.from(`[${valid.toString('utf8').trim().split('\n').join(',')}]`);
    const changed = change(list, random)?.toString('utf8');
    if (changed === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(changed);
      return lines(Array.isArray(value) ? value.map((row) => JSON.stringify(row)) : [JSON.stringify(value)]);
    } catch {
      return Buffer.from(changed.slice(1, -1).replaceAll('},{', '}\n{'));
    }
  },
});

/** A file of rows, read as the audit reads it. */
function table(kind: string, file: string, valid: Buffer, mutations: readonly Mutation[]): Target {
  return {
    kind,
    file,
    valid,
    mutations: [...BYTES, ...TEXT, ...mutations],
    read(bytes) {
      const path = join(folder, file);
      writeFileSync(path, bytes);
      const { rows, notes } = readFileRows(path);
      return { meaning: rows.map(({ texts, gold }) => [texts, gold]), rows: rows.length, notes };
    },
  };
}

export const TABLES: readonly Target[] = [
  table('csv', 'rows.csv', CSV, delimited(',')),
  table('tsv', 'rows.tsv', TSV, delimited('\t')),
  table('jsonl', 'rows.jsonl', JSONL, objects.map(asLines)),
  table('json', 'rows.json', JSON_LIST, objects),
  table('gz', 'rows.csv.gz', gzipSync(CSV), [
    { name: 'cut short', right: 'refused', change: (valid) => valid.subarray(0, valid.length - 20) },
    {
      name: 'one byte changed',
      right: 'refused',
      change: (valid, random) => {
        const changed = Buffer.from(valid);
        const at = 12 + random.below(valid.length - 12);
        changed[at] = (changed[at] ?? 0) ^ 0x55;
        return changed;
      },
    },
    {
      name: 'something after the end',
      right: 'told',
      change: (valid) => Buffer.concat([valid, Buffer.from('more')]),
    },
    {
      name: 'a second member',
      right: 'any',
      change: (valid) => Buffer.concat([valid, gzipSync('r99,a,b,neutral\n')]),
    },
    { name: 'a bomb', right: 'refused', change: () => gzipSync(Buffer.alloc(300 * 2 ** 20)) },
    ...delimited(',').map(
      (mutation): Mutation => ({
        ...mutation,
        change: (_, random) => {
          const changed = mutation.change(CSV, random);
          return changed && gzipSync(changed);
        },
      }),
    ),
  ]),
];
