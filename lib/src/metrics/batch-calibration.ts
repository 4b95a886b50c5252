import { logSum, type ScoredRow } from './probability.js';

/**
 * Batch calibration (Zhou et al. 2024): the probabilities of each row are divided by their mean over the rows, and made to sum
 * to 1 again, so that no label is favoured throughout. It needs the rows of a test set together, and none of their labels.
 * It supposes that labels are about equally frequent; where they are not, it may cost.
 *
 * @example
 * const rows = [[0.9, 0.1], [0.7, 0.3]].map((shares, id) => ({ id: `${id}`, gold: 'yes', logprobs: shares.map(Math.log) }));
 * batchCalibrated(rows).map(({ logprobs }) => logprobs.map(Math.exp)); // -> [[0.692, 0.308], [0.368, 0.632]]
 */
export function batchCalibrated<Row extends Pick<ScoredRow, 'logprobs'>>(rows: readonly Row[]): Row[] {
  const labels = rows[0]?.logprobs ?? [];
  const means = labels.map(
    (_, label) => logSum(rows.map(({ logprobs }) => logprobs[label] ?? Number.NaN)) - Math.log(rows.length),
  );
  return rows.map((row) => {
    const moved = row.logprobs.map((logprob, label) => logprob - (means[label] ?? 0));
    const all = logSum(moved);
    return { ...row, logprobs: moved.map((logprob) => logprob - all) };
  });
}
