import type { FactsRow } from '../../datasets/facts.js';

/** How many rows of a held-out set share something with a training set. */
export interface Leak {
  /** Held-out rows. */
  readonly rows: number;
  /** Of these, rows whose claim occurs in training, by id or by its normalised text. */
  readonly claim: number;
  /** Rows of which some document occurs in training. */
  readonly document: number;
  /** Rows whose evidence, the same normalised text, occurs in training; empty evidence is no one's. */
  readonly evidence: number;
  /** Rows with any of these. */
  readonly any: number;
}

/** Some rows of a test set, by their places in it. */
export interface EvidencePart {
  /** Whether the evidence of these rows occurs in training. */
  readonly seen: boolean;
  readonly places: readonly number[];
}

/**
 * Parts test rows by whether training has their evidence, the same normalised text: first those whose evidence a model
 * may know again, then those whose evidence it cannot have met. Empty evidence is no one's.
 *
 * @example
 * const [train, test] = [await buildFacts('scifact/rationales/train'), await buildFacts('scifact/rationales/dev')];
 * const [seen, unseen] = partsByEvidence(train.rows, test.rows);
 * [seen.places.length, unseen.places.length]; // -> [169, 281]
 */
export function partsByEvidence(
  train: readonly FactsRow[],
  test: readonly FactsRow[],
): readonly EvidencePart[] {
  const known = new Set(train.flatMap(evidenceKeys));
  const seen = test.map((row) => evidenceKeys(row).some((key) => known.has(key)));
  const placesOf = (side: boolean) => [...seen.keys()].filter((place) => seen[place] === side);
  return [true, false].map((side) => ({ seen: side, places: placesOf(side) }));
}

/**
 * Counts the rows of `held` that share a claim, a document or an evidence text with `train`.
 *
 * @example
 * const [train, dev] = [await buildFacts('scifact/rationales/train'), await buildFacts('scifact/rationales/dev')];
 * leak(train.rows, dev.rows); // -> { rows: 450, claim: 2 }
 */
export function leak(train: readonly FactsRow[], held: readonly FactsRow[]): Leak {
  const claims = new Set(train.flatMap(claimKeys));
  const documents = new Set(train.flatMap(({ keys }) => keys['evidence'] ?? []));
  const evidence = new Set(train.flatMap(evidenceKeys));
  const shares = held.map((row) => ({
    claim: claimKeys(row).some((key) => claims.has(key)),
    document: (row.keys['evidence'] ?? []).some((id) => documents.has(id)),
    evidence: evidenceKeys(row).some((key) => evidence.has(key)),
  }));
  return {
    rows: held.length,
    claim: shares.filter((share) => share.claim).length,
    document: shares.filter((share) => share.document).length,
    evidence: shares.filter((share) => share.evidence).length,
    any: shares.filter((share) => share.claim || share.document || share.evidence).length,
  };
}

/**
 * Counts how many of `rows` share a claim, a document or an evidence text with another of them.
 *
 * @example
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * repeats(rows); // -> { rows: 450, claim: 233 }
 */
export function repeats(rows: readonly FactsRow[]): Leak {
  const claims = occurrences(rows, claimKeys);
  const documents = occurrences(rows, ({ keys }) => keys['evidence'] ?? []);
  const evidence = occurrences(rows, evidenceKeys);
  return {
    rows: rows.length,
    claim: claims.filter((repeated) => repeated).length,
    document: documents.filter((repeated) => repeated).length,
    evidence: evidence.filter((repeated) => repeated).length,
    any: rows.filter((_row, index) => claims[index] || documents[index] || evidence[index]).length,
  };
}

/** For each row, whether one of its keys occurs in another row too. */
function occurrences(rows: readonly FactsRow[], keys: (row: FactsRow) => readonly string[]): boolean[] {
  const count = new Map<string, number>();
  for (const key of rows.flatMap((row) => [...new Set(keys(row))])) count.set(key, (count.get(key) ?? 0) + 1);
  return rows.map((row) => keys(row).some((key) => (count.get(key) ?? 0) > 1));
}

function claimKeys(row: FactsRow): string[] {
  return [...(row.keys['claim'] ?? []).map((id) => `id ${id}`), `text ${row.hashes['claim'] ?? ''}`];
}

function evidenceKeys(row: FactsRow): string[] {
  return [row.hashes['evidence'] ?? ''].filter(Boolean);
}
