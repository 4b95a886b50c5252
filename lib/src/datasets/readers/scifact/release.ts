import { z } from 'zod';
import { UserError } from '../../../project/error.js';
import { openArchive } from '../../formats/archive.js';
import { type JsonLine, parseJsonLines } from '../../formats/jsonl.js';
import type { ReleaseBytes } from '../../release.js';
import { normaliseSpace } from '../../text.js';

/** An abstract of the SciFact corpus. */
export interface Abstract {
  readonly id: string;
  /** Its sentences, whitespace normalised; evidence is given as indices into them. */
  readonly sentences: readonly string[];
}

/** Sentences that together, by themselves, support or refute a claim: an annotated rationale. */
interface EvidenceSet {
  /** Indices into the abstract's sentences, ascending. */
  readonly sentences: readonly number[];
  readonly label: 'SUPPORT' | 'CONTRADICT';
}

/** A claim of SciFact. Without evidence it is NEI. */
export interface ScifactClaim {
  /** As released. */
  readonly id: string;
  /** The id of the first claim, in train then dev, with the same text: four texts occur twice, two of them in both. */
  readonly textId: string;
  readonly text: string;
  readonly cited: readonly Abstract[];
  /** By cited abstract, in ascending order of its id. */
  readonly evidence: readonly { readonly abstract: Abstract; readonly sets: readonly EvidenceSet[] }[];
}

/** The parts of the SciFact release used here. */
export interface Scifact {
  readonly train: readonly ScifactClaim[];
  readonly dev: readonly ScifactClaim[];
  readonly corpus: ReadonlyMap<string, Abstract>;
}

const index = z.int().nonnegative();
const text = z.string().transform(normaliseSpace).pipe(z.string().min(1, 'empty'));

const abstractRow = z.strictObject({
  doc_id: index,
  title: z.string(),
  abstract: z.array(text).min(1, 'an abstract without sentences'),
  structured: z.boolean(),
});

const claimRow = z.strictObject({
  id: index,
  claim: text,
  evidence: z.record(
    z.string(),
    z.array(
      z.strictObject({
        sentences: z.array(index).min(1, 'no sentence'),
        label: z.enum(['SUPPORT', 'CONTRADICT']),
      }),
    ),
  ),
  cited_doc_ids: z.array(index).min(1, 'no document'),
});

/**
 * Parses the release archive. A document cited twice by a claim (there is one) counts once.
 *
 * @throws UserError naming file, line and field of what is wrong: besides the form of the lines, an id given twice,
 *   a cited document that is not in the corpus, evidence from one that is not cited, a sentence outside its abstract.
 */
export async function parseScifact({ path, bytes }: ReleaseBytes): Promise<Scifact> {
  const archive = await openArchive(bytes, path);
  const read = <Schema extends z.ZodType>(member: string, schema: Schema) => ({
    file: `${path}/${member}`,
    lines: parseJsonLines(archive.member(member), `${path}/${member}`, schema),
  });
  const corpus = new Map<string, Abstract>();
  const { file, lines } = read('data/corpus.jsonl', abstractRow);
  for (const { line, row } of lines) {
    const id = String(row.doc_id);
    if (corpus.has(id))
      throw new UserError(`document ${id} is given twice`, { at: { file, line, field: 'doc_id' } });
    corpus.set(id, { id, sentences: row.abstract });
  }
  const textIds = new Map<string, string>();
  const claims = (member: string) => {
    const { file, lines } = read(member, claimRow);
    return linkClaims(lines, file, corpus, textIds);
  };
  return { train: claims('data/claims_train.jsonl'), dev: claims('data/claims_dev.jsonl'), corpus };
}

function linkClaims(
  lines: readonly JsonLine<z.output<typeof claimRow>>[],
  file: string,
  corpus: ReadonlyMap<string, Abstract>,
  textIds: Map<string, string>,
): readonly ScifactClaim[] {
  const ids = new Set<number>();
  return lines.map(({ line, row }) => {
    const flaw = (field: string, message: string) => new UserError(message, { at: { file, line, field } });
    if (ids.has(row.id)) throw flaw('id', `claim ${row.id} is given twice`);
    ids.add(row.id);
    const cited = new Map<string, Abstract>();
    row.cited_doc_ids.forEach((id, position) => {
      const abstract = corpus.get(String(id));
      if (!abstract) throw flaw(`cited_doc_ids[${position}]`, `document ${id} is not in the corpus`);
      cited.set(abstract.id, abstract);
    });
    const evidence = Object.entries(row.evidence).map(([id, sets]) => {
      const field = `evidence.${id}`;
      const abstract = cited.get(id);
      if (!abstract) throw flaw(field, `document ${id} is not among those the claim cites`);
      if (sets.length === 0) throw flaw(field, 'no evidence set');
      sets.forEach(({ sentences }, set) => {
        sentences.forEach((sentence, position) => {
          const at = `${field}[${set}].sentences[${position}]`;
          if (sentence >= abstract.sentences.length) {
            throw flaw(
              at,
              `sentence ${sentence} is outside the abstract, which has ${abstract.sentences.length}`,
            );
          }
          if (sentences.indexOf(sentence) < position) throw flaw(at, `sentence ${sentence} is given twice`);
        });
      });
      const ordered = sets.map(({ sentences, label }) => ({
        sentences: sentences.toSorted((a, b) => a - b),
        label,
      }));
      return { abstract, sets: ordered };
    });
    const id = String(row.id);
    const textId = textIds.get(row.claim) ?? id;
    textIds.set(row.claim, textId);
    return { id, textId, text: row.claim, cited: [...cited.values()], evidence };
  });
}
