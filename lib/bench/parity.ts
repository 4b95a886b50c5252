import { type LabelScore, labelLogprobs } from 'small-claims/scoring/label-score';
import type { Finding } from './benchmark.js';
import type { Likelihoods } from './harness.js';

const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'];

/** How far our scores are from the harness's log-likelihoods, normalised over the labels as ours are. */
export function parity(
  what: string,
  scores: readonly LabelScore[],
  likelihoods: Likelihoods,
  aim?: { readonly atMost: number },
): readonly Finding[] {
  const pairs = scores.flatMap(({ id, logprobs }) => {
    const [support, contradict, nei] = likelihoods.get(id) ?? [];
    if (support === undefined || contradict === undefined || nei === undefined) return [];
    const theirs = labelLogprobs([support, contradict, nei], 0, 1).logprobs;
    return [{ ours: logprobs, theirs }];
  });
  const each = pairs.flatMap(({ ours, theirs }) =>
    LABELS.map((_, label) => ({ ours: ours[label] ?? Number.NaN, theirs: theirs[label] ?? Number.NaN })),
  );
  const best = (logprobs: readonly number[]) => logprobs.indexOf(Math.max(...logprobs));
  const agreeing = pairs.filter(({ ours, theirs }) => best(ours) === best(theirs)).length;
  const finding = (name: string, value: number, target?: Finding['target']): Finding => ({
    kind: 'finding',
    what: `${what}, ${pairs.length} rows: ${name}`,
    value,
    ...(target && { target }),
  });
  return [
    finding('share with the same label', agreeing / pairs.length),
    finding('correlation of the log-probabilities', correlation(each)),
    finding(
      'largest difference of a log-probability, nats',
      Math.max(...each.map(({ ours, theirs }) => Math.abs(ours - theirs))),
      aim,
    ),
  ];
}

/** Pearson's. */
function correlation(pairs: readonly { readonly ours: number; readonly theirs: number }[]): number {
  const mean = (of: (pair: (typeof pairs)[number]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const [x, y] = [mean(({ ours }) => ours), mean(({ theirs }) => theirs)];
  const covariance = mean(({ ours, theirs }) => (ours - x) * (theirs - y));
  return (
    covariance / Math.sqrt(mean(({ ours }) => (ours - x) ** 2) * mean(({ theirs }) => (theirs - y) ** 2))
  );
}
