import { dot, type SparseVector } from '../../../learners/sparse.js';
import { fitTfidf } from '../../../learners/tfidf.js';
import { randomStream } from '../../../project/random.js';
import type { Abstract } from './release.js';

/** How the evidence of a NEI row is made from a document its claim cites. */
export const NEI_REBUILDS = ['nei-abstract', 'nei-first3', 'nei-random', 'nei-tfidf1', 'nei-tfidf3'] as const;
export type NeiRebuild = (typeof NEI_REBUILDS)[number];

/** Indices, ascending, of the sentences of an abstract that are shown with a claim. */
export type SentenceChoice = (row: { id: string; claim: string; abstract: Abstract }) => readonly number[];

/**
 * The choice of a rebuild.
 *
 * - nei-abstract: all sentences.
 * - nei-first3: the first three.
 * - nei-random: one or two, as likely, drawn without replacement from a random stream of the row's own.
 * - nei-tfidf1, nei-tfidf3: the one or three whose TF-IDF vectors have the highest cosine with the claim's; of equals
 *   the earlier. Words and weights are those of `fitTfidf`, learnt from every sentence of the release's corpus.
 */
export function sentenceChoice(
  rebuild: NeiRebuild,
  corpus: ReadonlyMap<string, Abstract>,
  seed: number,
): SentenceChoice {
  switch (rebuild) {
    case 'nei-abstract':
      return ({ abstract }) => [...abstract.sentences.keys()];
    case 'nei-first3':
      return ({ abstract }) => [...abstract.sentences.keys()].slice(0, 3);
    case 'nei-random':
      return ({ id, abstract }) => {
        const stream = randomStream(`nei-random ${id}`, seed);
        const count = 1 + stream.below(2);
        return stream
          .shuffle([...abstract.sentences.keys()])
          .slice(0, count)
          .sort((a, b) => a - b);
      };
    case 'nei-tfidf1':
      return nearestSentences(1, corpus);
    case 'nei-tfidf3':
      return nearestSentences(3, corpus);
  }
}

function nearestSentences(count: number, corpus: ReadonlyMap<string, Abstract>): SentenceChoice {
  const tfidf = fitTfidf([...corpus.values()].flatMap(({ sentences }) => sentences));
  return ({ claim, abstract }) => {
    const query: SparseVector = tfidf.vector(claim);
    return abstract.sentences
      .map((sentence, index) => ({ index, cosine: dot(query, tfidf.vector(sentence)) }))
      .sort((a, b) => b.cosine - a.cosine || a.index - b.index)
      .slice(0, count)
      .map(({ index }) => index)
      .sort((a, b) => a - b);
  };
}
