import type { ExampleFacts } from '../datasets/example.js';

/** What is known of a row without its text: facts that may be kept and published. */
export interface FactsRow extends ExampleFacts {
  /** Words between white space. */
  readonly claimWords: number;
  readonly evidenceWords: number;
  readonly claimHash: string;
  readonly evidenceHash: string;
  readonly overlap: number;
}
