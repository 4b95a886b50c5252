import { type Answers, checkRows, type Measure, type Reference, unfit } from '../measure.js';
import { mean } from '../resampling/summed.js';
import { type Vectors, vectorsOf } from '../resampling/vectors.js';

/**
 * Measures of numbers: the correlations of Pearson and of Spearman, -1..1. They are not defined where all gold
 * numbers or all answers are equal. A row without an answer is taken as if it had said nothing, neither more
 * nor less: the mean of the answers, or of their ranks, which draws a correlation to 0.
 */
export function correlationMeasures(): readonly Measure[] {
  const of = {
    format: 'decimal',
    better: 'higher',
    undefinedWhere: 'all gold numbers or all answers are equal',
  } as const;
  return [
    { id: 'pearson', title: 'Pearson correlation', ...of, family: { on: moments }, of: pearson },
    { id: 'spearman', title: 'Spearman correlation', ...of, family: { on: ranks }, of: spearman },
  ];
}

/** Rows, gold numbers and their squares; of answered rows their number, golds, answers, squares and products. */
const [ROWS, GOLD, GOLD_SQUARE, ANSWERED, ANSWERED_GOLD, ANSWER, ANSWER_SQUARE, PRODUCT] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];

/** Of numbers less their mean, so that squares are not lost to rounding. */
function moments(golds: readonly Reference[], answers: Answers): Vectors {
  const { gold, answer } = numbersOf(golds, answers);
  const centre = mean(gold);
  const answerCentre = mean(answer.flatMap((number) => number ?? []));
  return vectorsOf(gold.length, 8, (row, add) => {
    const [g, a] = [(gold[row] ?? Number.NaN) - centre, answer[row]];
    add(ROWS);
    add(GOLD, g);
    add(GOLD_SQUARE, g * g);
    if (a === undefined) return;
    const off = a - answerCentre;
    add(ANSWERED);
    add(ANSWERED_GOLD, g);
    add(ANSWER, off);
    add(ANSWER_SQUARE, off * off);
    add(PRODUCT, g * off);
  });
}

function pearson(sums: Float64Array): number {
  const at = (component: number) => sums[component] ?? 0;
  const spread = (squares: number, sum: number, count: number) => {
    const left = squares - (sum * sum) / count;
    // What rounding leaves of equal numbers is no spread.
    return left > 1e-12 * squares ? left : 0;
  };
  return correlation(
    at(PRODUCT) - (at(ANSWER) / at(ANSWERED)) * at(ANSWERED_GOLD),
    spread(at(GOLD_SQUARE), at(GOLD), at(ROWS)),
    spread(at(ANSWER_SQUARE), at(ANSWER), at(ANSWERED)),
  );
}

/**
 * Ranks are no sums over rows: each row has three components of its own, how often it is there, and that many times the
 * rank of its gold number among the distinct ones, and of its answer, from 1; 0 where there is none.
 */
function ranks(golds: readonly Reference[], answers: Answers): Vectors {
  const { gold, answer } = numbersOf(golds, answers);
  const [goldRanks, answerRanks] = [denseRanks(gold), denseRanks(answer)];
  return vectorsOf(gold.length, 3 * gold.length, (row, add) => {
    add(3 * row);
    add(3 * row + 1, goldRanks[row]);
    add(3 * row + 2, answerRanks[row]);
  });
}

function denseRanks(numbers: readonly (number | undefined)[]): readonly number[] {
  const distinct = [...new Set(numbers.flatMap((number) => number ?? []))].sort((a, b) => a - b);
  const rankOf = new Map(distinct.map((number, index) => [number, index + 1]));
  return numbers.map((number) => (number === undefined ? 0 : (rankOf.get(number) ?? 0)));
}

/** Whole numbers throughout: ranks among those that are there, equal ones sharing the mean of theirs, doubled. */
function spearman(sums: Float64Array): number {
  const rows = sums.length / 3;
  const [gold, answer] = [new Float64Array(rows + 1), new Float64Array(rows + 1)];
  for (let row = 0; row < rows; row++) {
    const times = sums[3 * row] ?? 0;
    if (times === 0) continue;
    count(gold, (sums[3 * row + 1] ?? 0) / times, times);
    count(answer, (sums[3 * row + 2] ?? 0) / times, times);
  }
  // Rows without an answer lie in the middle.
  answer[0] = 0;
  doubledFromMiddle(gold);
  doubledFromMiddle(answer);
  let [products, golds, answers] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const times = sums[3 * row] ?? 0;
    if (times === 0) continue;
    const g = gold[(sums[3 * row + 1] ?? 0) / times] ?? 0;
    const a = answer[(sums[3 * row + 2] ?? 0) / times] ?? 0;
    products += times * g * a;
    golds += times * g * g;
    answers += times * a * a;
  }
  return correlation(products, golds, answers);
}

function count(counts: Float64Array, rank: number, times: number): void {
  counts[rank] = (counts[rank] ?? 0) + times;
}

/** Turns counts by distinct rank into twice the mean rank of each less twice the mean of all. */
function doubledFromMiddle(counts: Float64Array): void {
  const all = counts.reduce((sum, each) => sum + each, 0);
  let before = 0;
  for (const [rank, here] of counts.entries()) {
    counts[rank] = here === 0 ? 0 : 2 * before + here - all;
    before += here;
  }
}

const correlation = (products: number, squares: number, others: number) =>
  squares > 0 && others > 0 ? Math.min(1, Math.max(-1, products / Math.sqrt(squares * others))) : Number.NaN;

function numbersOf(golds: readonly Reference[], answers: Answers) {
  checkRows(golds, answers);
  const finite = (value: unknown, what: 'gold answer' | 'answer', row: number) => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw unfit({ what, row }, value, 'Give a number.');
  };
  return {
    gold: golds.map((value, row) => finite(value, 'gold answer', row)),
    answer: answers.map((value, row) => (value === null ? undefined : finite(value, 'answer', row))),
  };
}
