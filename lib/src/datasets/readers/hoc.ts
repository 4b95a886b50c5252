import { UserError } from '../../project/error.js';
import { readTable } from '../formats/table.js';
import { readGold } from '../gold.js';
import type { Reader } from '../reader.js';
import type { ReleaseBytes } from '../release.js';
import { normaliseSpace } from '../text.js';

interface Piece {
  readonly at: { readonly file: string; readonly line: number; readonly field: string };
  readonly id: string;
  readonly document: string;
  readonly text: string;
  /** Numbers of hallmarks. */
  readonly labels: readonly string[];
}

/**
 * Hallmarks of Cancer (Baker et al. 2016) as BLURB ships it: sentences with ten flags (`0_0,1_1,...`), whose numbers the
 * entry's `labels` name. Build `sentences`: as shipped; `abstracts`: a document's sentences together, with all their labels.
 */
export const read: Reader = ({ dataset, build, split, files, task, entry }) => {
  const sentences = files.flatMap(sentencesOf);
  return (build === 'abstracts' ? abstractsOf(sentences) : sentences).map((piece) => ({
    id: `${dataset}:${split}:${piece.id}`,
    gold: readGold(task, piece.labels, piece.at, { words: entry.labels }),
    keys: { document: [piece.document] },
    texts: { text: piece.text },
  }));
};

function sentencesOf({ path: file, bytes }: ReleaseBytes): readonly Piece[] {
  const { columns, rows } = readTable(bytes, file, { quotes: false });
  if (columns.join() !== 'labels,sentence,index')
    throw new UserError(`the columns are ${columns.join(', ')}`, { at: { file, line: 1, field: 'labels' } });
  const numbers = new Map<string, number>();
  return rows.map(({ line, cells: [flags = '', sentence = '', id = ''] }) => {
    const flaw = (field: string, message: string) => new UserError(message, { at: { file, line, field } });
    const given = flags.split(',');
    if (given.length !== 10 || !given.every((flag, hallmark) => new RegExp(`^${hallmark}_[01]$`).test(flag)))
      throw flaw('labels', `"${flags}" are not the flags 0_0 to 9_1`);
    const [, document = '', number] = /^(\d+)_s(\d+)$/.exec(id) ?? [];
    const next = numbers.get(document) ?? 0;
    if (Number(number) !== next) throw flaw('index', `"${id}" is not sentence ${next} of its document`);
    numbers.set(document, next + 1);
    const text = normaliseSpace(sentence);
    if (text === '') throw flaw('sentence', 'empty');
    const labels = given.flatMap((flag) => (flag.endsWith('_1') ? [flag.slice(0, -2)] : []));
    return { at: { file, line, field: 'labels' }, id, document, text, labels };
  });
}

function abstractsOf(sentences: readonly Piece[]): readonly Piece[] {
  const abstracts = new Map<string, Piece>();
  for (const { at, document, text, labels } of sentences) {
    const begun = abstracts.get(document) ?? { at, id: document, document, text: '', labels: [] };
    const joined = `${begun.text} ${text}`.trim();
    abstracts.set(document, { ...begun, text: joined, labels: [...begun.labels, ...labels] });
  }
  return [...abstracts.values()];
}
