import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkpoints, lastWhole, logHistory, thinOut } from 'small-claims/finetuning/checkpoints';
import { epochLosses } from 'small-claims/finetuning/losses';
import { loggedIn } from 'small-claims/finetuning/trainer';

/** Checkpoints as transformers writes them: the state last. */
function folder(t: TestContext, steps: readonly number[], torn?: number) {
  const root = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  for (const step of [...steps, ...(torn === undefined ? [] : [torn])]) {
    const at = join(root, `checkpoint-${step}`);
    mkdirSync(at);
    writeFileSync(join(at, 'adapter_model.safetensors'), 'weights');
    writeFileSync(join(at, 'optimizer.pt'), 'moments');
    const log = Array.from({ length: step }, (_, index) => ({ loss: index + 1, epoch: 0.1 }));
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
