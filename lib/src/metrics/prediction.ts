import { UserError } from '../project/error.js';
import { LABELS, type Label } from '../tasks/example.js';

/** Log-probabilities of a task's labels, in their order. */
export type LabelLogprobs = readonly number[];

/** The most probable label; of equals, the first in the order of LABELS. Throws UserError for a number that is NaN. */
export function prediction(logprobs: LabelLogprobs): Label {
  let best: Label = LABELS[0];
  let highest = Number.NEGATIVE_INFINITY;
  for (const [index, label] of LABELS.entries()) {
    const logprob = logprobs[index] ?? Number.NaN;
    if (Number.isNaN(logprob)) throw new UserError(`the log-probability of ${label} is not a number`);
    if (logprob > highest) [best, highest] = [label, logprob];
  }
  return best;
}

/**
 * The prediction for each of `rows`, in their order, from scores in any order.
 * Throws UserError where a row has no scores, or scores belong to no row.
 */
export function predictions(
  rows: readonly { readonly id: string }[],
  scored: readonly { readonly id: string; readonly logprobs: LabelLogprobs }[],
): Label[] {
  const byId = new Map(scored.map(({ id, logprobs }) => [id, logprobs]));
  if (byId.size !== rows.length) throw new UserError(`${rows.length} rows but scores of ${byId.size}`);
  return rows.map(({ id }) => {
    const logprobs = byId.get(id);
    if (!logprobs) throw new UserError(`no scores of row ${id}`);
    return prediction(logprobs);
  });
}

/** How far a row leans to CONTRADICT and not to SUPPORT, in nats. */
export function contradictLeaning([support = Number.NaN, contradict = Number.NaN]: LabelLogprobs): number {
  return contradict - support;
}

/** How far a row leans to NEI and not to the other two labels, in nats. */
export function neiLeaning([
  support = Number.NaN,
  contradict = Number.NaN,
  nei = Number.NaN,
]: LabelLogprobs): number {
  return nei - Math.log(Math.exp(support) + Math.exp(contradict));
}
