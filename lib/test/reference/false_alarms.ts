/**
 * How often an audit flags anything in clean pairs: 200 draws of labels dealt out at random, to rows of which the parts share the
 * evidence, so that the signed checks are made too. Counts, such as of shared rows, are no tests and left out; what an audit
 * measures for reading alone is not measured again. Writes false_alarms.json beside this file; some minutes:
 *
 *     make test && node build/test/reference/false_alarms.js
 */
import { writeFileSync } from 'node:fs';
import { audit } from 'small-claims/audit/audit';
import { judge } from 'small-claims/audit/checks/verdicts';
import { auditData } from 'small-claims/audit/data';
import { guesses, partialInputs } from 'small-claims/audit/measures/partial-inputs';
import { priorShift } from 'small-claims/audit/measures/prior-shift';
import { signedLeaks } from 'small-claims/audit/measures/signed-leaks';
import { reportedFeatures, reportedRules, structure } from 'small-claims/audit/measures/structure';
import { wordHabits } from 'small-claims/audit/measures/word-habits';
import { sharedPairs } from '../audit/synthetic.js';

const DRAWS = 200;
const SIZE = { train: 600, test: 300 };
const OPTIONS = { replicates: 200, permutations: 1000 };

const drawn = (seed: number) => sharedPairs(seed, 'any', { groups: SIZE.test });
const first = drawn(1);
const whole = await audit(first.train, first.test, { ...OPTIONS, splits: { draws: 0 } });
const { alpha, level } = whole.options;

/** The checks of a draw that are tests. */
function testsOf(seed: number) {
  const { train, test } = drawn(seed);
  const data = auditData(train, test);
  const drawing = { replicates: OPTIONS.replicates, level, seed };
  const form = structure(data, drawing);
  const measured = {
    ...whole,
    signedLeaks: [...signedLeaks(data, [], level)],
    priorShift: priorShift(data),
    partialInputs: partialInputs(data, guesses(data), { ...OPTIONS, ...drawing }),
    features: reportedFeatures(form),
    rules: reportedRules(form, data.fields),
    words: data.fields.flatMap((field) => wordHabits(data, field)),
  };
  const { checks } = judge(measured, { empty: [], holding: () => [] });
  return checks.filter(({ p }) => p !== null);
}

const alarms: { seed: number; checks: readonly string[] }[] = [];
const checked = new Set<string>();
for (let seed = 1; seed <= DRAWS; seed++) {
  const tests = testsOf(seed);
  for (const { id } of tests) checked.add(id);
  const checks = tests.filter(({ verdict }) => verdict === 'look' || verdict === 'leaks').map(({ id }) => id);
  if (checks.length > 0) alarms.push({ seed, checks });
}
const found = { tests: [...checked].sort(), falseAlarms: alarms.length, alarms };
writeFileSync(
  new URL('../../../lib/test/reference/false_alarms.json', import.meta.url),
  `${JSON.stringify({ draws: DRAWS, ...SIZE, ...OPTIONS, alpha, ...found }, null, 1)}\n`,
);
