import { countsOf } from '../../learners/targets.js';
import { words } from '../../learners/tfidf.js';
import { aboveZero, binomialCdf } from '../../metrics/distributions.js';
import { textOf } from '../../tasks/row.js';
import { type AuditData, goldOf } from '../data.js';
import type { AuditResult } from '../result.js';
import { rounded } from './scores.js';

type Word = AuditResult['words'][number];

/** Rows a word is in at least: with fewer, no label could stand out from as many words as there are. */
export const LEAST_ROWS = 5;

/**
 * How far each word of a text goes with a label, over the training rows: of each word the label it goes with most.
 *
 * With n rows that hold the word, k of them so labelled, and q the label's share of all rows: the competency statistic
 * z = (k / n - q) / sqrt(q (1 - q) / n) (Gardner et al. 2021, section 3, with the label's share for their 1 / |Y|);
 * PMI = log2(k / (n q)) and LMI = k / N * PMI, N the rows in all (Gururangan et al. 2018; Schuster et al. 2019).
 * p is that of k or more by the binomial distribution of n and q, times the number of words and labels tried
 * (Bonferroni). Rows are taken as independent: a word of one text in many rows counts in each.
 *
 * @returns words by falling z.
 */
export function wordHabits({ labels, train }: AuditData, field: string): readonly Word[] {
  const targets = goldOf(train, labels);
  const totals = countsOf(targets, labels.length);
  const counts = new Map<string, Int32Array>();
  for (const [index, row] of train.entries()) {
    for (const word of new Set(words(textOf(row, field)))) {
      const known = counts.get(word) ?? new Int32Array(labels.length);
      const target = targets[index] ?? 0;
      known[target] = (known[target] ?? 0) + 1;
      counts.set(word, known);
    }
  }
  const tried = [...counts].filter(([, of]) => sum(of) >= LEAST_ROWS);
  const tests = tried.length * labels.length;
  return tried
    .map(([word, of]): Word => {
      const rows = sum(of);
      const scored = labels.map((label, index) => {
        const share = (totals[index] ?? 0) / train.length;
        const withLabel = of[index] ?? 0;
        const error = Math.sqrt((share * (1 - share)) / rows);
        return { label, share, withLabel, z: error === 0 ? 0 : (withLabel / rows - share) / error };
      });
      const { label, share, withLabel, z } = scored.reduce((a, b) => (b.z > a.z ? b : a));
      const pmi = withLabel === 0 ? 0 : Math.log2(withLabel / (rows * share));
      return {
        word,
        field,
        label,
        rows,
        withLabel,
        z: rounded(z),
        // Of rows without the label: the upper tail, without losing a small one to 1 minus it.
        p: aboveZero(Math.min(1, tests * binomialCdf(rows - withLabel, rows, 1 - share))),
        pmi: rounded(pmi),
        lmi: rounded((withLabel / train.length) * pmi),
      };
    })
    .sort((a, b) => b.z - a.z || (a.word < b.word ? -1 : 1));
}

const sum = (counts: Int32Array) => counts.reduce((total, count) => total + count, 0);
