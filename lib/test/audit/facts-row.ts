import type { FactsRow } from 'small-claims/datasets/facts';

let count = 0;

/** A row of invented facts: `given`, and for the rest a claim, document and evidence of its own. */
export function factsRow(given: Partial<FactsRow> = {}): FactsRow {
  count += 1;
  return {
    id: `row ${count}`,
    label: 'SUPPORT',
    claimId: `claim ${count}`,
    documentIds: [`document ${count}`],
    rationale: [0],
    claimWords: 10,
    evidenceWords: 20,
    claimHash: `claim text ${count}`,
    evidenceHash: `evidence text ${count}`,
    overlap: 0.5,
    ...given,
  };
}
