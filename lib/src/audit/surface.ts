import { lexicalOverlap } from '../datasets/content.js';
import { HEDGES, NEGATIONS } from './cues.js';
import { PARTS, type PairRow, type Part } from './pair.js';

/** A number that is counted of a row and says nothing of its meaning. */
export interface SurfaceFeature {
  /** `evidence-words`. */
  readonly id: string;
  /** As in `NAME is above 4.5`. */
  readonly name: string;
  /** Of a number that is 0 or 1, what either means. */
  readonly either?: readonly [string, string];
  /** What of the row it reads. Overlap alone compares the two. */
  readonly reads: Part | 'both';
  of(row: PairRow): number;
}

interface Count extends Pick<SurfaceFeature, 'id' | 'name' | 'either'> {
  of(text: string): number;
}

const COUNTS: readonly Count[] = [
  {
    id: 'empty',
    name: 'the emptiness of the PART (1 or 0)',
    either: ['the PART is not empty', 'the PART is empty'],
    of: (text) => (text.trim() === '' ? 1 : 0),
  },
  { id: 'characters', name: 'the character count of the PART', of: (text) => [...text].length },
  { id: 'words', name: 'the word count of the PART', of: (text) => spaced(text).length },
  { id: 'sentences', name: 'the sentence count of the PART', of: sentenceCount },
  { id: 'punctuation', name: 'the punctuation count of the PART', of: (text) => count(text, /\p{P}/gu) },
  { id: 'digits', name: 'the digit count of the PART', of: (text) => count(text, /\p{Nd}/gu) },
  {
    id: 'negations',
    name: 'the count of negations in the PART',
    of: (text) => wordCount(text, NEGATIONS) + count(text, /n['’]t\b/giu),
  },
  { id: 'hedges', name: 'the count of hedges in the PART', of: (text) => wordCount(text, HEDGES) },
];

/** Every feature: eight of each text, and how far the words of the claim are found in the evidence. */
export const SURFACE_FEATURES: readonly SurfaceFeature[] = [
  ...PARTS.flatMap((part) =>
    COUNTS.map(
      ({ id, name, either, of }): SurfaceFeature => ({
        id: `${part}-${id}`,
        name: name.replace('PART', part),
        ...(either && { either: [either[0].replace('PART', part), either[1].replace('PART', part)] }),
        reads: part,
        of: (row) => of(row[part]),
      }),
    ),
  ),
  {
    id: 'overlap',
    name: "the share of the claim's content words found in the evidence",
    reads: 'both',
    of: ({ claim, evidence }) => lexicalOverlap(claim, evidence),
  },
];

/** The features of rows: for each feature its number in every row. */
export function surface(
  rows: readonly PairRow[],
  features: readonly SurfaceFeature[] = SURFACE_FEATURES,
): readonly Float64Array[] {
  return features.map((feature) => Float64Array.from(rows, (row) => feature.of(row)));
}

/** Sentences: ends of text, of . ! ? before white space, or of their full-width forms. Abbreviations count too. */
export function sentenceCount(text: string): number {
  return text
    .trim()
    .split(/[.!?]+(?:\s+|$)|[。！？]+\s*/u)
    .filter((piece) => piece.trim() !== '').length;
}

const spaced = (text: string) => text.split(/\s+/).filter((word) => word !== '');
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

function wordCount(text: string, wanted: ReadonlySet<string>): number {
  return (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => wanted.has(word)).length;
}
