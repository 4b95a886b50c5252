import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { train } from 'small-claims/finetuning/training';
import type { Training } from 'small-claims/finetuning/training-facts';
import { gridOf, trainingEntry } from 'small-claims/models/training-entry';
import { sha256File } from 'small-claims/project/digest';
import { projectPaths } from 'small-claims/project/paths';
import { findTrainingPrograms } from 'small-claims/project/python';
import { temporaryFolder } from '../datasets/fixture.js';
import { sleepClaims, studyPrompt } from '../scoring/examples.js';
import { MODEL, modelFile } from '../scoring/model.js';

const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'] as const;

test('a training that is killed goes on from its last checkpoint, and what comes of it is the same', async (t) => {
  const programs = findTrainingPrograms();
  if (!programs) return t.skip('needs the Python that trains (make train-python)');
  if (!(await modelFile(t))) return;
  const entry = trainingEntry.parse({
    ...{ id: 'trial', title: 'Trial', model: MODEL, train: ['scifact/rationales/train'], size: 8 },
    ...{ seeds: [1], method: 'lora', rank: 2, epochs: 2, learningRate: 0.001, batch: 4 },
  });
  const [hyper] = gridOf(entry);
  assert.ok(hyper);
  const rows = sleepClaims.slice(0, 8).map((row, i) => ({ ...row, label: LABELS[i % 3] ?? 'NEI' }));
  const training: Training = { name: 'trial', entry, hyper, seed: 1, prompt: studyPrompt().name, rows };
  const undisturbed = temporaryFolder('undisturbed');
  const killed = temporaryFolder('killed');
  const weights = async ({ epochs }: Awaited<ReturnType<typeof train>>) =>
    sha256File(join(epochs.at(-1)?.folder ?? '', 'adapter_model.safetensors'));

  const file = join(killed, 'training.json');
  writeFileSync(file, JSON.stringify(training));
  const fixture = fileURLToPath(new URL('train-fixture.js', import.meta.url));
  const child = spawn(process.execPath, [fixture, file, killed], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  const gone = once(child, 'exit');
  const checkpoint = join(killed, 'trial', 'checkpoints', 'checkpoint-2');
  while (!existsSync(join(checkpoint, 'adapter_model.safetensors')) && child.exitCode === null)
    await pause(20);
  child.kill('SIGKILL');
  await gone;
  assert.equal(child.signalCode, 'SIGKILL', 'it ended before it could be killed');

  const resumed = await train(training, { ...projectPaths(), training: killed });
  const log = readFileSync(join(killed, 'trial', 'training.log'), 'utf8');
  assert.equal([...log.matchAll(/"step": 1,/g)].length, 1, 'the first update was made again');
  assert.deepEqual(
    resumed.epochs.map(({ step }) => step),
    [2, 4],
  );
  const whole = await train(training, { ...projectPaths(), training: undisturbed });
  assert.equal(await weights(resumed), await weights(whole));
  assert.equal(resumed.made.fingerprint, whole.made.fingerprint);

  // Done, it is not trained again; without its checkpoints it is as if it had never been.
  const before = resumed.made.seconds;
  assert.equal((await train(training, { ...projectPaths(), training: killed })).made.seconds, before);
  rmSync(join(killed, 'trial', 'checkpoints'), { recursive: true });
  const anew = await train(training, { ...projectPaths(), training: killed });
  assert.equal(await weights(anew), await weights(whole));
});
