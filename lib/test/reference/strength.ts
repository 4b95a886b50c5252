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
import { prediction } from 'small-claims/metrics/prediction';
import { scores } from 'small-claims/metrics/scores';
import { randomStream } from 'small-claims/project/random';
import { goldLabels } from 'small-claims/tasks/example';

const STRENGTHS = [0.3, 1, 3, 10, 30];
const FOLDS = 5;
const loaded = await loadBuild('scifact/rationales/train');
const gold = goldLabels(loaded);
const rows = pairRows(loaded);

function crossValidated(input: 'claim' | 'evidence' | 'both', strength: number, seed: number): number {
  const foldOf = new Map<number, number>();
  const claims = randomStream('folds of strength', seed).shuffle(groupsOf(loaded, 'claim'));
  for (const [index, claim] of claims.entries()) for (const row of claim) foldOf.set(row, index % FOLDS);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const train = rows.filter((_row, index) => foldOf.get(index) !== fold);
    const logprobs = fitPartialInput(input, train, { strength });
    return rows.flatMap((row, index) => {
      const label = gold[index];
      return label && foldOf.get(index) === fold
        ? [{ gold: label, predicted: prediction(logprobs(row)) }]
        : [];
    });
  });
  const held = folds.flat();
  return scores(
    held.map(({ gold }) => gold),
    held.map(({ predicted }) => predicted),
  ).macroF1;
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
