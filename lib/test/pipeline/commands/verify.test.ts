import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ownProject } from './own-project.js';

test('make verify ends on one line that says what was found', (t) => {
  const { run } = ownProject(t);
  const { status, stdout, stderr } = run('verify', '--no-models');
  assert.equal(status, 0, stderr);
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  assert.match(last, /^verified: nothing was changed by hand; no row was scored again \(--no-models\)/);
});

test('what was not scored again is grouped by what it takes, and counted in the verdict', (t) => {
  const { paths, run } = ownProject(t);
  writeFileSync(
    join(paths.studies, 'small.yaml'),
    [
      'title: a study',
      'models: [smollm2-135m-instruct]',
      'datasets:',
      '  - title: SciFact',
      '    train: scifact/rationales/train',
      '    test: scifact/rationales/dev',
      '    also: [{ title: rebuilt, test: scifact/nei-random/dev }]',
      '',
    ].join('\n'),
  );
  const { status, stdout, stderr } = run('verify');
  assert.equal(status, 0, stderr);
  assert.match(
    stdout,
    /not scored again, 2 runs: no record yet \(make records\).*\n {2}runs\/.*scifact-rationales.*\n {2}runs\/.*scifact-nei-random/,
  );
  assert.match(stdout, /what that takes is not here; 2 runs were not scored again/);
});

test('a record that was changed by hand is told, and is no success', (t) => {
  const { paths, run } = ownProject(t);
  mkdirSync(paths.records);
  writeFileSync(join(paths.records, 'a.0123456789ab.jsonl.gz'), 'x');
  const { status, stdout, stderr } = run('verify', '--no-models');
  assert.equal(status, 1);
  assert.match(stdout, /ALTERED: data\/records\/a/);
  assert.match(stderr, /^not verified: 1 thing is not what was made, see above/);
});
