import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { findAdapter } from 'small-claims/models/adapters';
import { readGguf } from 'small-claims/models/gguf/file';
import { assertModel } from 'small-claims/models/gguf/usable';
import { readPrices } from 'small-claims/models/prices';
import { notebookPage } from 'small-claims/paper/notebook-page';
import { executedText, readNotebook } from 'small-claims/pipeline/notebook/notebook';
import { sha256 } from 'small-claims/project/digest';
import { UserError } from 'small-claims/project/error';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { type RecordHeader, recordKey } from 'small-claims/records/header';
import { readMaking } from 'small-claims/records/making';
import { openRecords } from 'small-claims/records/store';
import { readQuoted } from 'small-claims/reporting/quoted';
import { parse } from 'yaml';
import { ggufBytes } from '../models/gguf/draft.js';
import { tinyModel } from '../models/gguf/tiny-model.js';
import { YAML } from './entries.js';
import { BYTES, type Mutation, TEXT } from './mutations.js';
import type { Reading, Target } from './targets.js';
import { changedValues } from './values.js';

const root = mkdtempSync(join(tmpdir(), 'fuzz-made-'));
/** A project in a temporary folder, with what is made in projects: records, adapters, notebooks, models. */
const paths: Paths = { ...projectPaths(root), modelCache: join(root, 'models') };

/** A file that is put in its place, read, and put back. */
function file(
  kind: string,
  path: string,
  valid: Buffer,
  mutations: readonly Mutation[],
  read: () => Reading,
): Target {
  const putBack = () => writeFileSync(path, valid);
  mkdirSync(dirname(path), { recursive: true });
  putBack();
  return target(kind, path, valid, mutations, read, putBack);
}

/** A file that is written, read, and afterwards made again what it has to be for the others. */
const target = (
  kind: string,
  path: string,
  valid: Buffer,
  mutations: readonly Mutation[],
  read: (bytes: Buffer) => Reading,
  restore: () => void,
): Target => ({
  kind,
  file: basename(path),
  valid,
  mutations,
  read(bytes) {
    writeFileSync(path, bytes);
    try {
      return read(bytes);
    } finally {
      restore();
    }
  },
});

/** The same of a file of YAML of this project. */
function yaml(kind: string, path: string, valid: string, read: () => unknown): Target {
  // A difference between two systems may be negative.
  const values = changedValues(parse(valid)).map(
    (each): Mutation => ({
      ...each,
      right: kind === 'quoted' && each.name.startsWith('a negative') ? 'any' : each.right,
    }),
  );
  const mutations = [...BYTES, ...TEXT, ...YAML, ...values];
  return file(kind, path, Buffer.from(valid), mutations, () => ({ meaning: JSON.stringify(read()) }));
}

const here = projectPaths();
const [id = ''] = readdirSync(here.adapters).sort();
const manifest = readFileSync(join(here.adapters, id, 'adapter.yaml'), 'utf8');
const QUOTED = readFileSync(here.quotedFile, 'utf8').replaceAll(/^#.*\n/gm, '');
const PRICES = readFileSync(here.pricesFile, 'utf8').replaceAll(/^#.*\n/gm, '');

const HEADER: RecordHeader = { kind: 'run', model: { id: 'tiny' } };
const rows = Array.from({ length: 12 }, (_, row) => ({
  id: `row-${row}`,
  logprobs: [-0.510826, -1.386294, -1.89712],
  mass: 0.9,
  promptTokens: 20 + row,
}));
const STEM = join(paths.records, 'runs', `tiny.${recordKey(HEADER).slice(0, 12)}`);
const MAKING = {
  madeAt: '2026-01-01T00:00:00.000Z',
  machine: { cpu: 'a processor', cores: 2, memoryGiB: 4, system: 'linux x64', node: 'v22.12.0' },
  milliseconds: rows.map(() => 1.5),
};
const record = gzipSync([JSON.stringify(HEADER), ...rows.map((row) => JSON.stringify(row)), ''].join('\n'));
const making = Buffer.from(JSON.stringify(MAKING));
mkdirSync(dirname(STEM), { recursive: true });
writeFileSync(`${STEM}.making.json`, making);

function readRecord(): Reading {
  const found = openRecords(paths).find(HEADER, 'runs/tiny');
  if (!found) throw new Error('the record is not found');
  return { meaning: found.rows, rows: found.rows.length };
}

/** A mutation of what a compressed file holds. */
const unzipped = ({ name, right, change }: Mutation): Mutation => ({
  name: `${name}, inside`,
  right,
  change(valid, random) {
    const changed = change(gunzipSync(valid), random);
    return changed && gzipSync(changed);
  },
});

/** Whatever is done to a file that is sealed. */
const refused = (mutations: readonly Mutation[]): readonly Mutation[] =>
  mutations.map((mutation) => ({ ...mutation, right: 'refused' }));

const row = (name: string, from: string, to: string): Mutation => ({
  name,
  right: 'refused',
  change: (valid) => Buffer.from(valid.toString().replace(from, to)),
});

/** What a row of a record may be made by hand. */
const ROWS: readonly Mutation[] = [
  row('a positive log-probability', '-0.510826', '0.510826'),
  row('log-probabilities of nothing', '-1.89712', '-9.89712'),
  row('a mass of 7', '"mass":0.9', '"mass":7'),
  row('a mass of null', '"mass":0.9', '"mass":null'),
  row('a text for a number', '"promptTokens":20', '"promptTokens":"20"'),
  row('an id twice', '"row-3"', '"row-4"'),
  row('an id that is a number', '"row-3"', '3'),
  row('a label less', ',-1.89712', ''),
  row('no log-probabilities', '"logprobs"', '"logprob"'),
  row('a number beyond all', '-1.386294', '-1e999'),
  row('another header', '"tiny"', '"teeny"'),
  row('a row less', `${JSON.stringify(rows[5])}\n`, ''),
  row('an empty line', '\n{"id":"row-2"', '\n\n{"id":"row-2"'),
];

const cutShort: Mutation = {
  name: 'cut short',
  right: 'refused',
  change: (valid, random) => valid.subarray(0, random.below(valid.length)),
};
const oneByte: Mutation = {
  name: 'one byte changed',
  right: 'any',
  change(valid, random) {
    const bytes = Buffer.from(valid);
    bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
};
const several = (mutation: Mutation, times: number): readonly Mutation[] =>
  Array.from({ length: times }, (_, time) => ({ ...mutation, name: `${mutation.name} (${time + 1})` }));

const model = ggufBytes(tinyModel());
const modelFile = join(paths.modelCache, 'tiny.gguf');
const header = readGgufSize();

function readGgufSize(): number {
  mkdirSync(dirname(modelFile), { recursive: true });
  writeFileSync(modelFile, model);
  return readGguf(modelFile).dataBegin;
}

/** A mutation of a GGUF file's header alone: weights may be any. */
const ofHeader = ({ name, right, change }: Mutation): Mutation => ({
  name,
  right,
  change(valid, random) {
    const changed = change(valid.subarray(0, header), random);
    return changed && Buffer.concat([changed, valid.subarray(header)]);
  },
});

const NOTEBOOK = {
  cells: [
    { cell_type: 'markdown', id: 'a', metadata: {}, source: ['# A title\n', 'and *prose*'] },
    {
      cell_type: 'code',
      id: 'b',
      metadata: { tags: ['hide-input'] },
      source: 'console.log(1);',
      execution_count: null,
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['one\n', 'two\rTWO\n'] },
        { output_type: 'display_data', data: { 'text/html': '<b>x</b>', 'text/plain': 'x' }, metadata: {} },
        { output_type: 'error', ename: 'Error', evalue: 'x', traceback: ['Error: x', '  at y'] },
      ],
    },
  ],
  metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } },
  nbformat: 4,
};
const notebookFile = join(paths.notebooks, 'trial.ipynb');

function readTrial(): Reading {
  const notebook = readNotebook(notebookFile);
  const text = executedText(notebook, new Map());
  notebookPage('trial', text, notebookFile);
  return { meaning: text };
}

const sums = join(paths.records, 'SHA256SUMS');
const seals = Buffer.from(
  [
    `${sha256(record)}  runs/${basename(STEM)}.jsonl.gz\n`,
    `${sha256(making)}  runs/${basename(STEM)}.making.json\n`,
  ].join(''),
);

/** Reads the record with its seals; what a seal says of a file that is not there concerns nobody. */
function readSealed(): Reading {
  const read = readRecord();
  return { ...read, meaning: 'sealed, or not sealed yet' };
}

export const MADE: readonly Target[] = [
  yaml('adapter', join(paths.adapters, id, 'adapter.yaml'), manifest, () => findAdapter(id, paths)),
  yaml('quoted', paths.quotedFile, QUOTED, () => readQuoted(paths).figures),
  yaml('prices', paths.pricesFile, PRICES, () => {
    const { tokens, hours } = readPrices(paths);
    return { tokens, hours };
  }),
  file(
    'record',
    `${STEM}.jsonl.gz`,
    record,
    [cutShort, ...several(oneByte, 8), ...[...ROWS, ...BYTES, ...TEXT].map(unzipped)],
    readRecord,
  ),
  file(
    'making',
    `${STEM}.making.json`,
    making,
    [...BYTES, ...TEXT, ...changedValues(MAKING, JSON.stringify)],
    () => ({ meaning: JSON.stringify(readMaking(`${STEM}.making.json`).making) }),
  ),
  target('seals', sums, seals, [cutShort, ...BYTES, ...TEXT], readSealed, unseal),
  sealedRecord(),
  file(
    'gguf',
    modelFile,
    model,
    [
      ...[cutShort, ...several(oneByte, 60)].map(ofHeader),
      cutShort,
      ...BYTES.filter(({ name }) => !/byte that is|NUL/.test(name)),
    ],
    () => {
      const read = readGguf(modelFile);
      assertModel(read);
      return {
        meaning: JSON.stringify([
          [...read.fields.values()].map(({ key, value }) => [key, value]),
          read.tensors,
        ]),
      };
    },
  ),
  file(
    'notebook',
    notebookFile,
    Buffer.from(JSON.stringify(NOTEBOOK, null, 1)),
    [...BYTES, ...TEXT, ...changedValues(NOTEBOOK, (changed) => JSON.stringify(changed, null, 1))],
    readTrial,
  ),
];

/** Without seals, records are read as they are. */
function unseal(): void {
  writeFileSync(sums, '');
}

function sealedRecord(): Target {
  const path = `${STEM}.jsonl.gz`;
  const mutations = refused([cutShort, ...several(oneByte, 8), ...[...ROWS, ...TEXT].map(unzipped)]);
  const read = (bytes: Buffer): Reading => {
    writeFileSync(sums, seals);
    try {
      const found = readRecord();
      if (!bytes.equals(record)) throw new Error(`${path} was changed, and is read`);
      return found;
    } catch (error) {
      // Inside the same: what is compressed otherwise is refused too.
      if (error instanceof UserError && bytes.equals(record)) throw new Error(String(error));
      throw error;
    }
  };
  return target('sealed-record', path, record, mutations, read, () => {
    writeFileSync(path, record);
    unseal();
  });
}
