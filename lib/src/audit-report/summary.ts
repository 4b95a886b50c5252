import type { AuditResult, Verdict } from '../audit/result.js';

/** An audit as plain text, for a terminal: the headline and a line for each check, the gravest first. */
export function summaryText({ headline, checks, data }: AuditResult): string {
  const lines = (['leaks', 'look', 'fine'] as const satisfies readonly Verdict[]).flatMap((verdict) =>
    checks
      .filter((check) => check.verdict === verdict)
      .map(({ title, finding, rows }) => {
        const named =
          verdict === 'fine' || rows.length === 0
            ? ''
            : ` Rows: ${rows.slice(0, 3).join(', ')}${rows.length > 3 ? ', ...' : ''}`;
        return `${verdict.toUpperCase().padEnd(6)} ${title}: ${finding}${named}`;
      }),
  );
  const { train, test } = data;
  return [
    `${train.name} (${train.rows.toLocaleString('en')} rows) and ${test.name} (${test.rows.toLocaleString('en')} rows)`,
    '',
    headline,
    '',
    ...lines,
  ].join('\n');
}
