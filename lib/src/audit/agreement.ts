import type { FactsRow } from '../datasets/facts.js';
import { goldLabels, LABELS } from '../tasks/example.js';

/** How far the label of an evidence text can be known from another row that has the same text. */
export interface Agreement {
  /** Pairs of rows with the same evidence text; empty evidence is no one's. */
  readonly pairs: number;
  /** Share of these pairs whose labels are equal, 0..1; 0 where there is no pair. */
  readonly share: number;
  /** The same of labels dealt out at random: the sum of their squared shares of all rows. */
  readonly chance: number;
}

/** Counts how often two rows of one evidence text have one label. */
export function evidenceAgreement(rows: readonly FactsRow[]): Agreement {
  const byText = new Map<string, FactsRow[]>();
  for (const row of rows.filter((row) => evidenceHash(row) !== '')) {
    const same = byText.get(evidenceHash(row));
    if (same) same.push(row);
    else byText.set(evidenceHash(row), [row]);
  }
  let pairs = 0;
  let equal = 0;
  for (const same of byText.values()) {
    pairs += pairsOf(same.length);
    for (const count of labelCounts(same)) equal += pairsOf(count);
  }
  return {
    pairs,
    share: pairs === 0 ? 0 : equal / pairs,
    chance: labelCounts(rows).reduce((sum, count) => sum + (count / rows.length) ** 2, 0),
  };
}

const evidenceHash = ({ hashes }: FactsRow) => hashes['evidence'] ?? '';
const pairsOf = (count: number) => (count * (count - 1)) / 2;

function labelCounts(rows: readonly FactsRow[]): readonly number[] {
  const gold = goldLabels(rows);
  return LABELS.map((label) => gold.filter((each) => each === label).length);
}
