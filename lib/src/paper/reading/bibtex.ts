import { UserError } from '../../project/error.js';
import { didYouMean } from '../../project/nearest.js';

/** An entry of a BibTeX file: field names in lower case, values without their outer braces. */
export interface BibtexEntry {
  readonly type: string;
  readonly key: string;
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
}

const FIELDS = [
  'author',
  'title',
  'year',
  'booktitle',
  'journal',
  'volume',
  'number',
  'pages',
  'publisher',
  'howpublished',
  'doi',
  'eprint',
  'url',
];

/** The types of entries that BibTeX and BibLaTeX's own styles know. */
const TYPES = [
  ...['article', 'book', 'booklet', 'conference', 'inbook', 'incollection', 'inproceedings', 'manual'],
  ...['mastersthesis', 'misc', 'phdthesis', 'proceedings', 'techreport', 'unpublished'],
  ...['collection', 'dataset', 'online', 'report', 'software', 'thesis'],
];

/**
 * Reads BibTeX as this project writes it: UTF-8 in place of LaTeX commands, no @string and no concatenation, the
 * fields the reference list knows. General readers guess at the rest of the language; here an error names the line.
 *
 * Throws UserError naming file and line for bad syntax, an unknown type or field, a repeated key and a LaTeX command.
 */
export function readBibtex(source: string, file: string): BibtexEntry[] {
  let at = 0;
  const line = () => source.slice(0, at).split('\n').length;
  const fail = (message: string, hint?: string): never => {
    throw new UserError(message, { at: { file, line: line() }, ...(hint && { hint }) });
  };
  const take = (pattern: RegExp, expected: string): string => {
    const match = new RegExp(pattern, `${pattern.flags}y`);
    match.lastIndex = at;
    const found = match.exec(source)?.[0];
    if (found === undefined) return fail(`expected ${expected}`);
    at += found.length;
    return found;
  };
  const space = () => take(/(?:\s|%[^\n]*)*/, 'a space');

  const entry = (): BibtexEntry => {
    const start = line();
    const type = take(/@[a-z]+/i, 'an entry such as @article')
      .slice(1)
      .toLowerCase();
    if (!TYPES.includes(type)) fail(`unknown type "@${type}"`, didYouMean(type, TYPES));
    take(/\s*\{\s*/, '"{"');
    const key = take(/[A-Za-z][\w-]*/, 'a key of letters, digits, "-" and "_"');
    const fields: Record<string, string> = {};
    space();
    while (source[at] === ',') {
      at++;
      space();
      if (source[at] === '}') break;
      const name = take(/[a-z]+/i, 'a field name').toLowerCase();
      if (!FIELDS.includes(name)) {
        fail(`unknown field "${name}" in "${key}"`, didYouMean(name, FIELDS));
      }
      take(/\s*=\s*/, '"="');
      fields[name] = value(key);
      space();
    }
    take(/\}/, `"," or "}" in "${key}"`);
    return { type, key, line: start, fields };
  };

  const value = (key: string): string => {
    if (source[at] !== '{' && source[at] !== '"')
      return take(/\d+/, 'a value in braces, in quotes or a number');
    const close = source[at] === '"' ? '"' : '}';
    const from = ++at;
    for (let depth = 0; at < source.length; at++) {
      const character = source[at];
      if (character === close && depth === 0) break;
      if (character === '{') depth++;
      if (character === '}') depth--;
      if (character === '\\') fail(`a LaTeX command in "${key}"`, 'Write the character itself, such as é.');
    }
    if (at >= source.length) fail(`a value of "${key}" is not closed`);
    return source
      .slice(from, at++)
      .replace(/[{}]/g, '')
      .replace(/\s+/g, ' ')
      .trim()
      .replaceAll('~', '\u00a0');
  };

  const entries: BibtexEntry[] = [];
  for (space(); at < source.length; space()) {
    const next = entry();
    const twin = entries.find(({ key }) => key === next.key);
    if (twin) fail(`"${next.key}" is defined twice, first in line ${twin.line}`);
    entries.push(next);
  }
  return entries;
}
