import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keptNotebooks, paperNotebooks } from 'small-claims/pipeline/notebook/paper-notebooks';
import { flawOf } from '../../project/flaw.js';
import { CLI, scratchProject, writeNotebook } from '../scratch-project.js';

const PAPER = (notebooks: string) => `---
title: Prose alone
authors:
  - name: A. Writer
${notebooks}abstract: Nothing is claimed.
---

Nothing is said either.
`;

test('a paper is made of the notebooks that its front matter names, and of all where it names none', (t) => {
  const paths = scratchProject(t);
  for (const name of ['01-one', '00-tour', 'Untitled']) writeNotebook(paths, name, ['1;']);
  assert.deepEqual(paperNotebooks(paths), { named: ['00-tour', '01-one', 'Untitled'], others: [] });
  writeFileSync(join(paths.paper, 'paper.md'), PAPER('notebooks: [01-one]\n'));
  assert.deepEqual(paperNotebooks(paths), { named: ['01-one'], others: ['00-tour', 'Untitled'] });
  assert.deepEqual(keptNotebooks(paths), ['00-tour', '01-one']);
});

test('a notebook that the paper names and that is not there is told with the nearest', (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, '01-one', ['1;']);
  writeFileSync(join(paths.paper, 'paper.md'), PAPER('notebooks: [01-on]\n'));
  const { at, message } = flawOf(() => paperNotebooks(paths));
  assert.deepEqual(at, { file: 'paper/paper.md', field: 'notebooks' });
  assert.match(message, /Did you mean "01-one"/);
});

test('a notebook that no paper names is left alone with a word, runs by its name, and fails nothing but itself', (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, '01-one', ['const x = 1;']);
  const scratch = writeNotebook(paths, 'Untitled', ['throw new Error("not yet");']);
  writeFileSync(join(paths.paper, 'paper.md'), PAPER('notebooks: [01-one]\n'));
  const before = readFileSync(scratch, 'utf8');
  const run = (...names: string[]) =>
    spawnSync(process.execPath, [CLI, 'run', ...names], { cwd: paths.root, encoding: 'utf8' });
  const all = run();
  assert.equal(all.status, 0, all.stderr);
  assert.match(all.stderr, /left alone, since .* does not name it: notebooks\/Untitled\.ipynb/);
  assert.doesNotMatch(all.stderr, /not yet/);
  const alone = run('Untitled');
  assert.equal(alone.status, 1);
  assert.match(alone.stderr, /Error: not yet/);
  assert.equal(readFileSync(scratch, 'utf8'), before);
});
