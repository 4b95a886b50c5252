import { distance } from 'fastest-levenshtein';
import { normalised } from '../project/normalise.js';

/** What stands in files where a label is missing. */
const NO_LABEL =
  /^(?:[-–—.?_/*]{1,3}|-1(?:\.0)?|-?9{2,4}|nan|nat|null|nil|none|void|n\.?\/?a\.?|#n\/a|#[a-z/]+[!?]|<na>|undefined|unknown|missing|unlabell?ed|not (?:available|applicable)|tbd|todo|\[\]|\{\})$/i;

/** Longer than this and it is no label; what is looked at of one. */
const LONGEST = 200;

/**
 * Labels that are alike but for case, space, hyphens, punctuation at their ends, compatibility forms or what is not seen, or
 * for one letter, and those that may stand for none: a sentence each. All are taken as they are.
 *
 * @param counts how often each label occurs.
 *
 * @example
 * doubtfulLabels(new Map([['Yes', 3], ['yes', 1]])); // -> ['"Yes" (3), "yes" (1) are taken as 2 labels, though they are alike']
 */
export function doubtfulLabels(counts: ReadonlyMap<string, number>): readonly string[] {
  const shown = (labels: readonly string[]) =>
    labels.map((label) => `"${shortened(label)}" (${counts.get(label)?.toLocaleString('en')})`).join(', ');
  const labels = [...counts.keys()];
  const byForm = new Map<string, string[]>();
  for (const label of labels) {
    const form = formOf(label);
    const near = [...byForm.keys()].find((other) => other === form || isOneLetterOff(form, other));
    byForm.set(near ?? form, [...(byForm.get(near ?? form) ?? []), label]);
  }
  return [
    ...[...byForm.values()]
      .filter((alike) => alike.length > 1)
      .map((alike) => `${shown(alike)} are taken as ${alike.length} labels, though they are alike`),
    ...labels
      .filter((label) => NO_LABEL.test(formOf(label)) || NO_LABEL.test(label.slice(0, LONGEST)))
      .map((label) => `${shown([label])} is taken as a label; if it stands for none, remove its rows`),
  ];
}

/** More different labels than this and they are none. */
const MOST_LABELS = 30;
/** A part of a cell with more words is no label. */
const MOST_WORDS = 5;

/**
 * Whether cells hold sets of labels: they part into a few short items that come again.
 *
 * @param sets the items of each cell.
 */
export function areLabelSets(cells: readonly string[], sets: readonly (readonly string[])[]): boolean {
  const parts = [...new Set(sets.flat())].filter(Boolean);
  if (parts.length > MOST_LABELS || sets.every((set) => set.length < 2)) return false;
  if (cells.some((text) => text.includes('|'))) return true;
  const short = parts.every((part) => part.split(/\s+/).length <= MOST_WORDS);
  const again = parts.length < sets.flat().length && !parts.every((part) => Number.isFinite(Number(part)));
  // One label may hold a comma, as in `breast, left`; where commas part sets, there are more sets than labels.
  return short && again && (cells.some((text) => text.includes(';')) || parts.length <= new Set(cells).size);
}

/** A label, or another name of the user's, as a message can hold it. */
export const shortened = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}…` : name);

function formOf(label: string): string {
  const form = normalised(label.slice(0, LONGEST), 'NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/(?<=\p{L})[\s_-]+(?=\p{L})/gu, '')
    .replace(/^["'“‘([{\s]+(?=.)|(?<=[^"'”’)\]}.!\s])["'”’)\]}.!\s]+$/gu, '');
  return /^[-+]?\d+(?:\.\d+)?$/.test(form) ? `${Number(form)}` : form;
}

/** Numbers tell classes apart by one digit; words of some letters do not. */
const isOneLetterOff = (a: string, b: string) =>
  Math.min(a.length, b.length) >= 6 && !/\d/.test(a + b) && distance(a, b) === 1;
