import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { findMeasure } from 'small-claims/metrics/measures/measures';
import {
  BEGINS,
  predictionsCsv,
  predictionsJsonl,
  predictionsText,
} from 'small-claims/pipeline/prediction-output/prediction-table';
import { scoresText } from 'small-claims/pipeline/prediction-output/score-table';
import type { Prediction } from 'small-claims/scoring/own/score';
import { findTask } from 'small-claims/tasks/task';
import { z } from 'zod';
import { expected } from '../../reference/expected.js';

const label = z.enum(['SUPPORT', 'CONTRADICT', 'NEI']);
const known = expected(
  'own_claims',
  z.object({
    rows: z.array(
      z.object({ gold: label.nullable(), probabilities: z.array(z.number()).length(3), prediction: label }),
    ),
    accuracy: z.number(),
    macroF1: z.number(),
    f1: z.array(z.number()).length(3),
    confusion: z.array(z.array(z.number()).length(3)).length(3),
  }),
);
const task = findTask('claim-verification');
const predictions = known.rows.map(({ gold, probabilities, prediction }, index): Prediction => {
  const shares = label.options.map((each, at) => [each, probabilities[at] ?? Number.NaN]);
  return {
    id: `c"${index}`,
    prediction,
    probabilities: Object.fromEntries(shares),
    mass: 0.9,
    ...(gold !== null && { gold }),
    keys: { claim: [`${index}`], evidence: [] },
  };
});
const rows = predictions.map(() => ({ texts: { claim: 'Tea lengthens sleep.', evidence: '' } }));
const scored = scoresText(predictions, rows, task) ?? '';

test('scores of predictions are those that scikit-learn has, over the rows with gold alone', () => {
  const percent = (share: number) => (100 * share).toFixed(1);
  const wanted: readonly (readonly [string, number])[] = [
    ['accuracy', known.accuracy],
    ['macro-F1', known.macroF1],
    ...label.options.map((each, at) => [`F1 of ${each}`, known.f1[at] ?? Number.NaN] as const),
  ];
  for (const [title, share] of wanted) {
    const line = scored.split('\n').find((each) => each.startsWith(title)) ?? '';
    assert.match(line, new RegExp(String.raw`^${title} +${percent(share)} +\d+\.\d–\d+\.\d$`));
  }
  assert.match(scored, /^48 of 60 rows have gold:/);
});

test('the counts of gold against predicted labels are those of scikit-learn’s confusion matrix', () => {
  const counts = label.options.map((gold) => {
    const line = scored.split('\n').find((each) => new RegExp(`^${gold} +\\d`).test(each)) ?? '';
    return line.split(/ +/).slice(1).map(Number);
  });
  assert.deepEqual(counts, known.confusion);
});

test('a row that was not answered has a column of its own among the counts, and is scored as wrong', () => {
  const [first, ...others] = predictions.filter(({ gold }) => gold !== undefined);
  assert.ok(first);
  const text = scoresText([{ ...first, prediction: null }, ...others], rows, task) ?? '';
  assert.match(text, /^48 of 48 rows have gold; 1 of them were not answered, and count as wrong:/);
  assert.match(text, /gold +SUPPORT +CONTRADICT +NEI +no answer/);
});

test('what a task is measured by before all else is among the scores, whichever measure it is', () => {
  for (const measure of ['micro-f1', 'accuracy', 'f1-nei']) {
    const text = scoresText(predictions, rows, { ...task, measure }) ?? '';
    assert.match(text, new RegExp(`^${findMeasure(measure, task).title} `, 'm'));
  }
});

test('there are no scores where no row has gold', () => {
  const without = predictions.map(({ gold: _, ...each }) => each);
  assert.equal(scoresText(without, rows, task), undefined);
});

test('a CSV of predictions has a row each, with a probability a label, that of gold, and the mass', () => {
  const csv = predictionsCsv(predictions, task);
  const read: readonly Record<string, string>[] = parse(csv, { columns: true });
  assert.match(csv, BEGINS);
  assert.equal(read.length, 60);
  for (const [index, row] of read.entries()) {
    const { id, prediction, probabilities, gold } = predictions[index] ?? assert.fail();
    assert.deepEqual([row['id'], row['prediction'], row['gold']], [id, prediction, gold ?? '']);
    assert.deepEqual(
      label.options.map((each) => Number(row[`p_${each}`])),
      label.options.map((each) => probabilities?.[each]),
    );
    assert.equal(row['p_gold'], gold === undefined ? '' : String(probabilities?.[String(gold)]));
    assert.equal(row['mass'], '0.9');
  }
});

test('JSON Lines of predictions have probabilities by label', () => {
  const lines = predictionsJsonl(predictions).trimEnd().split('\n');
  assert.equal(lines.length, 60);
  assert.match(lines[0] ?? '', BEGINS);
  const { id, prediction, probabilities } = JSON.parse(lines[7] ?? '');
  assert.deepEqual(
    [id, prediction, probabilities],
    ['c"7', predictions[7]?.prediction, predictions[7]?.probabilities],
  );
});

test('a terminal is shown the first rows, how many more there are, and no character that commands it', () => {
  const strange = predictions.map((each) => ({ ...each, id: `\u001b[2J${each.id}` }));
  const text = predictionsText(strange, task, 3);
  assert.equal(text.split('\n').length, 5);
  assert.match(text, /\.\.\. and 57 more$/);
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
});

test('label sets are written as they are read, parted by bars; spans as JSON', () => {
  const hallmarks = findTask('cancer-hallmarks');
  const diseases = findTask('disease-recognition');
  const row = { id: '1', keys: {}, written: 'x' };
  const set = predictionsCsv(
    [{ ...row, prediction: ['resisting cell death', 'inducing angiogenesis'] }],
    hallmarks,
  );
  const spans = predictionsCsv([{ ...row, prediction: [{ type: 'Disease', start: 0, end: 4 }] }], diseases);
  assert.match(set, /1,resisting cell death\|inducing angiogenesis,x/);
  assert.match(spans, /1,"\[\{""type"":""Disease"",""start"":0,""end"":4\}\]",x/);
});
