import { sha256 } from '../project/digest.js';
import { openRecords, type Records, type SealedRecord } from '../records/store.js';
import type { BuildName, Example, ExampleFacts } from '../tasks/example.js';
import { buildHeader, loadBuild } from './builds.js';
import { lexicalOverlap } from './content.js';
import { normaliseSpace } from './text.js';

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

/** Raised with every change to `factsOf`, or to what it calls, that changes a row. */
const VERSION = 1;

/**
 * The facts of a build, in its order: from the records, or computed if its data can be had.
 *
 * @throws UserError if there is no such build, or neither a record nor the data.
 */
export function buildFacts(
  name: BuildName,
  records: Records = openRecords(),
): Promise<SealedRecord<FactsRow>> {
  return records.ensure({
    header: factsHeader(name),
    name: factsName(name),
    compute: async () => (await loadBuild(name)).map(factsOf),
  });
}

/** The facts of a build, if they have been recorded. */
export function recordedFacts(
  name: BuildName,
  records: Records = openRecords(),
): SealedRecord<FactsRow> | undefined {
  return records.find(factsHeader(name), factsName(name));
}

const factsHeader = (name: BuildName) => ({
  kind: 'facts' as const,
  version: VERSION,
  of: buildHeader(name),
});
const factsName = (name: BuildName) => `facts/${fileStem(name)}`;

/** A build's name as part of a file name: `scifact-rationales-dev`. */
export function fileStem(name: BuildName): string {
  return name.replaceAll('/', '-');
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
