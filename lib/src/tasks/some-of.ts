import { labelIn } from './one-of.js';
import { type Shape, wordOf } from './shape.js';
import type { TaskOf } from './task.js';

/**
 * Any number of labels, also none. A model writes their words, parted by commas, or the word for none, on one line; a
 * line that holds anything else is not read.
 */
export const someOf = ({ labels }: TaskOf<'some-of'>): Shape => ({
  stored: 'labels',
  head: 'sigmoid',
  whole: true,
  stops: ['\n'],
  unanswered: { counts: 'as naming no label, and as no exact match', lacks: 'not in the form asked for' },
  measures: ['micro-f1', 'macro-f1', 'exact-match'],
  // A row counts for the first of its labels: sets are too many to be classes.
  strata: ['', ...labels],
  named: [[], ...labels.map((label) => [label])],
  stratum: (gold) => setIn(labels, gold)[0] ?? '',
  gold: (value) => setIn(labels, value),
  write({ gold }, words) {
    const named = setIn(labels, gold).map((label) => wordOf(label, words));
    return named.length === 0 ? words.none : named.join(', ');
  },
  read(text, _row, words) {
    const answer = plain(firstLine(text));
    if (answer === plain(words.none)) return [];
    const parts = answer.split(/[,;]/).map((part) => plain(part.trim()));
    const found = parts.map((part) => labels.find((label) => plain(wordOf(label, words)) === part));
    return found.includes(undefined) ? undefined : labels.filter((label) => found.includes(label));
  },
});

/** A word without its case and a full stop at its end. */
const plain = (word: string) => word.toLowerCase().replace(/\.$/, '');

/** The first line of a text that holds anything. */
export const firstLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find(Boolean) ?? '';

/** A set in the task's order; of text its labels are parted by `,`, `;` or `|`. @throws Error for another value. */
function setIn(labels: readonly string[], value: unknown): readonly string[] {
  const given = typeof value === 'string' ? value.split(/[,;|]/).map((part) => part.trim()) : value;
  if (!Array.isArray(given)) throw new Error(`${JSON.stringify(value)} is no list of labels`);
  const known = new Set(given.filter((each) => each !== '').map((each) => labelIn(labels, each)));
  return labels.filter((label) => known.has(label));
}
