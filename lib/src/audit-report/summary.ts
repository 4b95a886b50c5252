import type { AuditResult, Verdict } from '../audit/result.js';
import { counted } from '../audit/wording.js';

/** An audit as plain text, for a terminal: the headline and a line for each check, the gravest first. */
export function summaryText({ headline, checks, data, floorsBySplit = [] }: AuditResult): string {
  const lines = (['leaks', 'look', 'cannot tell', 'fine'] as const satisfies readonly Verdict[]).flatMap(
    (verdict) =>
      checks
        .filter((check) => check.verdict === verdict)
        .map(({ title, finding, rows }) => {
          const named =
            verdict === 'fine' || rows.length === 0
              ? ''
              : ` Rows: ${rows.slice(0, 3).join(', ')}${rows.length > 3 ? ', ...' : ''}`;
          return `${verdict.toUpperCase().padEnd(11)} ${title}: ${finding}${named}`;
        }),
  );
  const { train, test } = data;
  return [
    `${train.name} (${counted(train.rows, 'row')}) and ${test.name} (${counted(test.rows, 'row')})`,
    ...labelLines(data),
    '',
    headline,
    '',
    ...lines,
    ...(floorsBySplit.length === 0
      ? []
      : [
          '',
          'Macro-F1 of what compares nothing, where train and test together are divided anew, mean (range):',
        ]),
    ...floorsBySplit.map(({ by, draws, macroF1 }) => {
      const percent = (share: number) => (100 * share).toFixed(1);
      const floors = Object.entries(macroF1).map(
        ([input, { mean, low, high }]) => `${input} ${percent(mean)} (${percent(low)} to ${percent(high)})`,
      );
      return `  by ${by}: ${floors.join(', ')}; ${counted(draws, 'draw')}`;
    }),
  ].join('\n');
}

/** Labels that the terminal counts one by one; and rows of a label below which its scores say little. */
const [MOST_LABELS, FEW] = [12, 10];

/** How many rows each label has in training and test, the commonest first, and which have too few to say much of. */
function labelLines({ labels, train, test }: AuditResult['data']): readonly string[] {
  const counted = labels
    .map((label) => ({ label, learnt: train.labels[label] ?? 0, tried: test.labels[label] ?? 0 }))
    .sort((a, b) => b.learnt + b.tried - a.learnt - a.tried);
  const count = (rows: number) => rows.toLocaleString('en');
  const shown = counted
    .slice(0, MOST_LABELS)
    .map(({ label, learnt, tried }) => `${label} ${count(learnt)} and ${count(tried)}`);
  const more = counted.length - shown.length;
  const few = counted.filter(({ tried }) => tried < FEW);
  return [
    `${labels.length} labels: ${shown.join(', ')}${more > 0 ? `, and ${more} more` : ''}`,
    ...(few.length > 0
      ? [
          `Fewer than ${FEW} test rows, of which a score says little: ${few
            .slice(0, MOST_LABELS)
            .map(({ label, tried }) => `${label} (${tried})`)
            .join(', ')}${few.length > MOST_LABELS ? ', ...' : ''}`,
        ]
      : []),
  ];
}
