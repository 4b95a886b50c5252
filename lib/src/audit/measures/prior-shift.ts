import { countsOf } from '../../learners/targets.js';
import { aboveZero, chiSquareTail } from '../../metrics/distributions.js';
import { type AuditData, goldOf } from '../data.js';

/** Pearson's chi-square test (1900) of the labels having the same shares in train and test; rows as independent. */
export function priorShift({ labels, train, test }: AuditData): { readonly p: number } {
  const [learnt, tried] = [train, test].map((rows) => countsOf(goldOf(rows, labels), labels.length));
  const all = train.length + test.length;
  let statistic = 0;
  for (const [rows, counts] of [
    [train.length, learnt],
    [test.length, tried],
  ] as const) {
    for (const index of labels.keys()) {
      const expected = (((learnt?.[index] ?? 0) + (tried?.[index] ?? 0)) * rows) / all;
      if (expected > 0) statistic += ((counts?.[index] ?? 0) - expected) ** 2 / expected;
    }
  }
  return { p: aboveZero(chiSquareTail(statistic, labels.length - 1)) };
}
