import { holm } from '../../metrics/multiplicity.js';
import type { AuditResult, Check } from '../result.js';
import { kebab, percent, pointsFrom } from '../wording.js';
import { integrityChecks } from './integrity.js';
import { shortcutChecks } from './shortcuts.js';
import type { Concerned, Measured } from './suspicion.js';

/** Rows a check names at most. */
const MOST_ROWS = 100;

/**
 * Judges what has been measured. Tests are corrected by Holm (1979), so that where the data are clean the chance of
 * any false alarm among them is at most `alpha`; counts, such as of shared rows, are no tests.
 */
export function judge(
  measured: Measured,
  concerned: Concerned,
): Pick<AuditResult, 'verdict' | 'headline' | 'checks'> {
  const suspicions = [...integrityChecks(measured), ...shortcutChecks(measured, concerned)];
  const tested = suspicions.flatMap(({ p }) => (p === null ? [] : [p]));
  const corrected = holm(tested);
  let next = 0;
  const checks = suspicions.map(({ concerned: rows = [], rowCount = rows.length, ...check }): Check => {
    const adjustedP = check.p === null ? null : (corrected[next++] ?? 1);
    const chance = adjustedP !== null && adjustedP >= measured.options.alpha;
    const verdict = chance ? 'fine' : check.verdict;
    const finding =
      chance && check.verdict !== 'fine' && check.p !== null && check.p < 1
        ? `${check.finding} Not beyond chance, once corrected for all tests.`
        : check.finding;
    return { ...check, finding, verdict, adjustedP, rowCount, rows: rows.slice(0, MOST_ROWS) };
  });
  const verdict = (['leaks', 'look'] as const).find((grave) =>
    checks.some((check) => check.verdict === grave),
  );
  return { verdict: verdict ?? 'fine', headline: headline(measured, checks), checks };
}

/** The sentence a reader takes away: what can be had without reading what is asked of. */
function headline({ data, rules, partialInputs }: Measured, checks: readonly Check[]): string {
  const [first = '', second = ''] = data.fields;
  // Of one text, all that is counted is of it, and to read it is the task: a rule is blind that only counts.
  const oneText = data.fields.length < 2;
  const unread = oneText ? 'that only counts' : `that never reads the ${first}`;
  const strongest = Math.max(...rules.map(({ gain }) => gain.value));
  const flagged = (id: string) => checks.some((check) => check.id === id && check.verdict !== 'fine');
  // A long rule would bury the number.
  const shorten = (saying: string) =>
    saying.length > 90 ? `a tree on counts of the ${second || first}` : saying;
  const blind = [
    ...rules
      .filter(({ readsClaim }) => (oneText || !readsClaim) && flagged('rules'))
      .map(({ saying, accuracy, gain }) => ({
        what: `A rule ${unread} (${shorten(saying)})`,
        accuracy,
        gain,
        // The check is of the best rule, so that it has been judged.
        judged: gain.value === strongest,
      })),
    ...partialInputs
      .filter(({ id }) => id === second && flagged(kebab(`${second}-alone`)))
      .map(({ accuracy, gain }) => ({
        what: `A classifier that never reads the ${first}`,
        accuracy,
        gain,
        judged: false,
      })),
  ]
    .flatMap(({ what, accuracy, gain, judged }) =>
      accuracy && gain && (judged || gain.low > 0) ? [{ what, accuracy, gain }] : [],
    )
    .toSorted((a, b) => b.gain.value - a.gain.value);
  const [best] = blind;
  const majority = Math.max(...data.labels.map((label) => (data.test.labels[label] ?? 0) / data.test.rows));
  if (best) {
    return `${best.what} reaches an accuracy of ${percent(best.accuracy.value)}, ${pointsFrom(best.gain.value, 'always naming the commonest label')}.`;
  }
  return `No rule ${unread} was found to do better than always naming the commonest label (${percent(majority)} of the test rows).`;
}
