import { UserError } from '../../project/error.js';
import { normalised } from '../../project/normalise.js';
import type { Reference } from '../document.js';
import { type BibtexEntry, fieldText, type Name, OTHERS, readBibtex, type Unprinted } from './bibtex.js';
import { addressFlaw } from './bibtex-address.js';
import { fullAuthors, referenceContent } from './reference.js';

/** A work as it is cited and listed. */
export interface Work {
  readonly key: string;
  readonly anchor: string;
  /** "Wadden et al." */
  readonly authors: string;
  /** "2020", or "2020a" where two works would look alike. */
  readonly year: string;
  readonly reference: Reference;
}

/** A year of print, or what stands for one. */
const YEAR = /^(?:1[4-9]\d\d|20\d\d)$|^(?:forthcoming|in press|to appear|n\.\s?d\.)$/i;

/**
 * The entries of a BibTeX file by key.
 *
 * @throws UserError, with file and line, as `readBibtex`, for missing fields, years that are none, and a DOI, arXiv number or
 *   address that is none.
 */
export function readBibliography(
  source: string,
  file: string,
  unprinted?: Unprinted,
): ReadonlyMap<string, BibtexEntry> {
  const entries = readBibtex(source, file, unprinted);
  for (const entry of entries) {
    const { key, line } = entry;
    const there = {
      author: authorsOf(entry).length > 0,
      title: fieldText(entry, 'title'),
      year: yearOf(entry),
    };
    for (const [field, value] of Object.entries(there))
      if (!value) throw new UserError(`"${key}" has no ${field}`, { at: { file, line, field } });
    if (!YEAR.test(there.year))
      throw new UserError(`"${there.year}" is no year`, {
        at: { file, line, field: 'year' },
        hint: 'Four digits, or forthcoming, in press, to appear, n.d.',
      });
    const flaw = addressFlaw(entry);
    if (flaw) throw new UserError(flaw.message, { at: { file, line, field: flaw.field }, hint: flaw.hint });
  }
  return new Map(entries.map((entry) => [entry.key, entry]));
}

/** As BibTeX's, or of the date as BibLaTeX's. */
const yearOf = (entry: BibtexEntry) =>
  fieldText(entry, 'year') || (/^\d{4}/.exec(fieldText(entry, 'date'))?.[0] ?? fieldText(entry, 'date'));

/** Of proceedings and collections the editors. */
const authorsOf = ({ authors, editors }: BibtexEntry): readonly Name[] =>
  authors.length > 0 ? authors : editors;

/**
 * The works cited, in the order of the reference list: by authors, year, title. Author-year style as in the ACL
 * Anthology.
 */
export function citedWorks(entries: readonly BibtexEntry[]): Work[] {
  const sorted = entries
    .map((entry) => ({ entry, names: authorsOf(entry), year: yearOf(entry) }))
    .sort(
      (a, b) =>
        compare(a.names.map(sortName).join(' '), b.names.map(sortName).join(' ')) ||
        compare(a.year, b.year) ||
        compare(fieldText(a.entry, 'title'), fieldText(b.entry, 'title')),
    );
  const labels = sorted.map(({ names, year }) => `${shortAuthors(names)} ${year}`);
  return sorted.map(({ entry, names, year }, index) => {
    const alike = labels.flatMap((label, i) => (label === labels[index] ? [i] : []));
    const suffix = alike.length > 1 ? String.fromCharCode(97 + alike.indexOf(index)) : '';
    const anchor = `ref-${entry.key}`;
    return {
      key: entry.key,
      anchor,
      authors: shortAuthors(names),
      year: year + suffix,
      reference: { anchor, content: referenceContent(entry, fullAuthors(names), year + suffix) },
    };
  });
}

// Unicode code points, not a locale's collation: locale data differ between Node builds.
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const fold = (name: string) => normalised(name, 'NFD').replace(/\p{M}/gu, '').toLowerCase();
const sortName = ({ family, given }: Name) => `${fold(family)} ${fold(given)}`;

function shortAuthors(names: readonly Name[]): string {
  const [first, second] = names;
  if (!first) return '';
  if (names.length > 2 || second?.family === OTHERS) return `${first.family} et\u00a0al.`;
  return second ? `${first.family} and ${second.family}` : first.family;
}
