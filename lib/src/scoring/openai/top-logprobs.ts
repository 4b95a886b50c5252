import { LABELS, type Label } from '../../tasks/example.js';
import type { LabelScore } from '../label-score.js';
import { MalformedResponseError, type TopToken } from './completion.js';

/** What the most probable tokens say of the labels. */
export interface TopScore extends Pick<LabelScore, 'logprobs' | 'mass'> {
  /** Labels whose token was not among those told; their probability is an upper bound. */
  readonly bounded: readonly Label[];
}

/**
 * Log-probabilities of the labels out of the tokens that an endpoint tells, normalised over the labels, with the mass
 * they hold, as `labelLogprobs` does with a model's whole vocabulary.
 *
 * A label's token is the longest of those told that its answer begins with, case and all, of at least two letters and
 * no beginning of another answer: in a vocabulary that has the word, the word. Where none is told, the label's
 * probability is at most that of the least probable one told, and at most what those told leave over: the smaller of
 * the two is taken, so that the mass is not too low, and the label is named in `bounded`.
 *
 * @throws MalformedResponseError where the numbers can be no log-probabilities.
 */
export function topScore(top: readonly TopToken[], answers: Readonly<Record<Label, string>>): TopScore {
  if (top.length === 0) throw new MalformedResponseError('it tells no log-probabilities');
  const told = top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
  // Servers round; vLLM and OpenAI write a large negative number for what is all but impossible.
  if (!(top.every(({ logprob }) => logprob <= 1e-4) && told <= 1.01)) {
    throw new MalformedResponseError('its log-probabilities are those of no distribution');
  }
  const least = Math.min(...top.map(({ logprob }) => logprob));
  const bound = Math.min(least, Math.log(Math.max(1 - told, SMALLEST)));
  const found = LABELS.map((label) => logprobOf(label, top, answers));
  const [support = 0, contradict = 0, nei = 0] = found.map((logprob) => logprob ?? bound);
  const highest = Math.max(support, contradict, nei);
  const weight = [support, contradict, nei].reduce((sum, logprob) => sum + Math.exp(logprob - highest), 0);
  const normaliser = highest + Math.log(weight);
  return {
    logprobs: [decimals(support - normaliser), decimals(contradict - normaliser), decimals(nei - normaliser)],
    mass: decimals(Math.min(1, Math.exp(normaliser))),
    bounded: LABELS.filter((_, index) => found[index] === undefined),
  };
}

/** What those told may leave over although they sum to 1 when rounded. */
const SMALLEST = 1e-7;

function logprobOf(
  label: Label,
  top: readonly TopToken[],
  answers: Readonly<Record<Label, string>>,
): number | undefined {
  const others = LABELS.filter((other) => other !== label).map((other) => answers[other]);
  return top
    .filter(({ token }) => token.length >= 2 && answers[label].startsWith(token))
    .filter(({ token }) => !others.some((other) => other.startsWith(token)))
    .sort((a, b) => b.token.length - a.token.length)[0]?.logprob;
}

const decimals = (value: number) => Math.round(value * 1e6) / 1e6 + 0;
