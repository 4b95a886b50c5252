import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forValidation } from 'small-claims/finetuning/training-rows';
import { bestTrial } from 'small-claims/finetuning/trials-record';
import type { Row } from 'small-claims/tasks/row';
import { shapeOf } from 'small-claims/tasks/shape-of';
import { findTask } from 'small-claims/tasks/task';
import { sleepClaims } from '../scoring/examples.js';

const trial = (id: string, validationLosses: readonly number[]) => ({
  ...{ id, rank: 8, alpha: 16, dropout: 0, epochs: 2, learningRate: 0.0005, batch: 16 },
  ...{ rows: 900, validationRows: 100, validationLosses, trainingLosses: [] },
  base: { from: 'gguf', name: 'any' } as const,
});

test('of a grid the trial is taken whose validation loss is least at its end, not on its way', () => {
  const trials = [trial('trial-1', [0.2, 0.6]), trial('trial-2', [0.7, 0.5]), trial('trial-3', [0.6, 0.5])];
  assert.equal(bestTrial(trials).id, 'trial-2');
});

test('a trial that diverged is not taken, whatever it came to before; nor is any where all did', () => {
  const diverged = trial('trial-1', [0.2]);
  assert.equal(bestTrial([diverged, trial('trial-2', [0.9, 0.8])]).id, 'trial-2');
  assert.throws(() => bestTrial([diverged, trial('trial-2', [])]), /no trial of the grid/);
});

test('no claim and no document is both learnt from and judged on', () => {
  // Each claim twice, the second time with the document of the claim beside it, too.
  const rows = sleepClaims.flatMap((row, index) => {
    const beside = index + 1 - (index % 2) * 2;
    return [
      { ...row, keys: { ...row.keys, evidence: [`${index}`] } },
      { ...row, id: `${row.id}-again`, keys: { ...row.keys, evidence: [`${index}`, `${beside}`] } },
    ];
  });
  const { train, validation } = forValidation(rows, {
    share: 0.4,
    seed: 1,
    stratify: shapeOf(findTask('claim-verification')),
  });
  const keys = ({ keys }: Row) =>
    ['claim', 'evidence'].flatMap((key) => (keys[key] ?? []).map((id) => `${key} ${id}`));
  assert.equal(rows.flatMap(keys).length, 18 * (2 + 3));
  const learnt = new Set(train.flatMap(keys));
  assert.ok(validation.length > 0 && !validation.flatMap(keys).some((key) => learnt.has(key)));
  assert.equal(train.length + validation.length, rows.length);
});
