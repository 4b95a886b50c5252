import { lexicalOverlap } from '../../datasets/content.js';
import { type Row, textOf } from '../../tasks/row.js';
import { HEDGES, NEGATIONS } from './cues.js';

/** A number that is counted of a row and says nothing of its meaning. */
export interface SurfaceFeature {
  /** `evidence-words`. */
  readonly id: string;
  /** As in `NAME is above 4.5`. */
  readonly name: string;
  /** Of a number that is 0 or 1, what either means. */
  readonly either?: readonly [string, string];
  /** The fields it reads. Overlap alone compares two. */
  readonly reads: readonly string[];
  of(row: Pick<Row, 'texts'>): number;
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

/** Every feature of rows: eight of each text, and of two texts how far the words of the first are found in the second. */
export function surfaceFeatures(fields: readonly string[]): readonly SurfaceFeature[] {
  const [first = '', second] = fields;
  const counts = fields.flatMap((field) =>
    COUNTS.map(({ id, name, either, of }): SurfaceFeature => {
      const named = (text: string) => text.replace('PART', field);
      return {
        id: `${field}-${id}`,
        name: named(name),
        ...(either && { either: [named(either[0]), named(either[1])] }),
        reads: [field],
        of: (row) => of(textOf(row, field)),
      };
    }),
  );
  if (second === undefined) return counts;
  const overlap: SurfaceFeature = {
    id: 'overlap',
    name: `the share of the ${first}'s content words found in the ${second}`,
    reads: [first, second],
    of: (row) => lexicalOverlap(textOf(row, first), textOf(row, second)),
  };
  return [...counts, overlap];
}

/** The features of rows: for each feature its number in every row. */
export const surface = (
  rows: readonly Pick<Row, 'texts'>[],
  features: readonly SurfaceFeature[],
): readonly Float64Array[] => features.map((feature) => Float64Array.from(rows, (row) => feature.of(row)));

/** Sentences: ends of text, of . ! ? before white space, or of their full-width forms. Abbreviations count too. @internal */
export function sentenceCount(text: string): number {
  return text
    .trim()
    .split(/(?<![.!?])[.!?]+(?:\s+|$)|[。！？]+\s*/u)
    .filter((piece) => piece.trim() !== '').length;
}

const spaced = (text: string) => text.split(/\s+/).filter((word) => word !== '');
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

function wordCount(text: string, wanted: ReadonlySet<string>): number {
  return (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []).filter((word) => wanted.has(word)).length;
}
