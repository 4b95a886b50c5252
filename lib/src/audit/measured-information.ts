import { quantile } from '../metrics/resampling/quantile.js';
import type { Input } from './bag.js';
import { bagInformation, leastInformative } from './information.js';
import { rounded } from './measured-guesses.js';
import type { PairData, Part } from './pair.js';
import type { AuditResult } from './result.js';

/** Rows listed for each input as the least informative. */
const LISTED = 20;

const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

/** Pointwise V-information of the test rows for bags of words of each input, as a report has it. */
export function measuredInformation(
  data: PairData,
  fields: readonly Part[],
  seed: number,
): AuditResult['information'] {
  const inputs: readonly Input[] = fields.length > 1 ? [...fields, 'both'] : fields;
  return inputs.map((input) => {
    const found = bagInformation(input, data, { seed });
    return {
      input,
      bits: rounded(found.bits),
      labels: Object.fromEntries(
        found.labels
          .filter(({ rows }) => rows > 0)
          .map(({ label, rows }) => {
            const bits = found.rows
              .filter((row) => row.label === label)
              .map((row) => row.bits)
              .sort((a, b) => a - b);
            return [label, { rows, quantiles: QUANTILES.map((q) => rounded(quantile(bits, q))) }];
          }),
      ),
      lowest: leastInformative(found, LISTED).map((row) => ({ ...row, bits: rounded(row.bits) })),
    };
  });
}
