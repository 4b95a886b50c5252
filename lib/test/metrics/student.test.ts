import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceInterval } from 'small-claims/metrics/difference';
import { studentCdf, studentQuantile } from 'small-claims/metrics/distributions';
import { estimates } from 'small-claims/metrics/estimates';
import { effectiveClusters } from 'small-claims/metrics/resampling/clusters';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { labels, macroF1 } from './labels.js';
import { near } from './near.js';

const triple = z.tuple([z.number(), z.number(), z.number()]);
const wanted = expected(
  'student',
  z.object({
    quantiles: z.array(triple),
    shares: z.array(triple),
    worth: z.number(),
    difference: z.array(z.number()),
    score: z.array(z.number()),
  }),
);
const reference = expected(
  'studentised',
  z.object({
    groups: z.array(z.int()),
    gold: z.string(),
    ours: z.array(z.string()),
    theirs: z.array(z.string()),
  }),
);
const clusters = { name: 'groups', keys: reference.groups.map(String) };
const golds = labels(reference.gold);
const [ours = '', theirs = ''] = [reference.ours[0], reference.theirs[0]];

test("quantiles and shares of Student's t are scipy's, whether or not degrees of freedom are whole", () => {
  assert.ok(wanted.quantiles.some(([, freedom]) => !Number.isInteger(freedom)));
  for (const [p, freedom, t] of wanted.quantiles)
    near([studentQuantile(p, freedom)], [t], 1e-9 * Math.max(1, Math.abs(t)));
  for (const [t, freedom, p] of wanted.shares) near([studentCdf(t, freedom)], [p], 1e-12);
});

test('intervals of few groups have as many degrees of freedom as these are worth, less one, as by scipy', () => {
  near([effectiveClusters(clusters)], [wanted.worth], 1e-9);
  const compared = { measure: macroF1, golds, ours: [labels(ours)], theirs: [labels(theirs)] };
  const { interval } = differenceInterval(compared, { clusters });
  near([interval?.low, interval?.high], wanted.difference, 1e-9);
});

test('that of a score is made on the scale of its logit, and lies within 0 and 1', () => {
  const { interval } = estimates([macroF1], golds, [labels(ours)], { clusters, method: 'jackknife-t' }).of(
    macroF1.id,
  );
  near([interval?.low, interval?.high], wanted.score, 1e-9);
});
