import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gridOf } from 'small-claims/models/training-entry';
import { projectPaths } from 'small-claims/project/paths';
import { openStudy } from 'small-claims/study/study';
import { wantedTrainings } from 'small-claims/study/wanted-trainings';

const small = readFileSync(join(projectPaths().studies, 'small.yaml'), 'utf8');

function study(t: TestContext, text: string) {
  const root = mkdtempSync(join(tmpdir(), 'training-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const [here, paths] = [projectPaths(), projectPaths(root)];
  mkdirSync(paths.studies, { recursive: true });
  for (const name of ['datasets.yaml', 'models.yaml', 'prompts.yaml', 'tasks.yaml'])
    cpSync(join(here.data, name), join(paths.data, name));
  writeFileSync(join(paths.studies, 'own.yaml'), text);
  return openStudy('own', paths);
}

test('a mistake in a training entry names line and nearest name', (t) => {
  assert.throws(
    () => study(t, small.replace('    alpha: 16', '    alfa: 16')),
    /own\.yaml:\d+: training\[\d+\]\.alfa: unknown key "alfa"[\s\S]*"alpha"/,
  );
  assert.throws(
    () => study(t, small.replace('train: [scifact/rationales/train]', 'train: [scifact/rationale/train]')),
    /training\[\d+\]\.train\[0\]: no such build of data\/datasets\.yaml; the nearest is "scifact\/rationales\/train"/,
  );
  assert.throws(
    () => study(t, small.replace('learningRate: 0.0005', 'learningRate: [0.0005, 0.0005]')),
    /training\[\d+\]\.learningRate/,
  );
});

test('the small study trains every entry with its first seed before any with its second', () => {
  const wanted = wantedTrainings(openStudy('small'));
  const seeds = wanted.map(({ seed }) => seed);
  assert.deepEqual(seeds, seeds.toSorted());
  assert.throws(() => wantedTrainings(openStudy('small'), ['smollm2-135m-scifakt']), /smollm2-135m-scifact/);
  assert.throws(
    () => wantedTrainings(openStudy('small'), ['minilm-scifact']),
    /is an encoder[\s\S]*make records RUNS=minilm-scifact/,
  );
});

test('hyper-parameters that are lists make a grid of all combinations', (t) => {
  const grid = small
    .replace('learningRate: 0.0005', 'learningRate: [0.0002, 0.001]')
    .replace('rank: 8', 'rank: [4, 8]');
  const [wanted] = wantedTrainings(study(t, grid));
  assert.ok(wanted);
  assert.deepEqual(
    gridOf(wanted.entry).map(({ rank, learningRate }) => [rank, learningRate]),
    [
      [4, 0.0002],
      [4, 0.001],
      [8, 0.0002],
      [8, 0.001],
    ],
  );
});
