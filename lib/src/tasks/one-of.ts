import { declines, withoutDeclining } from './refusal.js';
import { asWord, type Shape, wordOf } from './shape.js';
import type { TaskOf } from './task.js';

/**
 * One label of several. A model writes the word of its label, or is not asked to write: its probabilities of the words
 * are read off. Of a text the first word of an answer that stands in it counts, whatever stands around it: "not true" is
 * read as True. Where it declines, "I cannot say whether it is true", no word counts (`withoutDeclining`).
 */
export const oneOf = ({ labels }: TaskOf<'one-of'>): Shape => ({
  stored: 'label',
  head: 'softmax',
  whole: false,
  stops: [],
  unanswered: { counts: 'as wrong', lacks: 'without one of the labels' },
  measures: ['macro-f1', 'accuracy'],
  strata: labels,
  named: labels,
  stratum: (gold) => labelIn(labels, gold),
  gold: (value) => labelIn(labels, value),
  write: ({ gold }, words) => wordOf(labelIn(labels, gold), words),
  read(text, _row, words) {
    const willing = withoutDeclining(text);
    const [first] = labels
      .flatMap((label) => {
        const word = wordOf(label, words);
        const at = (declines(word) ? text : willing).search(asWord(word));
        return at < 0 ? [] : [{ label, at }];
      })
      // Of words that begin at one place the longest is meant: "Yes, partly", not "Yes".
      .sort((a, b) => a.at - b.at || wordOf(b.label, words).length - wordOf(a.label, words).length);
    return first?.label;
  },
});

/** @throws Error where a value is none of the labels. */
export function labelIn(labels: readonly string[], value: unknown): string {
  const found = labels.find((label) => label === value);
  if (found === undefined)
    throw new Error(`unknown label ${JSON.stringify(value)}; known are ${labels.join(', ')}`);
  return found;
}
