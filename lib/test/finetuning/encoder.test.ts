import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  type EncoderRun,
  encoderAvailability,
  encoderHeader,
  encoderRun,
  encoderRunName,
  encoderRuns,
} from 'small-claims/finetuning/encoder-run';
import { findEncoder } from 'small-claims/models/catalogue';
import { encoderEntry } from 'small-claims/models/encoder-entry';
import { folderHash, presentFolder } from 'small-claims/models/weights-folder';
import { UserError } from 'small-claims/project/error';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { headerChanges } from 'small-claims/records/header';
import { fixtureProject, layOut } from '../datasets/fixture.js';

const here = projectPaths();
const entry = encoderEntry.parse({
  id: 'minilm-tiny',
  title: 'tiny',
  model: 'all-minilm-l6-v2',
  train: ['healthver/rows/train'],
  size: 24,
  seeds: [1, 2],
  method: 'encoder',
});
const run: EncoderRun = { entry, seed: 1, test: 'healthver/rows/test' };

test('the header of an encoder’s run is known without data, weights or Python, and changes with what it depends on', () => {
  const header = encoderHeader(run);
  const changes = (other: EncoderRun) =>
    headerChanges(header, encoderHeader(other)).map((text) => text.split(':')[0]);
  assert.equal(encoderRunName(run), 'runs/all-minilm-l6-v2+minilm-tiny-seed1/healthver-rows-test');
  assert.deepEqual(changes(run), []);
  assert.deepEqual(changes({ ...run, seed: 2 }), ['training.seed']);
  assert.deepEqual(changes({ ...run, entry: { ...entry, epochs: 1 } }), ['training.epochs']);
  assert.deepEqual(changes({ ...run, entry: { ...entry, size: 23 } }), ['training.size']);
  assert.deepEqual(changes({ ...run, entry: { ...entry, train: ['scifact/nei-random/train'] } }), [
    'training.builds.healthver/rows/train',
    'training.builds.scifact/nei-random/train',
  ]);
  assert.ok(changes({ ...run, test: 'scifact/nei-random/dev' }).every((field) => field?.startsWith('build')));
});

test('an encoder is run with every seed on every test set of its task, a classifier at a time', () => {
  const tests = [
    { test: 'healthver/rows/test' },
    { test: 'scifact/nei-random/dev' },
    { test: 'pubmedqa/rows/test' },
  ] as const;
  assert.deepEqual(
    encoderRuns([entry], tests).map(({ seed, test }) => `${seed} ${test}`),
    [
      '1 healthver/rows/test',
      '1 scifact/nei-random/dev',
      '2 healthver/rows/test',
      '2 scifact/nei-random/dev',
    ],
  );
});

test('weights that nobody has downloaded have no hash, so what is made of them is not run', () => {
  const paths = tinyProject();
  const described = {
    title: 'New',
    provider: 'encoder',
    parameters: '1M',
    licence: 'none',
    hub: 'nobody/new',
  };
  writeFileSync(
    paths.modelsFile,
    JSON.stringify({ 'new-encoder': { ...described, files: { 'config.json': null } } }),
  );
  assert.equal(folderHash(findEncoder('new-encoder', paths), paths), undefined);
  const { record, missing } = encoderAvailability(
    { ...run, entry: { ...entry, model: 'new-encoder' } },
    paths,
  );
  assert.equal(record, undefined);
  assert.match(missing.join(), /the model new-encoder \(make models\)/);
  assert.throws(() => findEncoder('smollm2-135m-instruct'), /is not an encoder \(its provider is gguf\)/);
});

test('without the Python that trains, a run without a record says so', async () => {
  const paths = tinyProject({ trainVenv: join(here.root, 'no-such-environment') });
  assert.match(
    encoderAvailability(run, paths).missing.join(),
    /the Python that trains \(make train-python\)/,
  );
  await assert.rejects(encoderRun(run, paths), /the Python that trains is not installed/);
});

test('a classifier is trained, tells rows apart by what it has learnt, and is replayed', async (t) => {
  if (!canTrain(t)) return;
  const paths = tinyProject();
  // What a kill may leave behind: Python would go on from it.
  const torn = join(paths.training, 'minilm-tiny-seed1', 'checkpoints', 'checkpoint-99');
  mkdirSync(torn, { recursive: true });
  writeFileSync(join(torn, 'model.safetensors'), 'half of');
  const learnt = { ...run, entry: { ...entry, epochs: 6, learningRate: 0.0005, maxLength: 32 } };
  const { rows, origin, making, header } = await encoderRun(learnt, paths);
  assert.equal(origin, 'computed');
  assert.equal(header['kind'], 'run');
  assert.deepEqual(
    rows.map(({ id }) => id),
    Array.from({ length: 12 }, (_, index) => `healthver:test:${index}`),
  );
  for (const { logprobs, mass, promptTokens } of rows) {
    const sum = logprobs.reduce((total, logprob) => total + Math.exp(logprob), 0);
    assert.ok(Math.abs(sum - 1) < 1e-5 && mass === 1 && promptTokens > 5);
  }
  // One word of the evidence tells the label; nobody who has learnt anything from 24 rows misses it in each of 12.
  const right = rows.filter(({ logprobs }, index) => logprobs.indexOf(Math.max(...logprobs)) === index % 3);
  assert.ok(right.length > 6, `${right.length} of 12`);
  assert.match(making.machine.device ?? '', /cpu|cuda/);
  assert.equal(existsSync(join(paths.training, 'minilm-tiny-seed1', 'checkpoints')), false);
  const replayed = await encoderRun(learnt, { ...paths, trainVenv: join(here.root, 'no-such-environment') });
  assert.equal(replayed.origin, 'replayed');
  assert.deepEqual(replayed.rows, rows);
});

test('of a training that has diverged it is said, and nothing is recorded', async (t) => {
  if (!canTrain(t)) return;
  const paths = tinyProject();
  const wild = { ...run, entry: { ...entry, epochs: 1, learningRate: 1e30, maxLength: 32 } };
  await assert.rejects(encoderRun(wild, paths), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /the training has diverged; give the entry a smaller learningRate/);
    return true;
  });
  assert.equal(encoderAvailability(wild, paths).record, undefined);
});

/** A project with invented rows in HealthVer's format, and this one's Python and weights. */
function tinyProject(instead: Partial<Paths> = {}): Paths {
  const words = [
    ['Supports', 'confirmed'],
    ['Refutes', 'disproved'],
    ['Neutral', 'unclear'],
  ] as const;
  const csv = (rows: number) =>
    [
      'id,evidence,claim,label,topic_ip,question',
      ...Array.from({ length: rows }, (_, index) => {
        const [label, word] = words[index % 3] ?? words[0];
        return `${index},It was ${word} in trial ${index}.,Tea helps mouse ${index},${label},1,does it?`;
      }),
      '',
    ].join('\n');
  const releases = {
    healthver: {
      'healthver_train.csv': Buffer.from(csv(24)),
      'healthver_test.csv': Buffer.from(csv(12)),
    },
  };
  const paths = fixtureProject(releases);
  layOut(paths.raw, releases);
  mkdirSync(join(paths.root, 'requirements'));
  cpSync(join(here.root, 'requirements', 'train.txt'), join(paths.root, 'requirements', 'train.txt'));
  cpSync(here.modelsFile, paths.modelsFile);
  const { python, trainVenv, modelCache } = here;
  return { ...paths, python, trainVenv, modelCache, ...instead };
}

function canTrain(t: TestContext): boolean {
  const python = existsSync(join(here.trainVenv, '.installed'));
  if (!python) t.skip('needs the Python that trains (make train-python)');
  else if (!presentFolder(findEncoder(entry.model), here))
    t.skip(`needs the model ${entry.model} (make models)`);
  else return true;
  return false;
}
