import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkpoints, lastWhole, logHistory, numbersOf, thinOut } from 'small-claims/finetuning/checkpoints';
import { epochLosses } from 'small-claims/finetuning/losses';
import { loggedIn } from 'small-claims/finetuning/trainer';
import { assertEnded } from 'small-claims/finetuning/training';

/** Checkpoints as transformers writes them: the state last. */
function folder(t: TestContext, steps: readonly number[], torn?: number) {
  const root = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const step of [...steps, ...(torn === undefined ? [] : [torn])]) {
    const at = join(root, `checkpoint-${step}`);
    mkdirSync(at);
    writeFileSync(join(at, 'adapter_model.safetensors'), 'weights');
    writeFileSync(join(at, 'optimizer.pt'), 'moments');
    const log = Array.from({ length: step }, (_, index) => ({
      loss: index + 1,
      learning_rate: 0.1,
      epoch: 0.1,
    }));
    if (step !== torn) writeFileSync(join(at, 'trainer_state.json'), JSON.stringify({ log_history: log }));
  }
  return root;
}

test('a training goes on from the last checkpoint that was written whole', (t) => {
  const root = folder(t, [2, 4], 6);
  assert.equal(lastWhole(root)?.step, 4);
  assert.equal(existsSync(join(root, 'checkpoint-6')), false);
});

test('the checkpoint at the end of each epoch is kept, and the last with what it takes to go on', (t) => {
  const root = folder(t, [2, 4, 6, 8, 10]);
  thinOut(root, 4, false);
  assert.deepEqual(
    checkpoints(root).map(({ step }) => step),
    [4, 8, 10],
  );
  const kept = (step: number) => existsSync(join(root, `checkpoint-${step}`, 'optimizer.pt'));
  assert.deepEqual([kept(4), kept(8), kept(10)], [false, false, true]);
  assert.equal(lastWhole(root)?.step, 10);
  thinOut(root, 4, true);
  assert.equal(kept(10), false);
});

test('the loss of an epoch is the mean of its updates, also of one that was interrupted', (t) => {
  const [last] = checkpoints(folder(t, [4]));
  assert.ok(last);
  assert.deepEqual(epochLosses(logHistory(last), 2), [1.5, 3.5]);
  assert.deepEqual(loggedIn("{'loss': '0.71', 'epoch': '0.02'}"), { loss: 0.71, epoch: 0.02 });
  assert.equal(loggedIn('Loading weights: 100%'), undefined);
});

test('a training that diverged is no torn file, and what is no number is not among its losses', (t) => {
  const root = folder(t, [2]);
  const state = join(root, 'checkpoint-2', 'trainer_state.json');
  // As json.dumps of Python writes it.
  const line = '"grad_norm": NaN,\n      "loss": 1.5,\n      "eval_loss": NaN,\n      "other": -Infinity';
  writeFileSync(
    state,
    `{\n  "best_metric": null,\n  "log_history": [\n    {\n      ${line}\n    }\n  ]\n}\n`,
  );
  assert.deepEqual(logHistory({ step: 2, folder: join(root, 'checkpoint-2') }), [{ loss: 1.5 }]);
  assert.equal(lastWhole(root)?.step, 2);
  assert.deepEqual(numbersOf({ none: null, yes: true, empty: '', text: 'nan', two: '2' }), { two: 2 });
});

test('an epoch with a loss that is no number has none, and the next keeps its own', () => {
  const update = (loss?: number) => ({ learning_rate: 0.1, ...(loss !== undefined && { loss }) });
  const log = [update(1), update(), { eval_loss: 9 }, update(3), update(4), { train_loss: 2 }];
  assert.deepEqual(epochLosses(log, 2), [null, 3.5]);
});

test('a training that stopped before its last update is not done', (t) => {
  const root = folder(t, [2, 4], 6);
  assert.doesNotThrow(() => assertEnded(root, 4));
  assert.throws(() => assertEnded(root, 6), /ended at update 4; 6 were to be made/);
});
