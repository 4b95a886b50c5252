import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  calibrationError,
  confidences,
  debiasedCalibrationError,
  reliability,
} from 'small-claims/metrics/calibration';
import { differenceError } from 'small-claims/metrics/difference';
import { binomialCdf, normalCdf, normalQuantile, studentCdf } from 'small-claims/metrics/distributions';
import { equivalence } from 'small-claims/metrics/equivalence';
import { mcnemar, mcnemarOfCounts } from 'small-claims/metrics/mcnemar';
import { summed } from 'small-claims/metrics/measure';
import { benjaminiHochberg, holm } from 'small-claims/metrics/multiplicity';
import { pairedBootstrapTest, randomisationTest } from 'small-claims/metrics/paired-tests';
import { minimumDetectableEffect, sampleSize } from 'small-claims/metrics/power';
import { brierScore, logLoss } from 'small-claims/metrics/probability';
import { bcaTails } from 'small-claims/metrics/resampling/bca';
import { intervals } from 'small-claims/metrics/resampling/bootstrap';
import { quantile } from 'small-claims/metrics/resampling/quantile';
import { riskCoverage } from 'small-claims/metrics/selective';
import { fitTemperature } from 'small-claims/metrics/temperature';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { accuracy, LABELS, labels, macroF1 } from './labels.js';

const numbers = z.array(z.number());
const reference = expected(
  'inference',
  z.object({
    calibration: z.object({
      gold: z.string(),
      logprobs: z.array(numbers),
      brier: z.number(),
      logLoss: z.number(),
      reliability: z.object({ accuracy: numbers, confidence: numbers }),
      equalWidth: z.number(),
      equalMass: z.number(),
      debiased: z.number(),
      temperature: z.number(),
      risk: numbers,
      excessArea: z.number(),
    }),
    multiplicity: z.object({ p: numbers, holm: numbers, benjaminiHochberg: numbers }),
    mcnemar: z.array(
      z.object({ counts: z.tuple([z.number(), z.number()]), exact: z.number(), midP: z.number() }),
    ),
    power: z.object({ sampleSize: z.number(), power: z.number() }),
    paired: z.object({
      gold: z.string(),
      ours: z.string(),
      theirs: z.string(),
      equivalence: z.number(),
      accuracyError: z.number(),
      bcaMacroF1: z.tuple([z.number(), z.number()]),
    }),
    bca: z.object({ sample: numbers, estimates: numbers, interval: z.tuple([z.number(), z.number()]) }),
    distributions: z.record(z.string(), z.array(numbers)),
  }),
);

function close(actual: number | undefined, wanted: number | undefined, what: string, within = 1e-9) {
  assert.ok(
    actual !== undefined && wanted !== undefined && Math.abs(actual - wanted) < within,
    `${what}: ${actual}, the reference has ${wanted}`,
  );
}

describe('calibration', () => {
  const { calibration: wanted } = reference;
  const rows = labels(wanted.gold).map((gold, index) => ({
    ...{ id: String(index), gold },
    logprobs: wanted.logprobs[index] ?? [],
  }));
  const confident = confidences(rows, LABELS);
  test('Brier score and log loss equal those of scikit-learn', () => {
    close(brierScore(rows, LABELS), wanted.brier, 'Brier');
    close(logLoss(rows, LABELS), wanted.logLoss, 'log loss');
  });
  test("a reliability diagram has scikit-learn's points", () => {
    const bins = reliability(confident);
    assert.equal(bins.length, wanted.reliability.accuracy.length);
    bins.forEach((bin, index) => {
      close(bin.accuracy, wanted.reliability.accuracy[index], `accuracy of bin ${index}`);
      close(bin.confidence, wanted.reliability.confidence[index], `confidence of bin ${index}`);
    });
  });
  test("calibration errors equal those of Kumar's uncertainty-calibration", () => {
    close(calibrationError(confident), wanted.equalWidth, 'equal width');
    close(calibrationError(confident, { equal: 'mass' }), wanted.equalMass, 'equal mass');
    close(debiasedCalibrationError(confident), wanted.debiased, 'debiased');
  });
  test('a fitted temperature is where scipy finds the slope of log loss to be zero, as scikit-learn does', () => {
    const { temperature } = fitTemperature(rows, LABELS);
    close(temperature, wanted.temperature, 'temperature');
  });
  test('a temperature is refused on a row it was fitted on, and changes no prediction elsewhere', () => {
    const scaling = fitTemperature(rows.slice(0, 200), LABELS);
    assert.throws(() => scaling.apply(rows), /fitted on row 0/);
    // Some labels are apart by the last bit alone, which scaling rounds away.
    const clear = rows.slice(200).filter(({ logprobs }) => {
      const [first = 0, second = 0] = logprobs.toSorted((a, b) => b - a);
      return first - second > 1e-9;
    });
    assert.deepEqual(
      confidences(scaling.apply(clear), LABELS).map(({ right }) => right),
      confidences(clear, LABELS).map(({ right }) => right),
    );
    assert.ok(logLoss(scaling.apply(rows.slice(200)), LABELS) < logLoss(rows.slice(200), LABELS));
  });
  test('risk and coverage equal their expectation over the orders of equal confidences', () => {
    const rounded = confident.map(({ confidence, right }) => ({
      confidence: Number(confidence.toFixed(12)),
      right,
    }));
    const { risk, area, excessArea } = riskCoverage(rounded);
    assert.equal(risk.length, wanted.risk.length);
    risk.forEach((each, index) => {
      close(each, wanted.risk[index], `risk ${index}`);
    });
    close(area, wanted.risk.reduce((sum, each) => sum + each, 0) / wanted.risk.length, 'area');
    close(excessArea, wanted.excessArea, 'excess area');
    assert.deepEqual(riskCoverage(rounded.toReversed()), riskCoverage(rounded));
  });
  test('no rows and an impossible confidence are refused', () => {
    assert.throws(() => brierScore([], LABELS), /no rows/);
    assert.throws(() => reliability([{ confidence: 1.2, right: true }]), /confidence is 1.2/);
  });
});

test('corrected p-values equal those of statsmodels, in the order given', () => {
  const { p, ...wanted } = reference.multiplicity;
  holm(p).forEach((each, index) => {
    close(each, wanted.holm[index], 'Holm');
  });
  benjaminiHochberg(p).forEach((each, index) => {
    close(each, wanted.benjaminiHochberg[index], 'BH');
  });
  assert.throws(() => holm([0.1, 1.1]), /1.1 is not a p-value/);
});

test("McNemar's exact p equals that of statsmodels, the mid-p that of the binomial of scipy", () => {
  for (const { counts, exact, midP } of reference.mcnemar) {
    const actual = mcnemarOfCounts(...counts);
    close(actual.exact, exact, `exact of ${counts}`);
    close(actual.midP, midP, `mid-p of ${counts}`);
  }
  const { onlyOurs, onlyTheirs } = mcnemar(labels('SCNS'), labels('SCCC'), labels('CCNC'));
  assert.deepEqual([onlyOurs, onlyTheirs], [1, 1]);
});

test('sample size equals that of statsmodels, and the detectable effect undoes it', () => {
  const design = { variance: 0.25 };
  close(sampleSize(0.03, design), reference.power.sampleSize, 'size', 1e-6);
  close(minimumDetectableEffect(sampleSize(0.03, design), design), 0.03, 'effect');
});

test('distribution functions equal those of scipy', () => {
  const functions = { normalCdf, normalQuantile, studentCdf, binomialCdf };
  for (const [name, of] of Object.entries(functions)) {
    for (const row of reference.distributions[name] ?? assert.fail(name)) {
      const [x = 0, second = 0, third = 0] = row;
      close(of(x, second, third), row.at(-1), `${name} of ${row.slice(0, -1)}`);
    }
  }
});

describe('what is asked of a pair of systems', () => {
  const { paired: wanted } = reference;
  const [golds, ours, theirs] = [labels(wanted.gold), [labels(wanted.ours)], [labels(wanted.theirs)]];
  test("the equivalence of two accuracies is statsmodels' paired TOST", () => {
    const { difference, standardError, units } = differenceError({ measure: accuracy, golds, ours, theirs });
    close(standardError, wanted.accuracyError, 'standard error');
    close(equivalence(difference, standardError, units, 0.3).p, wanted.equivalence, 'TOST');
    assert.throws(() => equivalence(0.1, 0.1, 30, 0), /margin of 0/);
  });
  test('a system neither differs from itself nor fails to match itself', () => {
    const same = { measure: macroF1, golds, ours, theirs: ours };
    assert.equal(randomisationTest(same).p, 1);
    assert.equal(pairedBootstrapTest(same).p, 1);
    const { difference, standardError, units } = differenceError(same);
    // The exact bound of none: 0.99 to the power of the rows.
    const { p, power } = equivalence(difference, standardError, units, 0.01);
    close(p, 0.99 ** golds.length, 'of systems that answer alike');
    assert.equal(power, 0);
    const many = equivalence(0, 0, 10_000, 0.03);
    assert.ok(many.p > 0 && many.p < 1e-100 && many.power === 1);
  });
  test('BCa intervals equal those of scipy, exactly from its replicates, by chance from our own', () => {
    const { sample, estimates, interval: bounds } = reference.bca;
    const n = sample.length;
    const total = sample.reduce((sum, each) => sum + each, 0);
    const jackknife = Float64Array.from(sample, (each) => (total - each) / (n - 1));
    const ascending = Float64Array.from(estimates);
    const tails = bcaTails(ascending, total / n, jackknife, [0.025, 0.975]);
    tails.forEach((tail, index) => {
      close(quantile(ascending, tail), bounds[index], 'bound');
    });
    const sums = summed([macroF1], golds, ours[0] ?? []);
    const [found] = intervals(sums, { method: 'bca', replicates: 10_000 });
    const own = found?.interval;
    close(own?.low, wanted.bcaMacroF1[0], 'low', 0.01);
    close(own?.high, wanted.bcaMacroF1[1], 'high', 0.01);
    assert.equal(own?.method, 'BCa bootstrap over 120 rows');
  });
});
