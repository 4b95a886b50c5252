import type { LabelScore } from 'small-claims/scoring/label-score';
import type { Finding } from './benchmark.js';
import type { Scores } from './variation.js';

export const byId = (scores: readonly LabelScore[]): Scores =>
  new Map(scores.map((score) => [score.id, score]));

/** How far scores are from others of the same rows. */
export function* differences(
  what: string,
  from: Scores,
  to: Scores,
  target?: { readonly atMost: number },
): Generator<Finding> {
  const pairs = [...from].map(([id, { logprobs }]) => {
    const other = to.get(id)?.logprobs;
    if (!other) throw new Error(`${what}: ${id} was not scored`);
    return { logprobs, other };
  });
  const moved = pairs.map(({ logprobs, other }) =>
    Math.max(...other.map((logprob, label) => Math.abs(logprob - (logprobs[label] ?? Number.NaN)))),
  );
  const best = (logprobs: readonly number[]) => logprobs.indexOf(Math.max(...logprobs));
  const finding = (name: string, value: number): Finding => ({
    kind: 'finding',
    what: `${what}, ${pairs.length} rows: ${name}`,
    value,
    ...(target && { target }),
  });
  yield finding('largest difference of a log-probability, nats', Math.max(...moved));
  yield finding('rows that differ', moved.filter((difference) => difference > 0).length);
  yield finding(
    'rows with another most probable label',
    pairs.filter(({ logprobs, other }) => best(logprobs) !== best(other)).length,
  );
}
