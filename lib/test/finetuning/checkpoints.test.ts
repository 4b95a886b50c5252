import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkpoints, resumable } from 'small-claims/finetuning/checkpoints';
import { bestStep, curveLine, epochLosses, heldOutScores, readCurve } from 'small-claims/finetuning/curve';
import { jsonLines, temporaryFolder } from '../datasets/fixture.js';

const update = (step: number, loss: number | null) => ({
  step,
  loss,
  learningRate: 0.1,
  tokens: 9,
  seconds: 1,
});
const heldOut = (step: number, loss: number | null) => ({ step, heldOutLoss: loss, heldOutRight: 0.5 });

test('a training goes on from the last checkpoint that is whole and has what it takes', () => {
  const root = temporaryFolder('checkpoints');
  for (const [name, state] of [
    ['checkpoint-2', false],
    ['checkpoint-10', true],
    ['checkpoint-12.half', true],
  ] as const) {
    mkdirSync(join(root, name));
    if (state) writeFileSync(join(root, name, 'state.pt'), 'moments');
  }
  assert.deepEqual(
    checkpoints(root).map(({ step }) => step),
    [2, 10],
  );
  assert.equal(resumable(root)?.step, 10);
  assert.equal(resumable(join(root, 'none')), undefined);
});

test('the loss of an epoch is the mean of its updates; one with an update that has none has none', () => {
  const curve = [update(1, 1), update(2, 2), heldOut(2, 1.23456), update(3, 3), update(4, 4)];
  assert.deepEqual(epochLosses(curve, 2), [1.5, 3.5]);
  assert.deepEqual(epochLosses([update(1, 1), update(2, null), update(3, 3), update(4, 4)], 2), [null, 3.5]);
  assert.deepEqual(heldOutScores(curve), [{ loss: 1.2346, right: 0.5 }]);
});

test('of epochs the one with the least held-out loss is kept, of equals the first', () => {
  assert.equal(bestStep([heldOut(2, 0.7), heldOut(4, 0.5), heldOut(6, 0.5), heldOut(8, null)]), 4);
  assert.equal(bestStep([update(1, 1)]), Number.POSITIVE_INFINITY);
});

test('a curve is read back as it was written, and what else the trainer prints is no line of it', () => {
  const root = temporaryFolder('curve');
  const lines = [update(1, 0.5), heldOut(1, null)];
  writeFileSync(join(root, 'curve.jsonl'), jsonLines(lines));
  assert.deepEqual(readCurve(root), lines);
  assert.deepEqual(curveLine(JSON.stringify(lines[0])), lines[0]);
  assert.equal(curveLine('Loading weights: 100%'), undefined);
  assert.equal(curveLine('{"step": 1, "loss": NaN}'), undefined);
});
