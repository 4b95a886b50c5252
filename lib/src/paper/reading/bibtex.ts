import { type Creator, type Entry, parse } from '@retorquere/bibtex-parser';
import { UserError } from '../../project/error.js';
import { didYouMean, nearest } from '../../project/nearest.js';
import { type Inline, plainText } from '../document.js';
import { markup, withoutTags, withSignsHidden } from './bibtex-markup.js';

/** An entry of a BibTeX file: field names in lower case, values as they are to be printed. */
export interface BibtexEntry {
  readonly type: string;
  readonly key: string;
  readonly line: number;
  readonly authors: readonly Name[];
  readonly editors: readonly Name[];
  readonly fields: Readonly<Record<string, readonly Inline[]>>;
}

/** What a field says, without italics; empty where there is none. */
export const fieldText = ({ fields }: Pick<BibtexEntry, 'fields'>, field: string): string =>
  plainText(fields[field] ?? []);

/** A person, or an institution, which is a family name alone. */
export interface Name {
  readonly given: string;
  /** With its particle: "van Beethoven". */
  readonly family: string;
  /** "Jr." */
  readonly suffix?: string;
}

/** BibTeX's word for names left out. */
export const OTHERS = 'others';

/** Fields that the reference list prints, and those that tell what the others mean. */
const PRINTED = [
  ...['author', 'editor', 'title', 'subtitle', 'year', 'date', 'booktitle', 'journal', 'journaltitle'],
  ...['volume', 'number', 'issue', 'eid', 'pages', 'series', 'edition', 'chapter', 'publisher', 'school'],
  ...['institution', 'organization', 'address', 'location', 'howpublished', 'note', 'type', 'version'],
  ...['doi', 'eprint', 'url', 'archiveprefix', 'eprinttype', 'crossref'],
];

/** The types of entries that BibTeX and BibLaTeX's own styles know. */
const TYPES = [
  ...['article', 'book', 'booklet', 'conference', 'inbook', 'incollection', 'inproceedings', 'manual'],
  ...['mastersthesis', 'misc', 'phdthesis', 'proceedings', 'techreport', 'unpublished', 'electronic'],
  ...['collection', 'dataset', 'online', 'report', 'software', 'thesis', 'www', 'patent', 'periodical'],
];

/** What a reader of a bibliography is told of a field that is not printed. */
export type Unprinted = (line: number, field: string, key: string) => void;

/**
 * Reads BibTeX as authors write it: names with particles, suffixes and braces, `@string`, `#`, `crossref`, commands for
 * accents and signs.
 *
 * @param unprinted is told of fields that no reference list prints, such as `abstract`.
 * @throws UserError naming file and line of bad syntax, an unknown type, a misspelt field, a repeated key or field, an
 *   abbreviation that is not defined, and a LaTeX command that has no text.
 */
export function readBibtex(source: string, file: string, unprinted: Unprinted = () => {}): BibtexEntry[] {
  const hidden = withSignsHidden(source);
  const lineAt = (offset: number) => source.slice(0, Math.max(0, offset)).split('\n').length;
  const fail = (line: number, message: string, hint?: string): never => {
    throw new UserError(message, { at: { file, line }, ...(hint && { hint }) });
  };
  const control = source.search(/[^\P{Cc}\t\n\r]/u);
  if (control >= 0) fail(lineAt(control), 'a control character stands here', 'Take it out.');
  const startOf = ({ input }: Pick<Entry, 'input'>) => hidden.indexOf(input);
  const commands: { readonly tex: string; readonly entry: Entry }[] = [];
  const { entries, errors } = parse(hidden, {
    english: false,
    sentenceCase: false,
    caseProtection: false,
    unsupported: (_node, tex, entry) => {
      commands.push({ tex, entry });
      return tex;
    },
  });
  for (const { error } of errors) {
    const [, place] = /at line (\d+), column \d+/.exec(error) ?? [];
    const named = /"([^"]+)"$/.exec(error)?.[1];
    const line =
      place !== undefined ? Number(place) : lineAt(named === undefined ? 0 : hidden.indexOf(named));
    fail(line, `not valid BibTeX: ${withoutTags(error.split('\n')[0] ?? '')}`);
  }
  for (const { tex, entry } of commands)
    fail(
      lineAt(startOf(entry) + entry.input.indexOf(tex)),
      `the LaTeX command "${tex}" in "${entry.key}" cannot be written`,
      'Write the character itself, such as é.',
    );
  for (const entry of entries) {
    const comment = commentIn(entry.input);
    if (comment !== undefined)
      fail(
        lineAt(startOf(entry) + comment),
        `in a value of "${entry.key}", % begins a comment`,
        'Write \\% for the sign, and comments between entries.',
      );
  }
  const stray = outside(hidden, entries);
  if (stray !== undefined) fail(lineAt(stray), 'what looks like an entry has no @ before it');

  const lines = new Map<string, number>();
  return entries.map((entry) => {
    const { type, key, fields } = entry;
    const line = lineAt(startOf(entry));
    const lineOf = (field: string) =>
      lineAt(startOf(entry) + entry.input.search(new RegExp(String.raw`\b${field}\s*=`, 'i')));
    if (!TYPES.includes(type)) fail(line, `unknown type "@${type}"`, didYouMean(type, TYPES));
    const first = lines.get(key);
    if (first !== undefined) fail(line, `"${key}" is defined twice, first in line ${first}`);
    lines.set(key, line);
    for (const name of Object.keys(fields)) {
      const [field = name] = name.split('+duplicate-');
      if (field !== name) fail(line, `"${key}" has the field "${field}" twice`);
      if (PRINTED.includes(field)) continue;
      const near = isOther(field) ? undefined : nearest(field, PRINTED);
      if (near !== undefined)
        fail(lineOf(field), `unknown field "${field}" in "${key}"`, `Did you mean "${near}"?`);
      unprinted(lineOf(field), field, key);
    }
    const { crossref } = fields;
    if (crossref !== undefined && !entries.some((other) => other.key === crossref))
      fail(lineOf('crossref'), `"${key}" refers to "${crossref}", which is not defined`);
    const { author = [], editor = [], ...texts } = fields;
    return {
      type,
      key,
      line,
      authors: author.map(nameOf),
      editors: editor.map(nameOf),
      fields: Object.fromEntries(
        Object.entries(texts).map(([field, value]) => [field, markup([value].flat().join(' and '))]),
      ),
    };
  });
}

/** What managers of references write beside what is printed: near a printed field by its name, and another. */
const isOther = (field: string) =>
  /^(?:abstract|keywords|key|file|month|day|urldate|issn|isbn|language|langid|short(?:title|author|journal)|title(?:addon|short)|eventtitle|eventdate|editora|editortype|authortype|numpages|pagetotal|primaryclass|eprintclass|pubstate|booksubtitle|maintitle|origdate|origtitle|collection|urn|pmid|pmcid|date-(?:added|modified))$/.test(
    field,
  );

function nameOf({ name, lastName, firstName, prefix, suffix }: Creator): Name {
  const text = (part: string | undefined) => withoutTags(part ?? '');
  return {
    given: text(firstName),
    family: [text(prefix), text(lastName ?? name)].filter(Boolean).join(' '),
    ...(suffix && { suffix: text(suffix) }),
  };
}

/** Where a `%` within a value of an entry would leave out the rest of its line. */
function commentIn(input: string): number | undefined {
  let [depth, quoted] = [0, false];
  for (let at = 0; at < input.length; at++) {
    const sign = input[at];
    if (sign === '\\') at++;
    else if (sign === '{') depth++;
    else if (sign === '}') depth--;
    else if (sign === '"' && depth === 1) quoted = !quoted;
    else if (sign === '%' && (depth > 1 || quoted)) return at;
  }
  return undefined;
}

/** Where something stands between entries that looks like one without its @. */
function outside(source: string, entries: readonly Entry[]): number | undefined {
  let rest = source;
  for (const { input } of entries) rest = rest.replace(input, (text) => text.replace(/[^\n]/g, ' '));
  const found = /^[^\S\n]*([a-z]+)[{(][^\s,={}]+,/im.exec(rest);
  if (!found || !TYPES.includes(found[1]?.toLowerCase() ?? '')) return undefined;
  return found.index + found[0].search(/\S/);
}
