import { fitLogistic } from '../../learners/logistic.js';
import { rowsOf, type SparseMatrix } from '../../learners/sparse.js';
import { mostProbableClasses } from '../../learners/targets.js';
import { randomStream } from '../../project/random.js';

/** What AFLite has filtered out of a set of rows. */
export interface Filtered {
  /** Indices of the rows left, ascending: those that linear classifiers do not predict easily. */
  readonly kept: readonly number[];
  /** Indices of the rows removed in each round. */
  readonly rounds: readonly (readonly number[])[];
}

export interface AfliteOptions {
  /** Random partitions a round, m in the paper. Default 16. */
  readonly partitions?: number;
  /** Share of the rows of the first round that a classifier learns from, and below which rows filtering ends. Default 0.5. */
  readonly training?: number;
  /** Most rows removed a round, as a share of all. Default 0.05. */
  readonly slice?: number;
  /** Predictability above which a row is removed. Default 0.75, as in the paper. */
  readonly threshold?: number;
  /** Inverse penalty of the classifiers. Default 1. */
  readonly strength?: number;
  /** Largest entry of their gradient at the end (`fitLogistic`, scaled). Default 1e-4. */
  readonly tolerance?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * AFLite (Le Bras et al. 2020, algorithm 1): again and again, linear classifiers learn from random parts of the rows and
 * predict the rest; the rows most often predicted right go, until fewer than a slice of them are above the threshold. A
 * diagnostic: how much goes says how much surface tells. What is left is no better a dataset for it, as rows go for being
 * easy and stay for being mislabelled.
 *
 * @param matrix what the classifiers see of each row, such as a bag of words.
 */
export function aflite(
  matrix: SparseMatrix,
  targets: ArrayLike<number>,
  classes: number,
  options: AfliteOptions = {},
): Filtered {
  const { partitions = 16, training = 0.5, slice = 0.05, threshold = 0.75 } = options;
  const { strength = 1, tolerance = 1e-4, seed = 0 } = options;
  const random = randomStream('AFLite', seed);
  const size = Math.floor(training * matrix.rows);
  const most = Math.max(1, Math.floor(slice * matrix.rows));
  const rounds: (readonly number[])[] = [];
  let kept: readonly number[] = Array.from({ length: matrix.rows }, (_, row) => row);
  while (kept.length > size && size > 0) {
    const drawn = Array.from({ length: partitions }, () => random.shuffle([...kept.keys()]).slice(0, size));
    const scores = predictability(
      rowsOf(matrix, kept),
      kept.map((row) => targets[row] ?? 0),
      classes,
      { partitions: drawn, strength, tolerance },
    );
    const above = [...scores.keys()]
      .filter((index) => (scores[index] ?? 0) > threshold)
      .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
      .slice(0, most);
    if (above.length === 0) break;
    const gone = new Set(above);
    rounds.push(above.flatMap((index) => kept[index] ?? []).sort((a, b) => a - b));
    kept = kept.filter((_row, index) => !gone.has(index));
    if (above.length < most) break;
  }
  return { kept, rounds };
}

/**
 * How often each row is predicted right by classifiers that have learnt from others: of the partitions whose training
 * rows it is not among, the share in which its label is the most probable; 0 for a row that is in all. A partition whose
 * rows have one label predicts that.
 *
 * @internal
 */
export function predictability(
  matrix: SparseMatrix,
  targets: ArrayLike<number>,
  classes: number,
  {
    partitions,
    strength,
    tolerance = 1e-4,
  }: {
    readonly partitions: readonly (readonly number[])[];
    readonly strength: number;
    readonly tolerance?: number;
  },
): Float64Array {
  const right = new Float64Array(matrix.rows);
  const tried = new Float64Array(matrix.rows);
  for (const some of partitions) {
    const learnt = new Set(some);
    const rest = Array.from({ length: matrix.rows }, (_, row) => row).filter((row) => !learnt.has(row));
    const model = fitLogistic(
      rowsOf(matrix, some),
      some.map((row) => targets[row] ?? 0),
      { classes, strength, scaled: true, tolerance },
    );
    const predicted = mostProbableClasses(model.logprobs(rowsOf(matrix, rest)), classes);
    for (const [index, row] of rest.entries()) {
      tried[row] = (tried[row] ?? 0) + 1;
      if (predicted[index] === targets[row]) right[row] = (right[row] ?? 0) + 1;
    }
  }
  return right.map((count, row) => ((tried[row] ?? 0) === 0 ? 0 : count / (tried[row] ?? 1)));
}
