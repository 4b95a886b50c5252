import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { bringUpToDate, type ExecutionOptions } from 'small-claims/pipeline/execution/execution';
import type { RunDisplay } from 'small-claims/pipeline/execution/run-display';
import { executedText } from 'small-claims/pipeline/notebook/notebook';
import { reproductionPaths } from 'small-claims/pipeline/reproduction/reproduction';
import { sha256 } from 'small-claims/project/digest';
import { MISSING } from 'small-claims/project/ledger';
import type { Paths } from 'small-claims/project/paths';
import { type CellSource, markdown, scratchProject, writeNotebook } from '../scratch-project.js';

const RECORD = 'data/records/runs/tiny/dev.jsonl.gz';

/**
 * Stands for a kernel: a cell `FILE: TEXT` publishes a file, `read FILE` notes an input, `miss FILE` one that is not
 * there, `throw` fails.
 */
const runCells: NonNullable<ExecutionOptions['run']> = async (notebook, { root }, { staging }) => {
  const { cells } = notebook;
  await pause(20);
  for (const { source, number } of cells) {
    if (number === undefined) continue;
    const [, publish, text = ''] = /^(.*): (.*)$/.exec(source) ?? [];
    const [, input] = /^read (.*)$/.exec(source) ?? [];
    if (source === 'throw') throw new Error('thrown by a cell');
    if (publish !== undefined) {
      mkdirSync(join(staging, publish, '..'), { recursive: true });
      writeFileSync(join(staging, publish), text);
    }
    const [, missed] = /^miss (.*)$/.exec(source) ?? [];
    if (missed !== undefined)
      appendFileSync(join(staging, 'inputs.jsonl'), `${JSON.stringify({ path: missed, sha256: MISSING })}\n`);
    if (input !== undefined) {
      const digest = sha256(readFileSync(join(root, input)));
      appendFileSync(join(staging, 'inputs.jsonl'), `${JSON.stringify({ path: input, sha256: digest })}\n`);
    }
  }
  return { cells: cells.length, published: [], executed: executedText(notebook, new Map()) };
};

const silent: RunDisplay = {
  started: () => ({ onCell() {}, onProgress() {}, onStderr() {} }),
  ended() {},
  upToDate() {},
  failed() {},
  note() {},
};

/** A package-lock.json in which tslab, which runs every notebook, has this version. */
function writePackages({ root }: Paths, version: string) {
  const packages = { 'node_modules/tslab': { version }, 'node_modules/unused': { version: '1.0.0' } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
}

/** A project of two notebooks, one of which reads a record, and a function that brings it up to date. */
function study(t: TestContext) {
  const paths = scratchProject(t);
  mkdirSync(join(paths.root, RECORD, '..'), { recursive: true });
  writeFileSync(join(paths.root, RECORD), 'rows');
  writePackages(paths, '1.0.0');
  const writeFirst = (...cells: readonly CellSource[]) => writeNotebook(paths, '01-first', cells);
  writeFirst(markdown('# First'), 'values/first.json: 1');
  writeNotebook(paths, '02-second', ['values/second.json: 2', `read ${RECORD}`]);

  /** Brings both up to date. @returns why each ran, by name, without those that did not, and what failed. */
  const update = async ({ study = 'small', force = false } = {}) => {
    const ran: Record<string, string> = {};
    const display: RunDisplay = {
      ...silent,
      started(name, reason) {
        ran[name] = reason;
        return { onCell() {}, onProgress() {}, onStderr() {} };
      },
    };
    const names = ['01-first', '02-second'];
    const settings = { paths, study, force, jobs: 2, timeoutSeconds: 60, display, run: runCells };
    return { ran, failures: await bringUpToDate(names, settings) };
  };
  return { paths, writeFirst, update };
}

test('a notebook runs again when, and only when, what its outputs were made from has changed', async (t) => {
  const { paths, writeFirst, update } = study(t);
  const ran = async (options = {}) => (await update(options)).ran;
  const missing = 'it has not run yet';
  assert.deepEqual(await ran(), { '01-first': missing, '02-second': missing });
  const value = join(paths.published, '01-first', 'values', 'first.json');
  assert.equal(readFileSync(value, 'utf8'), '1');
  assert.deepEqual(await ran(), {}, 'nothing has changed');

  await t.test('not its prose or a comment, which are shown anew', async () => {
    writeFirst(markdown('# The first'), '// Why.\nvalues/first.json: 1');
    assert.deepEqual(await ran(), {});
    const executed = readFileSync(join(paths.executed, '01-first.ipynb'), 'utf8');
    assert.match(executed, /# The first/);
    assert.match(executed, /Why/);
    writeFirst(markdown('# The first'), 'values/first.json: 1');
    assert.deepEqual(await ran(), {});
  });
  await t.test('its code', async () => {
    writeFirst(markdown('# The first'), 'values/first.json: 1', 'values/more.json: 2');
    assert.deepEqual(await ran(), { '01-first': 'cell [2] is new' });
  });
  await t.test('not code that it has run before: its outputs are restored', async () => {
    writeFirst(markdown('# Restored'), 'values/first.json: 1');
    assert.deepEqual(await ran(), {});
    assert.equal(existsSync(join(paths.published, '01-first', 'values', 'more.json')), false);
    assert.match(readFileSync(join(paths.executed, '01-first.ipynb'), 'utf8'), /# Restored/);
  });
  await t.test('not its outputs in the working copy', async () => {
    const path = join(paths.notebooks, '01-first.ipynb');
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('"execution_count": null', '"execution_count": 7'),
    );
    assert.deepEqual(await ran(), {});
  });
  await t.test('a record it has read', async () => {
    writeFileSync(join(paths.root, RECORD), 'other rows');
    assert.deepEqual(await ran(), { '02-second': 'records of tiny changed' });
    assert.deepEqual(await ran(), {});
  });
  await t.test('not an output: it is restored', async () => {
    writeFileSync(value, 'tampered');
    rmSync(join(paths.executed, '02-second.ipynb'));
    assert.deepEqual(await ran(), {});
    assert.equal(readFileSync(value, 'utf8'), '1');
    assert.equal(existsSync(join(paths.executed, '02-second.ipynb')), true);
  });
  await t.test('an output that nobody has kept', async () => {
    writeFileSync(value, 'tampered');
    rmSync(join(paths.build, 'cache'), { recursive: true });
    assert.deepEqual(await ran(), { '01-first': 'build/published/01-first/values/first.json changed' });
  });
  await t.test('what is known of the last time, where that cannot be made out', async () => {
    const state = join(paths.published, '01-first', 'run.json');
    const known = readFileSync(state, 'utf8');
    for (const foreign of [
      '{}',
      '[]',
      'null',
      '{"ingredients":',
      '',
      known.replace(/"inputs": \{\}/, '"inputs": 1'),
    ]) {
      assert.notEqual(foreign, known);
      writeFileSync(state, foreign);
      rmSync(join(paths.build, 'cache'), { recursive: true });
      assert.deepEqual(await ran(), { '01-first': 'its outputs are not complete' }, foreign);
    }
    assert.deepEqual(await ran(), {});
  });
  await t.test('the packages and the study, on which all depend', async () => {
    appendFileSync(join(paths.root, 'package-lock.json'), '\n');
    assert.deepEqual(await ran(), {}, 'the versions are what they were');
    writePackages(paths, '1.0.1');
    assert.deepEqual(Object.values(await ran()), ['package tslab changed', 'package tslab changed']);
    assert.deepEqual(Object.values(await ran({ study: 'full' })), ['STUDY changed', 'STUDY changed']);
  });
  await t.test('the major version of Node', async () => {
    const state = join(paths.published, '01-first', 'run.json');
    const known = readFileSync(state, 'utf8');
    writeFileSync(state, known.replace(/"Node": "\d+"/, '"Node": "18"'));
    rmSync(join(paths.build, 'cache'), { recursive: true });
    assert.deepEqual(await ran({ study: 'full' }), { '01-first': 'Node changed' });
  });
  await t.test('being forced to', async () => {
    assert.deepEqual(Object.values(await ran({ study: 'full', force: true })), ['forced', 'forced']);
  });
});

test('a record that is gone is a reason to run again', async (t) => {
  const { paths, update } = study(t);
  await update();
  rmSync(join(paths.root, RECORD));
  const { ran, failures } = await update();
  assert.deepEqual(ran, { '02-second': 'records of tiny are gone' });
  assert.equal(failures.size, 1, 'the cell could not read it');
});

test('a record that was looked for in vain is a reason to run again once it is there', async (t) => {
  const { paths, update } = study(t);
  const wanted = 'data/records/runs/other/dev.0123456789ab.jsonl.gz';
  writeNotebook(paths, '02-second', [`miss ${wanted}`]);
  await update();
  assert.deepEqual((await update()).ran, {});
  mkdirSync(join(paths.root, wanted, '..'), { recursive: true });
  writeFileSync(join(paths.root, wanted), 'rows');
  assert.deepEqual((await update()).ran, { '02-second': 'records of other are new' });
});

test('a notebook that fails keeps its last good outputs, stops no other and runs again the next time', async (t) => {
  const { paths, writeFirst, update } = study(t);
  await update();
  const value = join(paths.published, '01-first', 'values', 'first.json');
  writeFirst('values/first.json: 5', 'throw');
  writeNotebook(paths, '02-second', ['values/second.json: 3']);
  const { failures, ran } = await update();
  assert.deepEqual([...failures.keys()], ['01-first']);
  assert.deepEqual(Object.keys(ran).sort(), ['01-first', '02-second']);
  assert.equal(readFileSync(value, 'utf8'), '1');

  writeFirst('values/first.json: 5');
  assert.deepEqual((await update()).ran, { '01-first': 'cell [1] changed' });
  assert.equal(readFileSync(value, 'utf8'), '5');
});

test('a notebook must not read what another has published', async (t) => {
  const { writeFirst, update } = study(t);
  await update();
  writeFirst('read build/published/02-second/values/second.json');
  const { failures } = await update();
  assert.match(String(failures.get('01-first')), /01-first\.ipynb: reads build\/published\/02-second/);
});

test('both sides of a reproduction read records of their own and write under build/reproduce alone', async (t) => {
  const paths = scratchProject(t);
  writePackages(paths, '1.0.0');
  for (const side of Object.values(reproductionPaths(paths))) {
    const record = join(side.records, 'dev.jsonl.gz');
    mkdirSync(side.records, { recursive: true });
    writeFileSync(record, 'rows');
    writeNotebook(paths, '01-first', [`read ${relative(paths.root, record)}`, 'figures/plot.svg: <svg/>']);
    const settings = {
      paths: side,
      study: 'small',
      force: false,
      jobs: 1,
      timeoutSeconds: 60,
      display: silent,
    };
    const failures = await bringUpToDate(['01-first'], { ...settings, run: runCells });
    assert.deepEqual([...failures], []);
    assert.ok(existsSync(join(side.figures, 'plot.svg')));
  }
  assert.deepEqual(readdirSync(paths.build).sort(), ['reproduce']);
  assert.equal(existsSync(paths.figures), false);
});

test('a change made while a notebook runs is seen the next time', async (t) => {
  const { paths, update } = study(t);
  const running = update();
  writePackages(paths, '2.0.0');
  await running;
  assert.deepEqual(Object.keys((await update()).ran), ['01-first', '02-second']);
});

test('two runs at once run each notebook once', async (t) => {
  const { update } = study(t);
  const both = await Promise.all([update(), update()]);
  const runs = both.flatMap(({ ran }) => Object.keys(ran)).sort();
  assert.deepEqual(runs, ['01-first', '02-second']);
});

test('figures are copied to where the README shows them, and again when they are deleted', async (t) => {
  const { paths, writeFirst, update } = study(t);
  writeFirst('figures/plot.svg: <svg/>');
  await update();
  const copy = join(paths.figures, 'plot.svg');
  assert.equal(readFileSync(copy, 'utf8'), '<svg/>');
  rmSync(copy);
  assert.deepEqual((await update()).ran, {});
  assert.equal(existsSync(copy), true);
});
