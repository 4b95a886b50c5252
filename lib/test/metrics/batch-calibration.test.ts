import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchCalibrated } from 'small-claims/metrics/batch-calibration';
import { near } from './near.js';

const rows = [
  [0.7, 0.2, 0.1],
  [0.6, 0.1, 0.3],
  [0.5, 0.3, 0.2],
].map((shares, id) => ({ id: String(id), logprobs: shares.map(Math.log) }));

test('batch calibration divides by the mean over the rows, and makes probabilities of it again', () => {
  // By hand: the means are 0.6, 0.2 and 0.2.
  const [first] = batchCalibrated(rows);
  const raw = [0.7 / 0.6, 0.2 / 0.2, 0.1 / 0.2];
  const all = raw.reduce((sum, each) => sum + each, 0);
  near(
    (first?.logprobs ?? []).map(Math.exp),
    raw.map((each) => each / all),
  );
});

test('a label that is favoured throughout is favoured no more', () => {
  const leading = batchCalibrated(rows).map(({ logprobs }) => logprobs.indexOf(Math.max(...logprobs)));
  assert.deepEqual(leading, [0, 2, 1]);
});
