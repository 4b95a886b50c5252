import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { CLI, scratchProject, writeNotebook } from '../scratch-project.js';

const PAPER = `---
title: Prose alone
authors:
  - name: A. Writer
abstract: Nothing is claimed.
---

# Introduction

Nothing is said either.
`;

test('the paper is rendered again when, and only when, what it is made from has changed', async (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, 'prose', [{ markdown: '# Only prose' }]);
  writeFileSync(join(paths.paper, 'paper.md'), PAPER);
  writeFileSync(join(paths.paper, 'references.bib'), '');
  for (const style of ['style.css', 'style.typ']) {
    cpSync(join(projectPaths().paper, style), join(paths.paper, style));
  }
  const paper = () => {
    const { status, stderr } = spawnSync(process.execPath, [CLI, 'paper'], {
      cwd: paths.root,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    return stderr;
  };

  assert.match(paper(), /paper: rendering \(it has not been rendered yet\)/);
  assert.match(paper(), /paper: up to date/);

  await t.test('not for a file that only lies there, as an editor or a killed rendering leaves', () => {
    for (const stray of ['.paper.md.swp', 'paper.pdf.123.tmp']) {
      writeFileSync(join(paths.paper, stray), 'left behind');
    }
    assert.match(paper(), /paper: up to date/);
  });
  await t.test('nor for what a notebook showed before it failed', () => {
    writeFileSync(join(paths.executed, 'trial.failed.ipynb'), '{}');
    assert.match(paper(), /paper: up to date/);
  });
  await t.test('its look', () => {
    appendFileSync(join(paths.paper, 'style.css'), '\n');
    assert.match(paper(), /paper: rendering \(paper\/style\.css changed\)/);
  });
  await t.test('what is known of the last time, where that cannot be made out', () => {
    for (const foreign of ['{}', 'null', '{"ingredients":', '']) {
      writeFileSync(join(paths.build, 'paper.json'), foreign);
      assert.match(paper(), /paper: rendering \(what is known of the last rendering is not complete\)/);
    }
    assert.match(paper(), /paper: up to date/);
  });
});
