import { LEAST_GROUPS } from '../data.js';
import type { Estimate } from '../result.js';
import type { Measured, Suspicion } from './suspicion.js';

/**
 * What was measured, without intervals and with p-values of 1 wherever it rests on rows of too few groups of linked rows (the
 * `groups` of a set): such rows tell nothing of others, however many they are.
 */
export function withoutTests(measured: Measured): Measured {
  const { data, features, rules, partialInputs, priorShift, words } = measured;
  const [learnt, tried] = [data.train, data.test].map(({ groups }) => groups !== undefined);
  return {
    ...measured,
    ...(tried && {
      features: features.map((each) => ({ ...each, auc: bare(each.auc), p: 1 })),
      rules: rules.map((each) => ({
        ...each,
        ...{ accuracy: bare(each.accuracy), macroF1: bare(each.macroF1), gain: bare(each.gain), p: 1 },
      })),
      partialInputs: partialInputs.map((each) => ({
        ...each,
        chance: each.chance && { ...each.chance, p: 1 },
      })),
    }),
    ...((learnt || tried) && { priorShift: { ...priorShift, p: 1 } }),
    ...(learnt && { words: words.map((each) => ({ ...each, p: 1 })) }),
  };
}

const bare = ({ value }: Estimate): Estimate => ({ value });

/** Why it cannot be told what rows share that are parts of one set. */
export const OWN_DIVISION =
  'The audit itself divided these rows: what a release would have on both sides cannot be told from that.';

/** A check of what train and test share, or, where it was the audit that divided them, that it says nothing of the data. */
export function ofTheData(check: Suspicion, { divided = false }: Measured['data']): Suspicion {
  if (!divided || !/^(?:shared|near|signed)-/.test(check.id) || check.verdict === 'fine') return check;
  return { ...check, p: null, verdict: 'cannot tell', finding: `${check.finding} ${OWN_DIVISION}` };
}

/** A check, or, where what it would test is of too few groups of linked rows, that it cannot tell, and what it would take. */
export function testable(check: Suspicion, { train, test }: Measured['data']): Suspicion {
  // Of signed leaks the groups that share something count, and they are told there.
  if (check.p === null || check.id.startsWith('signed-')) return check;
  const sets = check.area === 'words' ? [train] : check.id === 'prior-shift' ? [train, test] : [test];
  const [fewest] = sets
    .flatMap(({ name, groups }) => (groups === undefined ? [] : [{ name, groups }]))
    .toSorted((a, b) => a.groups - b.groups);
  if (!fewest) return check;
  const { name, groups } = fewest;
  const linked = groups === 1 ? 'are all linked with one another' : `form ${groups} groups of linked rows`;
  const needed = `Not tested: the rows of ${name} ${linked}. At least ${LEAST_GROUPS} groups that share nothing are needed.`;
  return { ...check, p: null, verdict: 'cannot tell', finding: `${check.finding} ${needed}` };
}
