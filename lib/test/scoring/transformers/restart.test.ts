import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { findTrainingPrograms } from 'small-claims/project/python';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { transformersProvider } from 'small-claims/scoring/transformers/provider';
import type { Row } from 'small-claims/tasks/row';
import { claimRow } from '../../tasks/claim-row.js';
import { studyPrompt } from '../examples.js';
import { found, tinyProject } from './tiny-project.js';

const question = { prompt: studyPrompt(), shots: [] };
const rows: readonly Row[] = Array.from({ length: 600 }, (_, index) =>
  claimRow(`claim-${index}`, {
    claim: `Eating ${'salt '.repeat(index % 19)}${index} improves sleep.`,
    evidence: `In trial ${index % 200} of ${'tea '.repeat(index % 23)}it was ${index % 7}.`,
  }),
);

/** The Python workers that this process has started and that have not ended. */
const workers = () =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, parent, ...args]) =>
        parent === String(process.pid) && args.join(' ').includes('transformers_worker'),
    )
    .map(([pid]) => Number(pid));

test('a worker killed in the middle loses no finished row, and the next gives what an undisturbed one does', async (t) => {
  const project = tinyProject(t);
  if (!project) return;
  const { paths } = project;
  const provider = transformersProvider(found('tiny-decoder', paths), paths);
  await provider.prepare();
  const scorer = await provider.open();
  t.after(() => scorer.dispose());
  const undisturbed = new Map<string, LabelScore>();
  await scorer.score(question, rows, (score) => undisturbed.set(score.id, score));
  assert.equal(undisturbed.size, rows.length);

  const kept = new Map<string, LabelScore>();
  const [worker] = workers();
  assert.ok(worker);
  const killing = (score: LabelScore) => {
    kept.set(score.id, score);
    if (kept.size === 20) process.kill(worker, 'SIGKILL');
  };
  await assert.rejects(
    scorer.score(question, rows, killing),
    /^UserError: the Python worker was ended by SIGKILL\n/,
  );
  t.diagnostic(`killed after ${kept.size} of ${rows.length} rows`);
  assert.ok(kept.size >= 20 && kept.size < rows.length);
  assert.deepEqual(workers(), []);
  const missing = rows.filter(({ id }) => !kept.has(id));
  await scorer.score(question, missing, (score) => kept.set(score.id, score));
  assert.equal(workers().length, 1);
  assert.deepEqual([...kept.values()].toSorted(byId), [...undisturbed.values()].toSorted(byId));
});

const byId = (a: LabelScore, b: LabelScore) => (a.id < b.id ? -1 : 1);

test('a worker that nobody can ask any more ends at once', async (t) => {
  const programs = findTrainingPrograms();
  if (!programs) return t.skip('needs the Python that trains (make train-python)');
  const child = spawn(programs.python, [join(projectPaths().python, 'transformers_worker')], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end();
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
