import assert from 'node:assert/strict';
import { test } from 'node:test';
import { riskCoverage } from 'small-claims/metrics/selective';
import { z } from 'zod';
import { expected } from '../reference/expected.js';

const numbers = z.array(z.number());
const cases = expected(
  'selective',
  z.array(
    z.object({
      confidence: numbers,
      right: numbers,
      risk: numbers,
      area: z.number(),
      leastArea: z.number(),
    }),
  ),
);
const close = (actual: number, wanted: number | undefined) =>
  assert.ok(
    wanted !== undefined && Math.abs(actual - wanted) < 1e-9,
    `${actual}, the reference has ${wanted}`,
  );

test("risk at each coverage is scikit-learn's zero-one loss, the area and the least one lm-polygraph's", () => {
  for (const { confidence, right, ...wanted } of cases) {
    const rows = confidence.map((each, row) => ({ confidence: each, right: right[row] === 1 }));
    const { risk, area, excessArea } = riskCoverage(rows);
    assert.equal(risk.length, wanted.risk.length);
    risk.forEach((each, index) => {
      close(each, wanted.risk[index]);
    });
    close(area, wanted.area);
    close(area - excessArea, wanted.leastArea);
  }
});
