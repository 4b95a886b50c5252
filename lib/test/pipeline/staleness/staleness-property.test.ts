import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { bringUpToDate, type ExecutionOptions } from 'small-claims/pipeline/execution/execution';
import type { RunDisplay } from 'small-claims/pipeline/execution/run-display';
import { type CellResult, executedText } from 'small-claims/pipeline/notebook/notebook';
import { sha256 } from 'small-claims/project/digest';
import { entryHash } from 'small-claims/project/entries';
import { filesUnder } from 'small-claims/project/folder';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { randomStream } from 'small-claims/project/random';
import { parse } from 'yaml';
import { markdown, scratchProject, writeNotebook } from '../scratch-project.js';

/** Every place of the scratch project that an edit can change, each holding the number of its last edit. */
type Place = keyof typeof PLACES;

/** By place, the notebooks that have to run when it changes: the truth that staleness is held against. */
const PLACES = {
  'code cell of first': ['first'],
  'code cell of second': ['second'],
  'code cell of third': ['third'],
  'prose of first': [],
  'prose of third': [],
  'comment in a code cell of second': [],
  'lib function of first alone': ['first'],
  'lib function of second alone': ['second'],
  'lib function of first and second': ['first', 'second'],
  'lib function of none': [],
  'lib function loaded while it runs, of third': ['third'],
  'file of a folder loaded by a name made up while it runs, of third': ['third'],
  'method of a class of second': ['second'],
  'constant of third': ['third'],
  'what a module does when it is loaded': ['first', 'second', 'third'],
  'comment in the lib': [],
  'layout in the lib': [],
  'record of first': ['first'],
  'record of second and third': ['second', 'third'],
  'record of none': [],
  'study key of second': ['second'],
  'study key of first and third': ['first', 'third'],
  'study key of none': [],
  'comment in the study': [],
  'version of a package of second': ['second'],
  'version of a package below one of second': ['second'],
  'version of a package of none': [],
} as const;

const isPlace = (text: string): text is Place => Object.hasOwn(PLACES, text);
const NOTEBOOKS = ['first', 'second', 'third'];

/** Writes the whole project as it is with these numbers. */
function write(paths: Paths, lib: string, at: (place: Place) => number): void {
  const file = (path: string, text: string) => writeFileSync(join(paths.root, path), text);
  mkdirSync(join(paths.records), { recursive: true });
  mkdirSync(paths.studies, { recursive: true });
  mkdirSync(lib, { recursive: true });
  const module = (name: string, text: string) => writeFileSync(join(lib, `${name}.js`), text);

  module(
    'index',
    "export * from './one.js';\nexport { two, Two } from './two.js';\nexport * from './three.js';\n",
  );
  module(
    'one',
    `import { shared } from './shared.js';
export function one(x) { return helper(x) + shared(x); }
// A comment: ${at('comment in the lib')}
function helper(x) {${'\n'.repeat(1 + (at('layout in the lib') % 7))}return x + ${at('lib function of first alone')}; /* ${at('comment in the lib')} */ }
export function unused(x) { return x * ${at('lib function of none')}; }
`,
  );
  module(
    'two',
    `import { parse } from 'yaml';
import * as everything from './shared.js';
export const two = (x) => everything.shared(x) + parse('1') + ${at('lib function of second alone')};
export class Two { static of(x) { return x + ${at('method of a class of second')}; } }
`,
  );
  module(
    'three',
    `const { OFFSET } = { OFFSET: ${at('constant of third')} };
globalThis.loaded = ${at('what a module does when it is loaded')};
export async function three(x) { const { late } = await import('./late.js'); return late(x) + (await picked('add')) + OFFSET + globalThis.loaded; }
const picked = async (name) => (await import(\`./choice/\${name}.js\`)).value;
`,
  );
  module(
    'late',
    `export function late(x) { return x - ${at('lib function loaded while it runs, of third')}; }\n`,
  );
  mkdirSync(join(lib, 'choice'), { recursive: true });
  module(
    'choice/add',
    `export const value = ${at('file of a folder loaded by a name made up while it runs, of third')};\n`,
  );
  module('shared', `export function shared(x) { return x + ${at('lib function of first and second')}; }\n`);

  writeNotebook(paths, 'first', [
    markdown(`# First ${at('prose of first')}`),
    "import { one } from 'small-claims';",
    `publish('first', one(${at('code cell of first')}) + read('record-a') + entry('both'));`,
  ]);
  writeNotebook(paths, 'second', [
    "import { two as renamed, Two } from 'small-claims';\nimport type { Unused } from 'small-claims';",
    `publish('second', renamed(${at('code cell of second')}) + Two.of(1)); // ${at('comment in a code cell of second')}`,
    "publish('inputs', read('record-b') + entry('second'));",
  ]);
  writeNotebook(paths, 'third', [
    "import * as lib from 'small-claims/three';",
    markdown(`About ${at('prose of third')}`),
    `publish('third', (await lib.three(${at('code cell of third')})) + read('record-b') + entry('both'));`,
  ]);
  file('data/records/record-a', `${at('record of first')}`);
  file('data/records/record-b', `${at('record of second and third')}`);
  file('data/records/record-c', `${at('record of none')}`);
  file(
    'data/studies/small.yaml',
    `# ${at('comment in the study')}
both: ${at('study key of first and third')}
second: { size: ${at('study key of second')} }
unread: ${at('study key of none')}
`,
  );
  const packages = {
    'node_modules/tslab': { version: '1.0.0' },
    'node_modules/yaml': {
      version: `1.0.${at('version of a package of second')}`,
      dependencies: { below: '*' },
    },
    'node_modules/below': { version: `1.0.${at('version of a package below one of second')}` },
    'node_modules/other': { version: `1.0.${at('version of a package of none')}` },
  };
  file('package-lock.json', JSON.stringify({ packages }));
}

/** Stands for a kernel: runs the cells as JavaScript, against the lib as it is now. */
function runAgainst(lib: string, states: string): NonNullable<ExecutionOptions['run']> {
  return async (notebook, { root }, { staging }) => {
    // Node keeps a module it has loaded: each run gets a lib of its own.
    const copy = mkdtempSync(join(states, 'lib-'));
    cpSync(lib, copy, { recursive: true });
    const note = (path: string, hash: string) =>
      appendFileSync(join(staging, 'inputs.jsonl'), `${JSON.stringify({ path, sha256: hash })}\n`);
    const results = new Map<number, CellResult>();
    const scope: Record<string, unknown> = {
      read(name: string) {
        const path = `data/records/${name}`;
        const text = readFileSync(join(root, path), 'utf8');
        note(path, sha256(text));
        return Number(text);
      },
      entry(key: string) {
        const text = readFileSync(join(root, 'data/studies/small.yaml'), 'utf8');
        note(`data/studies/small.yaml#${key}`, entryHash(text, key));
        return JSON.stringify(parse(text)[key]);
      },
    };
    for (const { source, number } of notebook.cells) {
      if (number === undefined) continue;
      const outputs: { output_type: string; name: string; text: string }[] = [];
      const publish = (id: string, value: unknown) => {
        writeFileSync(join(staging, `${id}.json`), JSON.stringify(value));
        outputs.push({ output_type: 'stream', name: 'stdout', text: `${value}\n` });
      };
      for (const [, names = '', file = ''] of source.matchAll(
        /import ([^t].*) from 'small-claims\/?(\w*)'/g,
      )) {
        const module = await import(pathToFileURL(join(copy, `${file || 'index'}.js`)).href);
        if (names.startsWith('*')) scope[names.slice('* as '.length)] = module;
        else {
          for (const name of names
            .replace(/[{} ]|\bas\b/g, (text) => (text === 'as' ? ':' : ''))
            .split(',')) {
            const [imported = '', local = imported] = name.split(':');
            scope[local] = module[imported];
          }
        }
      }
      const code = source.replace(/^import .*$/gm, '');
      const body = `return (async () => {\n${code}\n})();`;
      await new Function(...Object.keys(scope), 'publish', body)(...Object.values(scope), publish);
      results.set(number, { executionCount: number, outputs });
    }
    return { cells: results.size, published: [], executed: executedText(notebook, results) };
  };
}

/** Brings all notebooks up to date. @returns those that ran, in order, and every output. */
async function update(paths: Paths, lib: string, states: string) {
  const ran: string[] = [];
  const display: RunDisplay = {
    started(name) {
      ran.push(name);
      return { onCell() {}, onProgress() {}, onStderr() {} };
    },
    ended() {},
    upToDate() {},
    failed() {},
    note() {},
  };
  const settings = { paths, lib, study: 'small', force: false, jobs: 3, timeoutSeconds: 60, display };
  const failures = await bringUpToDate(NOTEBOOKS, { ...settings, run: runAgainst(lib, states) });
  assert.deepEqual([...failures.values()], []);
  const outputs = [paths.published, paths.executed].flatMap((folder) =>
    filesUnder(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
  return { ran: ran.sort(), outputs: Object.fromEntries(outputs) };
}

test('after each of 100 random edits, exactly the notebooks that read what changed run, and the outputs are those of a build from nothing', async (t) => {
  const paths = scratchProject(t);
  const lib = join(paths.root, 'compiled');
  const states = join(paths.root, 'states');
  mkdirSync(states);
  writeFileSync(join(states, 'package.json'), JSON.stringify({ type: 'module' }));
  const places = Object.keys(PLACES).filter(isPlace);
  let numbers = new Map<Place, number>();
  let before = numbers;
  const writeNow = () => write(paths, lib, (place) => numbers.get(place) ?? 0);
  writeNow();
  assert.deepEqual((await update(paths, lib, states)).ran, NOTEBOOKS);

  const random = randomStream('edits of a scratch project', 1);
  // Each place once, in random order, and then at random; every fifth edit takes the last one back.
  const order = random.shuffle(places);
  const nextPlace = () => order.pop() ?? places[random.below(places.length)];
  for (let step = 1; step <= 100; step++) {
    const place = step % 5 === 0 ? undefined : nextPlace();
    const now: Map<Place, number> = place ? new Map(numbers).set(place, step) : before;
    before = numbers;
    numbers = now;
    writeNow();
    const what = `edit ${step}: ${place ?? 'the last one taken back'}`;
    const { ran, outputs } = await update(paths, lib, states);
    assert.deepEqual(ran, place ? PLACES[place] : [], what);
    assert.deepEqual((await update(paths, lib, states)).ran, [], `${what}, again`);

    const fresh = projectPaths(join(paths.root, 'fresh'));
    rmSync(fresh.root, { recursive: true, force: true });
    for (const part of ['data', 'notebooks', 'package-lock.json'])
      cpSync(join(paths.root, part), join(fresh.root, part), { recursive: true });
    assert.deepEqual(outputs, (await update(fresh, lib, states)).outputs, what);
  }
});
