import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { scores } from 'small-claims/metrics/measure';
import { textMeasures, writtenScores } from 'small-claims/metrics/measures/text';
import { z } from 'zod';
import { expected } from '../../reference/expected.js';
import { near } from '../near.js';

const reference = expected(
  'written',
  z.array(
    z.object({
      candidate: z.string(),
      references: z.array(z.string()),
      'exact-match': z.number(),
      'rouge-1': z.number(),
      'rouge-2': z.number(),
      'rouge-l': z.number(),
    }),
  ),
);
const ids = ['exact-match', 'rouge-1', 'rouge-2', 'rouge-l'] as const;

describe("a written answer has the ROUGE of Google's rouge-score and the exact match of SQuAD", () => {
  for (const { candidate, references, ...wanted } of reference) {
    test(JSON.stringify(candidate), () => {
      const found = writtenScores(candidate, references);
      near(
        ids.map((id) => found[id]),
        ids.map((id) => wanted[id]),
      );
    });
  }
});

const measures = textMeasures();
const golds = [['yes'], ['the answer'], ['no effect']];

test('of many written answers the mean counts, one that is missing as 0', () => {
  const answers = [writtenScores('Yes.', ['yes']), null, writtenScores('no known effect', ['no effect'])];
  assert.deepEqual(
    measures.map(({ id }) => id),
    ids,
  );
  near(scores(measures, golds, answers), [1 / 3, (1 + 0.8) / 3, 0, (1 + 0.8) / 3]);
  near(scores(measures, golds, [null, null, null]), [0, 0, 0, 0]);
});

test('an answer without its scores is refused, with its row', () => {
  assert.throws(() => scores(measures, golds, [null, 'yes', null]), /the answer of row 2 is "yes"/);
  assert.throws(() => scores(measures, golds, [{ 'rouge-1': 1 }, null, null]), /exact-match among them/);
});
