import type { Example, ExampleFacts } from '../datasets/example.js';
import { normaliseSpace } from '../datasets/text.js';
import { sha256 } from '../project/digest.js';
import { lexicalOverlap } from './content.js';

/** What is known of a row without its text: facts that may be kept and published. */
export interface FactsRow extends ExampleFacts {
  /** Words between white space. */
  readonly claimWords: number;
  /** Words between white space; 0 where the evidence is empty. */
  readonly evidenceWords: number;
  /** Equal for claims of equal text but for case, white space and compatibility forms of characters. */
  readonly claimHash: string;
  /** The same of the evidence; empty where the evidence is. */
  readonly evidenceHash: string;
  /** Share of the claim's content words that occur in the evidence, 0..1, to four decimals. */
  readonly overlap: number;
}

/** The facts of a row. */
export function factsOf({ id, label, claimId, documentIds, rationale, claim, evidence }: Example): FactsRow {
  return {
    id,
    label,
    claimId,
    documentIds,
    rationale,
    claimWords: countWords(claim),
    evidenceWords: countWords(evidence),
    claimHash: textHash(claim),
    evidenceHash: textHash(evidence),
    overlap: Number(lexicalOverlap(claim, evidence).toFixed(4)),
  };
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** 48 bits of SHA-256: among ten thousand texts the chance of one false match is 1 in 5 million. */
function textHash(text: string): string {
  const normal = normaliseSpace(text.normalize('NFKC').toLowerCase());
  return normal === '' ? '' : sha256(normal).slice(0, 12);
}
