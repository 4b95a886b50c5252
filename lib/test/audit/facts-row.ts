import type { FactsRow } from 'small-claims/datasets/facts';

let count = 0;

/** A row of invented facts: `given`, and for the rest a claim, document and evidence of its own. */
export function factsRow(given: Partial<FactsRow> = {}): FactsRow {
  count += 1;
  return {
    id: `row ${count}`,
    gold: 'SUPPORT',
    details: { rationale: [0] },
    overlap: 0.5,
    ...given,
    keys: { claim: [`claim ${count}`], evidence: [`document ${count}`], ...given.keys },
    words: { claim: 10, evidence: 20, ...given.words },
    hashes: { claim: `claim text ${count}`, evidence: `evidence text ${count}`, ...given.hashes },
  };
}
