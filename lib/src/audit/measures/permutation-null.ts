import { summed } from '../../metrics/measure.js';
import { sampleOf } from '../../metrics/resampling/summed.js';
import { randomStream } from '../../project/random.js';
import { accuracyAndMacroF1, named } from './scores.js';

/** How well predictions score when the gold labels are dealt out to the rows anew. */
export interface PermutationNull {
  readonly permutations: number;
  readonly accuracy: NullScore;
  readonly macroF1: NullScore;
}

interface NullScore {
  /** Mean over the permutations. */
  readonly mean: number;
  /** (1 + permutations that score as high or higher) / (1 + permutations): never 0 (Phipson and Smyth 2010). */
  readonly p: number;
  /** Two-sided: twice the smaller of this and the same of those that score as low or lower, at most 1. */
  readonly twoSided: number;
}

/**
 * The permutation test of predictions against gold labels, indices 0..classes-1 (Good 2005, chapter 3; test 1 of Ojala
 * and Garriga 2010, with the classifier left as it is, fitted on other rows). Rows are taken as exchangeable: where
 * rows of one claim or evidence are alike, p comes out too low, and the bootstrap over clusters is to be believed.
 */
export function permutationNull(
  gold: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  { permutations = 999, seed = 0 }: { readonly permutations?: number; readonly seed?: number } = {},
): PermutationNull {
  // What every label adds that is predicted as any: each row is then one of these.
  const cells = sampleOf(
    summed(
      accuracyAndMacroF1(classes),
      named(Array.from({ length: classes ** 2 }, (_, cell) => Math.floor(cell / classes))),
      named(Array.from({ length: classes ** 2 }, (_, cell) => cell % classes)),
    ),
  );
  const dealt = Int32Array.from(gold);
  const drawn = new Int32Array(dealt.length);
  const scores = () => {
    for (let row = 0; row < dealt.length; row++)
      drawn[row] = (dealt[row] ?? 0) * classes + (predicted[row] ?? 0);
    return cells.of(drawn);
  };
  const actual = scores();
  const random = randomStream('permutation null', seed);
  const sums = [0, 0];
  const reached = [1, 1];
  const undercut = [1, 1];
  for (let permutation = 0; permutation < permutations; permutation++) {
    for (let row = dealt.length - 1; row > 0; row--) {
      const other = random.below(row + 1);
      const label = dealt[row] ?? 0;
      dealt[row] = dealt[other] ?? 0;
      dealt[other] = label;
    }
    for (const [index, score] of scores().entries()) {
      sums[index] = (sums[index] ?? 0) + score;
      // Sums of the same shares in another order differ in their last digit.
      if (score >= (actual[index] ?? 0) - 1e-12) reached[index] = (reached[index] ?? 0) + 1;
      if (score <= (actual[index] ?? 0) + 1e-12) undercut[index] = (undercut[index] ?? 0) + 1;
    }
  }
  const of = (index: number): NullScore => {
    const [high, low] = [reached, undercut].map((counts) => (counts[index] ?? 0) / (1 + permutations));
    return {
      mean: (sums[index] ?? 0) / permutations,
      p: high ?? 1,
      twoSided: Math.min(1, 2 * Math.min(high ?? 1, low ?? 1)),
    };
  };
  return { permutations, accuracy: of(0), macroF1: of(1) };
}
