import { studentQuantile } from '../../metrics/distributions.js';
import { LEAST_GROUPS, LEAST_WORTH } from '../data.js';
import { boundsOf } from '../result.js';
import { counted, have, kebab, percent, rowsText, severalOf } from '../wording.js';
import { type Measured, type Suspicion, THRESHOLDS } from './suspicion.js';
import { type Unseen, unseenEffect } from './unseen.js';

/** Texts and keys shared between rows, labels that conflict, and labels in other proportions. */
export function integrityChecks(measured: Measured): readonly Suspicion[] {
  return [
    ...overlapChecks(measured),
    ...keyChecks(measured),
    ...signedChecks(measured),
    conflictCheck(measured),
    priorCheck(measured),
  ];
}

function overlapChecks({ overlaps, data: { fields } }: Measured): readonly Suspicion[] {
  const one = fields.length < 2;
  const between = overlaps
    .filter(({ where }) => where === 'between')
    .toSorted((a, b) => orderOf(a.of, fields) - orderOf(b.of, fields))
    .map(({ of, match, rows, share, pairs }): Suspicion => {
      const limit = of === 'pair' ? THRESHOLDS.sharedPairs : THRESHOLDS.sharedTexts;
      const near = match === 'near';
      const noun = of === 'pair' && one ? 'text' : of;
      return {
        id: kebab(`${near ? 'near' : 'shared'}-${severalOf(of, fields)}`),
        area: 'integrity',
        title: `${near ? 'Near overlap' : 'Overlap'} of ${severalOf(noun, fields)}, test with training`,
        verdict: rows === 0 ? 'fine' : share >= limit ? 'leaks' : 'look',
        finding: `${rowsText(rows)} of the test (${percent(share)}) ${have(rows)} ${near ? 'nearly ' : ''}the same ${noun} as a training row.`,
        criterion: `Look from one row on, leaks from ${percent(limit, 0)} of the test rows on.`,
        p: null,
        concerned: pairs.flatMap(([row]) => row ?? []),
        rowCount: rows,
      };
    });
  const within = overlaps.filter(
    (each) => each.of === 'pair' && each.match === 'same text' && each.where !== 'between',
  );
  return [
    ...between,
    ...within.map(
      ({ where, rows, share, pairs }): Suspicion => ({
        id: `repeated-pairs-${where}`,
        area: 'integrity',
        title: `Repetition of ${one ? 'texts' : 'pairs'} within ${where}`,
        verdict: share >= THRESHOLDS.repeatedPairs ? 'look' : 'fine',
        finding: `${rowsText(rows)} (${percent(share)}) ${have(rows)} the same texts as another row of ${where}.`,
        criterion: `Look from ${percent(THRESHOLDS.repeatedPairs, 0)} of the rows on.`,
        p: null,
        concerned: pairs.flatMap(([row]) => row ?? []),
        rowCount: rows,
      }),
    ),
  ];
}

function keyChecks({ sharedKeys = [] }: Measured): readonly Suspicion[] {
  const limit = THRESHOLDS.sharedTexts;
  return sharedKeys.map(
    ({ key, rows, share, pairs }): Suspicion => ({
      id: kebab(`shared-key-${key}`),
      area: 'integrity',
      title: `Overlap of key ${key}, test with training`,
      verdict: rows === 0 ? 'fine' : share >= limit ? 'leaks' : 'look',
      finding: `${rowsText(rows)} of the test (${percent(share)}) ${have(rows)} a value of the key ${key} that a training row has.`,
      criterion: `Look from one row on, leaks from ${percent(limit, 0)} of the test rows on.`,
      p: null,
      concerned: pairs.flatMap(([row]) => row ?? []),
      rowCount: rows,
    }),
  );
}

/** Which way a text or key in common leads: to the same label more or less often than by chance. */
function signedChecks({ signedLeaks = [], options, data }: Measured): readonly Suspicion[] {
  return signedLeaks
    .filter(({ rows }) => rows >= SIGNED_ROWS * data.test.rows)
    .map(({ of, rows, pairs, groups, worth, agreement, chance, excess, p }): Suspicion => {
      const { value } = excess;
      const bounds = boundsOf(excess);
      const noun = of.startsWith('key ') ? of : `the ${of}`;
      const way =
        value > 0
          ? 'above chance, so that memory inflates a score'
          : 'below chance, so that memory misleads, and inverted gives labels away';
      const freedom = worth - 1;
      const basis = `${groups.toLocaleString('en')} groups of rows, worth ${worth.toFixed(1)} of equal size`;
      const few = groups < LEAST_GROUPS || worth < LEAST_WORTH;
      return {
        id: kebab(`signed-${of}`),
        area: 'integrity',
        title: `Labels of rows that share ${noun}`,
        verdict: Math.abs(value) >= THRESHOLDS.agreement ? 'leaks' : 'look',
        finding:
          `Of ${counted(pairs, 'pair')} of a test row and a training row that share ${noun} (${rowsText(rows)} of the test in ${counted(groups, 'group')}, worth ${worth.toFixed(1)} of equal size) ${percent(agreement.value)} have the same label, chance has ${percent(chance)}: ` +
          `${percent(Math.abs(value)).replace('%', 'points')} ${p < options.alpha ? way : value >= 0 ? 'above' : 'below'}${bounds ? ` (${(100 * bounds.low).toFixed(1)} to ${(100 * bounds.high).toFixed(1)})` : ''}.`,
        criterion: `Look where that is beyond chance on either side (Student's t over groups), leaks from ${100 * THRESHOLDS.agreement} points on. Of groups worth fewer than ${LEAST_WORTH} of equal size nothing can be told.`,
        p,
        rowCount: rows,
        unseen: (level) =>
          few
            ? `Too few groups of rows to tell: ${groups}, worth ${worth.toFixed(1)} of equal size; at least ${LEAST_WORTH} are needed.`
            : bounds &&
              unseenEffect({
                standardError:
                  (bounds.high - bounds.low) / (2 * studentQuantile((1 + options.level) / 2, freedom)),
                limit: THRESHOLDS.agreement,
                units: groups,
                have: basis,
                freedom,
              })(level),
      };
    });
}

/** Share of test rows that share something, below which it is not asked which way that leads. */
const SIGNED_ROWS = 0.05;

/** Pairs first, then each field; of each the same texts, then the near ones. */
const orderOf = (of: string, fields: readonly string[]) => fields.indexOf(of);

function conflictCheck({ conflicts }: Measured): Suspicion {
  return {
    id: 'conflicting-labels',
    area: 'integrity',
    title: 'Labels of equal texts',
    verdict: conflicts.rows > 0 ? 'look' : 'fine',
    finding: `${rowsText(conflicts.rows)} ${have(conflicts.rows)} the same texts as another row and another label.`,
    criterion: 'Look from one row on.',
    p: null,
    concerned: conflicts.groups.flat(),
    rowCount: conflicts.rows,
  };
}

function priorCheck({ data, priorShift }: Measured): Suspicion {
  const share = (set: typeof data.train, label: string) => (set.labels[label] ?? 0) / set.rows;
  const shift = data.labels.reduce(
    (sum, label) => sum + Math.abs(share(data.train, label) - share(data.test, label)) / 2,
    0,
  );
  return {
    id: 'prior-shift',
    area: 'integrity',
    title: 'Label proportions, train against test',
    verdict: shift >= THRESHOLDS.priorShift ? 'look' : 'fine',
    finding: `The shares of the labels differ by ${percent(shift)} of the rows in all.`,
    criterion: `Look where that is beyond chance (chi-square) and at least ${percent(THRESHOLDS.priorShift, 0)}.`,
    p: priorShift.p,
    unseen: unseenShift(data),
  };
}

/** Of a shift by as many rows as a shortcut would gain to leak. */
function unseenShift({ labels, train, test }: Measured['data']): Unseen {
  const variances = labels.map((label) => {
    const share = ((train.labels[label] ?? 0) + (test.labels[label] ?? 0)) / (train.rows + test.rows);
    return share * (1 - share) * (1 / train.rows + 1 / test.rows);
  });
  return unseenEffect({
    standardError: Math.sqrt(Math.max(...variances)),
    limit: THRESHOLDS.gain,
    units: Math.min(train.rows, test.rows),
    have: `${train.rows.toLocaleString('en')} training and ${test.rows.toLocaleString('en')} test rows`,
    what: `a shift of ${percent(THRESHOLDS.gain, 0)} of the rows`,
  });
}
