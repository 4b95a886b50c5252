import { holm, levelLeft } from '../../metrics/multiplicity.js';
import type { AuditResult, Check, Verdict } from '../result.js';
import { kebab, percent, pointsFrom } from '../wording.js';
import { OWN_DIVISION, ofTheData, testable } from './few-groups.js';
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
  const suspicions = [...integrityChecks(measured), ...shortcutChecks(measured, concerned)].map((each) =>
    testable(ofTheData(each, measured.data), measured.data),
  );
  const tested = suspicions.flatMap(({ p }) => (p === null ? [] : [p]));
  const corrected = holm(tested);
  let next = 0;
  const checks = suspicions.map(
    ({ concerned: rows = [], rowCount = rows.length, unseen: why, ...check }): Check => {
      const place = check.p === null ? -1 : next++;
      const adjustedP = corrected[place] ?? null;
      const chance = adjustedP !== null && adjustedP >= measured.options.alpha;
      const unseen =
        place >= 0 && (chance || check.verdict === 'fine')
          ? why?.(levelLeft(tested, place, 'holm', measured.options))
          : undefined;
      const told = check.finding.endsWith(' beyond chance.');
      const finding = [
        check.finding,
        ...(chance && check.verdict !== 'fine' && check.p !== null && check.p < 1 && !told
          ? ['Not beyond chance, once corrected for all tests.']
          : []),
        ...(unseen ? [unseen] : []),
      ].join(' ');
      const verdict: Verdict = unseen ? 'cannot tell' : chance ? 'fine' : check.verdict;
      return { ...check, finding, verdict, adjustedP, rowCount, rows: rows.slice(0, MOST_ROWS) };
    },
  );
  const verdict = (['leaks', 'look', 'cannot tell'] as const).find((grave) =>
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
  const flagged = (id: string) =>
    checks.some(({ id: of, verdict }) => of === id && (verdict === 'look' || verdict === 'leaks'));
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
      accuracy && gain && (judged || (gain.low ?? 0) > 0) ? [{ what, accuracy, gain }] : [],
    )
    .toSorted((a, b) => b.gain.value - a.gain.value);
  const [best] = blind;
  const misled = invertedLeaks(checks);
  const majority = Math.max(...data.labels.map((label) => (data.test.labels[label] ?? 0) / data.test.rows));
  if (best) {
    return `${best.what} reaches an accuracy of ${percent(best.accuracy.value)}, ${pointsFrom(best.gain.value, 'always naming the commonest label')}.${misled}`;
  }
  if (misled) return misled.trim();
  const untold = checks.filter(({ verdict }) => verdict === 'cannot tell').length;
  if (untold > 0 && checks.every(({ verdict }) => verdict === 'fine' || verdict === 'cannot tell'))
    return `Nothing was found, but ${untold} of ${checks.length} checks could not have found anything: too few rows or permutations${checks.some(({ finding }) => finding.endsWith(OWN_DIVISION)) ? ', or rows that the audit itself divided' : ''}.`;
  if (checks.some(({ id, verdict }) => id === 'rules' && verdict === 'cannot tell'))
    return `Whether a rule ${unread} does better than always naming the commonest label (${percent(majority)} of the test rows) cannot be told from these rows.${besides(checks)}`;
  return `No rule ${unread} was found to do better than always naming the commonest label (${percent(majority)} of the test rows).${besides(checks)}`;
}

/** What was found where no rule was; that a count goes with a label need not make a rule name more labels right. */
function besides(checks: readonly Check[]): string {
  const found = checks.filter(({ verdict }) => verdict === 'look' || verdict === 'leaks');
  const counts = found.some(({ id }) => id === 'form' || id === 'empty-fields');
  const named = found.map(({ title }) => `${title.charAt(0).toLowerCase()}${title.slice(1)}`);
  const more = named.length > 3 ? ` and ${named.length - 3} more` : '';
  return [
    counts ? ' Yet counts go with labels, which need not make a rule name more of them right.' : '',
    found.length > 0 ? ` Something was found in: ${named.slice(0, 3).join('; ')}${more}.` : '',
  ].join('');
}

/** What leads the wrong way, and inverted gives labels away. */
function invertedLeaks(checks: readonly Check[]): string {
  const inverted = checks.filter(({ id, verdict, finding }) => {
    const signed = id.startsWith('signed-') || id.endsWith('-alone');
    return signed && verdict === 'leaks' && /below chance/.test(finding);
  });
  if (inverted.length === 0) return '';
  const what = inverted.map(({ title }) => `${title.charAt(0).toLowerCase()}${title.slice(1)}`);
  return ` Misleading, and by that a giveaway: ${what.join('; ')}.`;
}
