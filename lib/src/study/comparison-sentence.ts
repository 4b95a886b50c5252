import type { Measure } from '../metrics/measure.js';
import { formatDifference, formatNumber } from '../reporting/format.js';
import { intervalText, type ValueInterval } from '../reporting/value.js';
import { type ComparisonTest, verdictOf } from '../reporting/verdict.js';

/** Two systems and what was found of them. */
interface Found {
  readonly a: { readonly name: string };
  readonly b: { readonly name: string };
  readonly on: string;
  readonly rows: readonly unknown[];
  readonly measure: Measure;
  readonly seeds: number;
  readonly difference: number;
  readonly interval?: ValueInterval;
  readonly note?: string;
  readonly overSeeds?: ValueInterval;
}

/**
 * "A outperforms B on SciFact dev: +2.8 points of macro-F1 (95% CI …), p = … by …, corrected over 3 p = …, n = 450; this
 * test, since …".
 */
export function sentence(
  { a, b, on, rows, measure, seeds, difference, interval, note, overSeeds }: Found,
  test: ComparisonTest,
): string {
  const format = formatOf(measure);
  const p = (number: number) => {
    const text = formatNumber(number, { format: 'p-value' });
    return text.startsWith('<') ? `p ${text}` : `p = ${text}`;
  };
  const plain = (number: number) => formatDifference(number, format).replace('+', '');
  const verdict = verdictOf(difference, test);
  const { equivalence } = test;
  const found = `${formatDifference(difference, format)} of ${measure.title}`;
  const n = `n = ${formatNumber(rows.length, { format: 'count' })}${meanOf(seeds)}`;
  if (verdict === undefined)
    return `${a.name} and ${b.name} on ${on}: ${found}, ${n}; no test, since ${test.reason}`;
  return [
    `${a.name} ${verdict} ${b.name} on ${on}:`,
    `${found} (${interval ? intervalText(interval, { format }) : note}${overSeeds ? `; for other seeds too ${intervalText(overSeeds, { format })}` : ''}),`,
    ...(test.standardError === undefined || test.leastDifference === undefined
      ? []
      : [
          `standard error ${plain(test.standardError)}, least difference found in 80 of 100 cases ${plain(test.leastDifference)},`,
        ]),
    `${p(test.p)} by ${test.method}, corrected over ${test.family}${test.role ? ` ${test.role}` : ''} ${p(test.corrected)},`,
    ...(verdict === 'matches'
      ? [
          `${p(equivalence.p)} of a difference beyond ${plain(equivalence.margin)} by two one-sided tests, corrected ${p(equivalence.corrected ?? equivalence.p)},`,
        ]
      : []),
    `${n}; this test, since ${test.reason}`,
  ].join(' ');
}

/** How a difference of its scores is written: of shares in points. */
export const formatOf = ({ format }: Measure): 'points' | 'decimal' =>
  format === 'percent' ? 'points' : 'decimal';

/** `, mean over 3 seeds` */
export const meanOf = (seeds: number) => (seeds > 1 ? `, mean over ${seeds} seeds` : '');
