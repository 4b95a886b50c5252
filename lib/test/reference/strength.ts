/**
 * Macro-F1 of the partial-input baselines on SciFact train by inverse penalty, in five folds that keep claims whole,
 * three times over; writes strength.json beside this file. It takes some minutes and needs the release:
 *
 *     make test && DATA_MIRROR=... node build/test/reference/strength.js
 */
import { writeFileSync } from 'node:fs';
import { pairRows } from 'small-claims/audit/pair';
import { fitPartialInput } from 'small-claims/audit/partial-input';
import { loadBuild } from 'small-claims/datasets/builds';
import { groupsOf } from 'small-claims/datasets/group';
import { mostProbable } from 'small-claims/metrics/answers';
import { scores } from 'small-claims/metrics/measure';
import { randomStream } from 'small-claims/project/random';
import { goldLabels, LABELS } from 'small-claims/tasks/example';
import { macroF1 } from '../metrics/labels.js';

const STRENGTHS = [0.3, 1, 3, 10, 30];
const FOLDS = 5;
const loaded = await loadBuild('scifact/rationales/train');
const gold = goldLabels(loaded);
const rows = pairRows(loaded);

function crossValidated(input: 'claim' | 'evidence' | 'both', strength: number, seed: number) {
  const foldOf = new Map<number, number>();
  const claims = randomStream('folds of strength', seed).shuffle(groupsOf(loaded, 'claim'));
  for (const [index, claim] of claims.entries()) for (const row of claim) foldOf.set(row, index % FOLDS);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const train = rows.filter((_row, index) => foldOf.get(index) !== fold);
    const logprobs = fitPartialInput(input, train, { strength });
    return rows.flatMap((row, index) => {
      const label = gold[index];
      return label && foldOf.get(index) === fold
        ? [{ gold: label, predicted: mostProbable(logprobs(row), LABELS) }]
        : [];
    });
  });
  const held = folds.flat();
  const [score = Number.NaN] = scores(
    [macroF1],
    held.map(({ gold }) => gold),
    held.map(({ predicted }) => predicted),
  );
  return score;
}

const result = (['claim', 'evidence', 'both'] as const).map((input) => ({
  input,
  strengths: STRENGTHS.map((strength) => ({
    strength,
    macroF1: [1, 2, 3].map((seed) => Number(crossValidated(input, strength, seed).toFixed(4))),
  })),
}));
writeFileSync(
  new URL('../../../lib/test/reference/strength.json', import.meta.url),
  `${JSON.stringify(result, null, 1)}\n`,
);
