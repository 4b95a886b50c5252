import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBuild } from 'small-claims/datasets/builds';
import { readEpochs } from 'small-claims/pipeline/audit-input/epochs';
import { sha256 } from 'small-claims/project/digest';
import { projectPaths } from 'small-claims/project/paths';
import { BYTES, type Mutation, ofLines, ofText, TEXT } from './mutations.js';
import type { Target } from './targets.js';
import { changedValues } from './values.js';

const lines = (all: readonly string[]) => `${all.join('\n')}\n`;
const row = (line: object) => JSON.stringify(line);

/** A file of a data set of one's own, read as the build of a task. */
function build(
  kind: string,
  file: string,
  task: object,
  entry: object,
  valid: string,
  mutations: readonly Mutation[],
): Target {
  const paths = projectPaths(mkdtempSync(join(tmpdir(), `fuzz-${kind}-`)));
  for (const folder of [paths.data, join(paths.raw, 'mine')]) mkdirSync(folder, { recursive: true });
  writeFileSync(paths.tasksFile, row({ own: { title: 'Own', question: 'what', ...task } }));
  return {
    kind,
    file,
    valid: Buffer.from(valid),
    mutations: [...BYTES, ...TEXT, ...mutations],
    async read(bytes) {
      const own = { title: 'Mine', licence: 'mine', task: 'own', splits: { all: file }, ...entry };
      writeFileSync(
        paths.datasetsFile,
        row({ mine: { ...own, files: { [file]: { sha256: sha256(bytes) } } } }),
      );
      writeFileSync(join(paths.raw, 'mine', file), bytes);
      const rows = await loadBuild('mine/rows/all', { paths });
      // Without the empty line between them, two sentences of tagged tokens are one.
      const counted = kind === 'tagged tokens' ? {} : { rows: rows.length };
      return { meaning: rows.map(({ texts, gold }) => [texts, gold]), ...counted };
    },
  };
}

/** One value of one line changed. */
const ofOneLine = (all: readonly object[]): readonly Mutation[] =>
  changedValues(all[1] ?? {}, (changed) =>
    lines([row(all[0] ?? {}), row(Object(changed)), ...all.slice(2).map(row)]),
  );

const NOTES = [
  'Tea was given at night.',
  'Zinc and tea were given.',
  'No dose of zinc was given.',
  'Sage, 5 mg.',
];
const spans = NOTES.map((text, id) => ({
  id,
  text,
  spans: [{ start: 0, end: 3, type: 'Drug', text: text.slice(0, 3) }],
}));
const sets = NOTES.map((text, id) => ({
  id,
  text,
  topics: id === 2 ? [] : ['sleep', 'pain'].slice(0, 1 + (id % 2)),
}));
const numbers = NOTES.map((text, id) => ({ id, text, score: id + 0.5 }));
const answers = NOTES.map((text, id) => ({ id, text, summary: [`About ${id}.`, text] }));
const entry = (gold: string) => ({ reader: 'table', columns: { id: 'id', gold, fields: { text: 'text' } } });
const fields = { text: {} };
const TAGGED = [
  '-DOCSTART- (d1)',
  '',
  'Tea\tB-Drug',
  'and\tO',
  'zinc\tB-Drug',
  'oxide\tI-Drug',
  '.\tO',
  '',
  'None\tO',
];

const tagged: readonly Mutation[] = [
  ofText('CR LF', 'refused', (text) => text.replaceAll('\n', '\r\n')),
  ofText('spaces for tabs', 'same', (text) => text.replaceAll('\t', ' ')),
  ofLines('a tag of another scheme', 'refused', (all) => all.map((line) => line.replace('I-Drug', 'E-Drug'))),
  ofLines('a tag of another type', 'refused', (all) => all.map((line) => line.replace('I-Drug', 'I-Dose'))),
  ofLines('an unknown type', 'refused', (all) => all.map((line) => line.replace(/Drug/, 'Food'))),
  ofLines('a line without a tag', 'refused', (all) => all.map((line) => line.replace('and\tO', 'and'))),
  ofLines('a tag without a token', 'refused', (all) => all.map((line) => line.replace('and\t', '\t'))),
];

const epochs = ['a', 'b', 'c'].map((id) => ({
  id,
  epochs: [
    { yes: 0.4, no: 0.6 },
    { yes: 0.9, no: 0.1 },
  ],
}));
const folder = mkdtempSync(join(tmpdir(), 'fuzz-epochs-'));

export const BUILDS: readonly Target[] = [
  build(
    'spans',
    'spans.jsonl',
    { shape: 'spans', types: ['Drug'], fields },
    entry('spans'),
    lines(spans.map(row)),
    ofOneLine(spans),
  ),
  build(
    'label sets',
    'sets.jsonl',
    { shape: 'some-of', labels: ['sleep', 'pain'], fields },
    entry('topics'),
    lines(sets.map(row)),
    ofOneLine(sets),
  ),
  build(
    'numbers',
    'numbers.jsonl',
    { shape: 'number', range: [0, 10], fields },
    entry('score'),
    lines(numbers.map(row)),
    ofOneLine(numbers),
  ),
  build(
    'written answers',
    'answers.jsonl',
    { shape: 'text', fields },
    entry('summary'),
    lines(answers.map(row)),
    ofOneLine(answers),
  ),
  build(
    'tagged tokens',
    'tokens.tsv',
    { shape: 'spans', types: ['Drug'], fields },
    { reader: 'iob' },
    lines(TAGGED),
    tagged,
  ),
  {
    kind: 'epochs',
    file: 'epochs.jsonl',
    valid: Buffer.from(lines(epochs.map(row))),
    mutations: [
      ...BYTES,
      ...TEXT,
      ...ofOneLine(epochs),
      ofLines('a row less', 'refused', (all) => all.slice(1)),
      ofLines('a row twice', 'refused', (all) => [...all, all[0] ?? '']),
      ofText('a probability above one', 'refused', (text) => text.replace('0.9', '1.9')),
      ofText('an epoch less in one row', 'refused', (text) => text.replace(',{"yes":0.9,"no":0.1}', '')),
      ofText('probabilities of more than one in all', 'refused', (text) => text.replace('0.1', '0.7')),
      ofText('no probability at all', 'refused', (text) => text.replace('{"yes":0.9,"no":0.1}', '{}')),
      ofText('an unknown label', 'refused', (text) => text.replace('"yes"', '"yesno"')),
    ],
    read(bytes) {
      const path = join(folder, 'epochs.jsonl');
      writeFileSync(path, bytes);
      const read = readEpochs(path, epochs, ['yes', 'no']);
      return { meaning: read.map((each) => [...each]), rows: read.length };
    },
  },
];
