import type { Row } from '../../../tasks/row.js';
import { type NeiRebuild, sentenceChoice } from './nei-rebuild.js';
import type { Abstract, Scifact, ScifactClaim } from './release.js';

export type ScifactSplit = 'train' | 'dev';

/**
 * The `rationales` build: a row for each evidence set of each (claim, document), its sentences joined by a space, in
 * the order of the abstract; a row for each NEI claim, with empty evidence. Claims come in the release's order.
 *
 * Ids: `scifact:dev:CLAIM:DOCUMENT:SET`, and `scifact:dev:CLAIM:nei`.
 */
export function rationales(release: Scifact, split: ScifactSplit): readonly Row[] {
  return release[split].flatMap((claim) =>
    isNei(claim)
      ? [row(claim, `${prefix(claim, split)}:nei`, 'NEI', claim.cited, [], '')]
      : evidenceSets(claim, split),
  );
}

/**
 * A NEI rebuild: `rationales` with a row for each (NEI claim, cited document) instead, its evidence chosen from that
 * document's abstract. Rows with evidence are those of `rationales`. Id of the others: `scifact:dev:CLAIM:DOCUMENT:nei`.
 */
export function rebuildNei(
  release: Scifact,
  split: ScifactSplit,
  rebuild: NeiRebuild,
  seed = 0,
): readonly Row[] {
  const choose = sentenceChoice(rebuild, release.corpus, seed);
  return release[split].flatMap((claim) =>
    isNei(claim)
      ? claim.cited.map((abstract) => {
          const id = `${prefix(claim, split)}:${abstract.id}:nei`;
          const shown = choose({ id, claim: claim.text, abstract });
          return row(claim, id, 'NEI', [abstract], shown, join(abstract, shown));
        })
      : evidenceSets(claim, split),
  );
}

/**
 * The `abstracts` build: a row for each (claim, cited document), its evidence the whole abstract. The label is that of
 * the document's evidence for the claim, and NEI where it has none. Id: `scifact:dev:CLAIM:DOCUMENT`. `rationale`
 * lists the annotated sentences of all its evidence sets.
 */
export function abstracts(release: Scifact, split: ScifactSplit): readonly Row[] {
  return release[split].flatMap((claim) =>
    claim.cited.map((abstract) => {
      const sets = claim.evidence.find((evidence) => evidence.abstract === abstract)?.sets ?? [];
      const sentences = [...new Set(sets.flatMap((set) => set.sentences))].sort((a, b) => a - b);
      const id = `${prefix(claim, split)}:${abstract.id}`;
      return row(claim, id, sets[0]?.label ?? 'NEI', [abstract], sentences, abstract.sentences.join(' '));
    }),
  );
}

function evidenceSets(claim: ScifactClaim, split: ScifactSplit): Row[] {
  return claim.evidence.flatMap(({ abstract, sets }) =>
    sets.map(({ sentences, label }, set) => {
      const id = `${prefix(claim, split)}:${abstract.id}:${set}`;
      return row(claim, id, label, [abstract], sentences, join(abstract, sentences));
    }),
  );
}

const isNei = (claim: ScifactClaim) => claim.evidence.length === 0;
const prefix = (claim: ScifactClaim, split: ScifactSplit) => `scifact:${split}:${claim.id}`;
const join = (abstract: Abstract, indices: readonly number[]) =>
  indices.map((index) => abstract.sentences[index]).join(' ');

function row(
  claim: ScifactClaim,
  id: string,
  gold: 'SUPPORT' | 'CONTRADICT' | 'NEI',
  documents: readonly Abstract[],
  rationale: readonly number[],
  evidence: string,
): Row {
  const keys = { claim: [claim.textId], evidence: documents.map((document) => document.id) };
  return { id, gold, keys, details: { rationale }, texts: { claim: claim.text, evidence } };
}
