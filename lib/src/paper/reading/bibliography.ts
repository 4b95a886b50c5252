import { UserError } from '../../project/error.js';
import { normalised } from '../../project/normalise.js';
import { type Inline, type Reference, text } from '../document.js';
import { type BibtexEntry, readBibtex } from './bibtex.js';

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

interface Name {
  readonly given: string;
  readonly family: string;
}

/** A year of print, or what stands for one. */
const YEAR = /^(?:1[4-9]\d\d|20\d\d)$|^(?:forthcoming|in press|to appear|n\.\s?d\.)$/i;

/** The entries of a BibTeX file by key. Throws UserError, with file and line, as `readBibtex` and for missing fields and years that are none. */
export function readBibliography(source: string, file: string): ReadonlyMap<string, BibtexEntry> {
  const entries = readBibtex(source, file);
  for (const { key, line, fields } of entries) {
    for (const field of ['author', 'title', 'year']) {
      if (!fields[field]) {
        throw new UserError(`"${key}" has no ${field}`, { at: { file, line, field } });
      }
    }
    const { year = '' } = fields;
    if (!YEAR.test(year))
      throw new UserError(`"${year}" is no year`, {
        at: { file, line, field: 'year' },
        hint: 'Four digits, or forthcoming, in press, to appear, n.d.',
      });
    if (fields['url'] && !/^https?:/.test(fields['url'])) {
      throw new UserError(`"${fields['url']}" is no web address`, { at: { file, line, field: 'url' } });
    }
  }
  return new Map(entries.map((entry) => [entry.key, entry]));
}

/**
 * The works cited, in the order of the reference list: by authors, year, title. Author-year style as in the ACL
 * Anthology.
 */
export function citedWorks(entries: readonly BibtexEntry[]): Work[] {
  const sorted = entries
    .map((entry) => ({ entry, names: authorNames(entry), year: entry.fields['year'] ?? '' }))
    .sort(
      (a, b) =>
        compare(a.names.map(sortName).join(' '), b.names.map(sortName).join(' ')) ||
        compare(a.year, b.year) ||
        compare(a.entry.fields['title'] ?? '', b.entry.fields['title'] ?? ''),
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
      reference: { anchor, content: referenceContent(entry, names, year + suffix) },
    };
  });
}

// Unicode code points, not a locale's collation: locale data differ between Node builds.
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const fold = (name: string) => normalised(name, 'NFD').replace(/\p{M}/gu, '').toLowerCase();
const sortName = ({ family, given }: Name) => `${fold(family)} ${fold(given)}`;

/** "Wadden, David and Lin, Shanchuan", or given names first; a name that is one word or all one group stays so. */
function authorNames({ fields }: BibtexEntry): Name[] {
  return (fields['author'] ?? '').split(' and ').map((name) => {
    const [family = '', given] = name.split(',').map((part) => part.trim());
    if (given !== undefined) return { family, given };
    const words = family.split(' ');
    return { family: words.at(-1) ?? '', given: words.slice(0, -1).join(' ') };
  });
}

/** BibTeX's word for authors left out. */
const OTHERS = 'others';

function shortAuthors(names: readonly Name[]): string {
  const [first, second] = names;
  if (!first) return '';
  if (names.length > 2 || second?.family === OTHERS) return `${first.family} et\u00a0al.`;
  return second ? `${first.family} and ${second.family}` : first.family;
}

function fullAuthors(names: readonly Name[]): string {
  const full = names
    .filter(({ family }) => family !== OTHERS)
    .map(({ given, family }) => [given, family].filter(Boolean).join(' '));
  if (full.length < names.length) return `${full.join(', ')}${full.length > 1 ? ',' : ''} et\u00a0al.`;
  if (full.length < 3) return full.join(' and ');
  return `${full.slice(0, -1).join(', ')}, and ${full.at(-1)}`;
}

function referenceContent({ type, fields }: BibtexEntry, names: readonly Name[], year: string): Inline[] {
  const { title = '', booktitle, journal, volume, number, pages, publisher, howpublished } = fields;
  const sentence = (...parts: readonly (Inline | undefined)[]): Inline[] => {
    const there = parts.flatMap((part) => part ?? []);
    return there.length > 0 ? [...there, text('. ')] : [];
  };
  const italic = (content: string | undefined): Inline | undefined =>
    content ? { kind: 'emphasis', children: [text(content)] } : undefined;
  const range = pages?.replace(/-+/, '–');
  const issue = [volume, number && `(${number})`].filter(Boolean).join('');
  const link = referenceLink(fields);
  return [
    text(`${fullAuthors(names).replace(/\.$/, '')}. ${year}. `),
    ...sentence(type === 'book' ? italic(title) : text(title)),
    ...(booktitle
      ? sentence(text('In '), italic(booktitle), range ? text(`, pages ${range}`) : undefined)
      : sentence(
          italic(journal),
          issue ? text(`, ${issue}`) : undefined,
          range ? text(journal && issue ? `:${range}` : `, pages ${range}`) : undefined,
        )),
    ...sentence(publisher ? text(publisher) : undefined),
    ...sentence(howpublished ? text(howpublished) : undefined),
    ...(link ? [link, text('.')] : []),
  ];
}

/** DOI, else arXiv number, else address: one link, readable in print too. */
function referenceLink({ doi, eprint, url }: BibtexEntry['fields']): Inline | undefined {
  const [label, href] = doi
    ? [`doi:${doi}`, `https://doi.org/${doi}`]
    : eprint
      ? [`arXiv:${eprint}`, `https://arxiv.org/abs/${eprint}`]
      : [url, url];
  return label && href ? { kind: 'link', href, children: [text(label)] } : undefined;
}
