import type { FactsRow } from '../datasets/facts.js';
import { UserError } from '../project/error.js';
import { LABELS, type Label } from '../tasks/example.js';

/** A classifier simple enough to be said in a sentence, which sees counts of a row and none of its words. */
export interface Rule {
  /** The sentence, e.g. `NEI where the evidence has fewer than 4.5 words, else SUPPORT`. */
  readonly saying: string;
  predict(row: FactsRow): Label;
}

/** The shortcut of empty evidence: NEI where there is none, else SUPPORT. Learns nothing. */
export const emptinessRule: Rule = {
  saying: 'NEI where the evidence is empty, else SUPPORT',
  predict: ({ words }) => (words['evidence'] === 0 ? 'NEI' : 'SUPPORT'),
};

/** The commonest label of `train`, always; of equals, the first in the order of LABELS. */
export function majorityRule(train: readonly FactsRow[]): Rule {
  refuseEmpty(train);
  const count = (label: Label) => train.filter((row) => row.gold === label).length;
  const commonest = LABELS.reduce((best, label) => (count(label) > count(best) ? label : best));
  return { saying: `${commonest}, always`, predict: () => commonest };
}

/** What a threshold rule looks at. */
export interface Feature {
  /** As in `where NAME is below 4.5`. */
  readonly name: string;
  of(row: FactsRow): number;
}

export const EVIDENCE_LENGTH: Feature = {
  name: 'the number of evidence words',
  of: ({ words }) => words['evidence'] ?? 0,
};

export const CLAIM_LENGTH: Feature = {
  name: 'the number of claim words',
  of: ({ words }) => words['claim'] ?? 0,
};

export const LEXICAL_OVERLAP: Feature = {
  name: "the share of the claim's content words found in the evidence",
  of: ({ overlap }) => overlap,
};

/** A part of a feature's range, from where the one before ends to just below `below`, and its label. */
interface Part {
  readonly below: number;
  readonly label: Label;
}

/**
 * Splits the range of a feature in at most three by two cuts and gives each part a label, so that macro-F1 on
 * `train` is the highest; of equals, the first by lower cut, upper cut and labels. Cuts lie midway between values
 * that occur.
 */
export function thresholdRule(train: readonly FactsRow[], feature: Feature): Rule {
  refuseEmpty(train);
  const parts = bestParts(train, feature);
  const last = parts.at(-1)?.label ?? 'SUPPORT';
  return {
    saying: inWords(feature, parts),
    predict(row) {
      const value = feature.of(row);
      return parts.find(({ below }) => value < below)?.label ?? last;
    },
  };
}

/** Each row's prediction by `rule`. */
export function follow(rule: Rule, rows: readonly FactsRow[]): Label[] {
  return rows.map((row) => rule.predict(row));
}

function bestParts(train: readonly FactsRow[], feature: Feature): readonly Part[] {
  const values = [...new Set(train.map((row) => feature.of(row)))].sort((a, b) => a - b);
  // The first cut has nothing below it, so that rules of fewer than three parts are among those tried.
  const cuts = values.map((value, index) => {
    const cut = (value + (values[index - 1] ?? value)) / 2;
    return { cut, counts: countLabels(train.filter((row) => feature.of(row) < cut)) };
  });
  const all = countLabels(train);

  let best: readonly (Part & { readonly rows: LabelCounts })[] = [];
  let highest = -1;
  for (const [index, low] of cuts.entries()) {
    for (const high of cuts.slice(index)) {
      const counts = [low.counts, subtract(high.counts, low.counts), subtract(all, high.counts)] as const;
      for (const labels of ASSIGNMENTS) {
        const reached = macroF1OfParts(counts, labels, all);
        if (reached > highest) {
          highest = reached;
          const ends = [low.cut, high.cut, Number.POSITIVE_INFINITY] as const;
          best = INDICES.map((part) => ({
            below: ends[part],
            label: LABELS[labels[part]],
            rows: counts[part],
          }));
        }
      }
    }
  }
  return best
    .filter(({ rows }) => rows.some((count) => count > 0))
    .filter(({ label }, index, filled) => label !== filled[index + 1]?.label);
}

/** Rows by label, in the order of LABELS. */
type LabelCounts = readonly [number, number, number];

const INDICES = [0, 1, 2] as const;

/** Every way to give three parts a label each, as indices into LABELS. */
const ASSIGNMENTS = INDICES.flatMap((a) => INDICES.flatMap((b) => INDICES.map((c) => [a, b, c] as const)));

// metrics/scores.ts on a confusion matrix gives the same number; this one makes no object, for the inner loop.
function macroF1OfParts(
  parts: readonly [LabelCounts, LabelCounts, LabelCounts],
  labels: readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2],
  gold: LabelCounts,
): number {
  let sum = 0;
  for (const label of INDICES) {
    let hits = 0;
    let predicted = 0;
    for (const part of INDICES) {
      if (labels[part] === label) {
        hits += parts[part][label];
        predicted += parts[part][0] + parts[part][1] + parts[part][2];
      }
    }
    if (hits > 0) sum += (2 * hits) / (gold[label] + predicted);
  }
  return sum / 3;
}

function countLabels(rows: readonly FactsRow[]): LabelCounts {
  const count = (label: Label) => rows.filter((row) => row.gold === label).length;
  return [count('SUPPORT'), count('CONTRADICT'), count('NEI')];
}

function subtract(a: LabelCounts, b: LabelCounts): LabelCounts {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function inWords(feature: Feature, parts: readonly Part[]): string {
  const steps = parts
    .slice(0, -1)
    .map(({ label, below }) => `${label} below ${Number(below.toPrecision(3))}`);
  return `by ${feature.name}: ${[...steps, `${steps.length > 0 ? 'else ' : ''}${parts.at(-1)?.label}`].join(', ')}`;
}

function refuseEmpty(train: readonly FactsRow[]): void {
  if (train.length === 0) throw new UserError('no rows to fit a rule on');
}
