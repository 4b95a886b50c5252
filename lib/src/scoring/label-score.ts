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

/** Below this mean mass scores rest on little. */
const LITTLE_MASS = 0.05;

/** What is to be said of scores whose labels' words a model would hardly have used; undefined where there is nothing. */
export function massWarning(rows: readonly object[]): string | undefined {
  const masses = rows.flatMap((row) => ('mass' in row && typeof row.mass === 'number' ? [row.mass] : []));
  const mean = masses.reduce((sum, mass) => sum + mass, 0) / masses.length;
  if (masses.length === 0 || mean >= LITTLE_MASS) return undefined;
  return `the words of the labels hold ${(100 * mean).toPrecision(2)} % of the probability on average: the scores rest on words that the model would hardly use; a prompt that asks for these words, or shots, may help`;
}

// Six decimals are far below the noise of quantisation, and hide last-bit differences of exp and log between engines.
export const decimals = (value: number) => Math.round(value * 1e6) / 1e6 + 0;
