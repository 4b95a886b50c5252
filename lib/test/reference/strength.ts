/**
 * Macro-F1 of the partial-input baselines on SciFact train by inverse penalty, in five folds that keep claims whole,
 * three times over; writes strength.json beside this file. It takes some minutes and needs the release:
 *
 *     make test && DATA_MIRROR=... node build/test/reference/strength.js
 */
import { writeFileSync } from 'node:fs';
import { fitBaseline } from 'small-claims/audit/builds/build-baseline';
import { readBy, textsOf } from 'small-claims/audit/data';
import { loadBuild } from 'small-claims/datasets/builds';
import { groupsOf } from 'small-claims/datasets/group';
import { mostProbableClasses } from 'small-claims/learners/targets';
import { scores } from 'small-claims/metrics/measure';
import { randomStream } from 'small-claims/project/random';
import { labelled } from 'small-claims/tasks/row';
import { goldLabels, LABELS, macroF1 } from '../metrics/labels.js';

const STRENGTHS = [0.3, 1, 3, 10, 30];
const FOLDS = 5;
const fields = ['claim', 'evidence'];
const rows = labelled(await loadBuild('scifact/rationales/train'));

function crossValidated(input: 'claim' | 'evidence' | 'both', strength: number, seed: number) {
  const foldOf = new Map<number, number>();
  const claims = randomStream('folds of strength', seed).shuffle(groupsOf(rows, 'claim'));
  for (const [index, claim] of claims.entries()) for (const row of claim) foldOf.set(row, index % FOLDS);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const train = rows.filter((_row, index) => foldOf.get(index) !== fold);
    const tried = rows.filter((_row, index) => foldOf.get(index) === fold);
    const model = fitBaseline(input, { fields, labels: LABELS, train }, strength);
    const predicted = mostProbableClasses(
      model.logprobs(textsOf(tried, readBy(input, fields))),
      LABELS.length,
    );
    return goldLabels(tried).map((gold, row) => ({ gold, predicted: LABELS[predicted[row] ?? 0] ?? 'NEI' }));
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
