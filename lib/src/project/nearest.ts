import { distance } from 'fastest-levenshtein';

/** From this likeness on, of 0..1, one name may be meant where another was written. */
const NEAR = 0.5;
/** More characters than this and a message holds the first names alone. */
const MOST_SHOWN = 600;

/**
 * The one of some names that is meant by a name that is not among them, where any may be: one that differs in few letters,
 * their order, case or signs, or that has its words, or words that begin as they do.
 *
 * @example
 * nearest('smollm-135m', ['gpt-5', 'smollm2-135m-instruct']); // -> 'smollm2-135m-instruct'
 * nearest('smollm-135m', ['gpt-5']); // -> undefined
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((other) => ({ other, likeness: likeness(name, other) }))
    .filter((each) => each.likeness >= NEAR)
    .sort((a, b) => b.likeness - a.likeness);
  return best?.other;
}

/** `The nearest is "no"; known: yes, no.`: what there is instead of a name that there is not. */
export function alternatives(name: string, known: readonly string[], called = 'known'): string {
  if (known.length === 0) return 'There is none.';
  const near = nearest(name, known);
  const all = `${called}: ${listed(known)}.`;
  return near === undefined ? all.charAt(0).toUpperCase() + all.slice(1) : `The nearest is "${near}"; ${all}`;
}

/** `Did you mean "no"?`, or where nothing is near what there is. */
export function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? alternatives(name, known) : `Did you mean "${near}"?`;
}

/** `no such model; the nearest is "gpt-5"; known: gpt-5, gpt-4o`: the same as a message. */
export function noSuch(
  what: string,
  name: string,
  known: readonly string[],
  there = alternatives(name, known),
): string {
  const said = there.slice(0, -1);
  return `no such ${what}; ${said.charAt(0).toLowerCase()}${said.slice(1)}`;
}

/** Names as a sentence can hold them: as many as a reader would look through. */
function listed(names: readonly string[]): string {
  let length = 0;
  const shown = names.filter((name, at) => {
    length += name.length + 2;
    return at === 0 || length <= MOST_SHOWN;
  });
  const left = names.length - shown.length;
  return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(', ');
}

/** 0..1: by letters, or a little less by words, so that of names with the same words the one of fewer others comes first. */
function likeness(a: string, b: string): number {
  const [one, other] = [bare(a), bare(b)];
  if (one === '' || other === '') return a === b ? 1 : 0;
  const letters = 1 - distance(one, other) / Math.max(one.length, other.length);
  const swapped = one.length > 1 && sorted(one) === sorted(other) ? 0.8 : 0;
  const words = 0.8 * shared(wordsOf(a), wordsOf(b)) + 0.1 * letters;
  return Math.max(letters, swapped, words);
}

/** The part of a name's letters that is in words which the other has too, or which begin as its do. */
function shared(words: readonly string[], others: readonly string[]): number {
  const count = (all: readonly string[]) => all.reduce((sum, word) => sum + word.length, 0);
  const alike = (word: string, other: string) =>
    word === other ||
    (Math.min(word.length, other.length) > 2 &&
      (word.startsWith(other) || other.startsWith(word) || isSlip(word, other)));
  return count(words.filter((word) => others.some((other) => alike(word, other)))) / count(words);
}

/** Whether two words of some length differ in one letter, or in the order of their letters alone. */
const isSlip = (word: string, other: string) =>
  Math.min(word.length, other.length) > 3 && (distance(word, other) === 1 || sorted(word) === sorted(other));

const LONGEST = 200;
const bare = (name: string) =>
  name
    .slice(0, LONGEST)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
const sorted = (text: string) => [...text].sort().join('');
const wordsOf = (name: string) =>
  name
    .slice(0, LONGEST)
    .replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
