/** What a model says of an example: a row of a run's record. */
export interface LabelScore {
  readonly id: string;
  /** Natural logarithms, in the order of the task's labels, normalised over them; six decimals. */
  readonly logprobs: readonly number[];
  /** The probability, of the whole vocabulary's, that the answers hold before normalising; six decimals. */
  readonly mass: number;
  readonly promptTokens: number;
}

/**
 * Normalises the answers' logits over the labels.
 *
 * @param logits one a label, in the order of the task's labels.
 * @param maxLogit the vocabulary's largest logit.
 * @param totalWeight the sum over the vocabulary of `exp(logit - maxLogit)`.
 */
export function labelLogprobs(
  logits: readonly number[],
  maxLogit: number,
  totalWeight: number,
): Pick<LabelScore, 'logprobs' | 'mass'> {
  const top = Math.max(...logits);
  const weight = logits.reduce((sum, logit) => sum + Math.exp(logit - top), 0);
  const normaliser = top + Math.log(weight);
  return {
    logprobs: logits.map((logit) => decimals(logit - normaliser)),
    mass: decimals((weight * Math.exp(top - maxLogit)) / totalWeight),
  };
}

// Six decimals are far below the noise of quantisation, and hide last-bit differences of exp and log between engines.
export const decimals = (value: number) => Math.round(value * 1e6) / 1e6 + 0;
