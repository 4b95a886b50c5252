import { logSum } from '../../metrics/probability.js';
import { decimals, type LabelScore } from '../label-score.js';
import { MalformedResponseError, type TopToken } from './completion.js';

/** What the most probable tokens say of the labels. */
export interface TopScore extends Pick<LabelScore, 'logprobs' | 'mass'> {
  /** Labels whose token was not among those told; their probability is an upper bound. */
  readonly bounded: readonly string[];
}

/** A label and the word that stands for it. */
export interface LabelWord {
  readonly label: string;
  readonly word: string;
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
export function topScore(top: readonly TopToken[], answers: readonly LabelWord[]): TopScore {
  if (top.length === 0) throw new MalformedResponseError('it tells no log-probabilities');
  const told = top.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0);
  // Servers round; vLLM and OpenAI write a large negative number for what is all but impossible.
  if (!(top.every(({ logprob }) => logprob <= 1e-4) && told <= 1.01)) {
    throw new MalformedResponseError('its log-probabilities are those of no distribution');
  }
  const least = Math.min(...top.map(({ logprob }) => logprob));
  const bound = Math.min(least, Math.log(Math.max(1 - told, SMALLEST)));
  const found = answers.map((answer) => logprobOf(answer, top, answers));
  const known = found.map((logprob) => logprob ?? bound);
  const normaliser = logSum(known);
  return {
    logprobs: known.map((logprob) => decimals(logprob - normaliser)),
    mass: decimals(Math.min(1, Math.exp(normaliser))),
    bounded: answers.flatMap(({ label }, index) => (found[index] === undefined ? [label] : [])),
  };
}

/** What those told may leave over although they sum to 1 when rounded. */
const SMALLEST = 1e-7;

function logprobOf(
  { label, word }: LabelWord,
  top: readonly TopToken[],
  answers: readonly LabelWord[],
): number | undefined {
  const others = answers.filter((other) => other.label !== label);
  return top
    .filter(({ token }) => token.length >= 2 && word.startsWith(token))
    .filter(({ token }) => !others.some((other) => other.word.startsWith(token)))
    .sort((a, b) => b.token.length - a.token.length)[0]?.logprob;
}
