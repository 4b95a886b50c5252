import { gzipSync } from 'node:zlib';
import type { RandomStream } from 'small-claims/project/random';

/**
 * What is right of a changed file: it is `refused`, it is read as the `same`, it is refused or what is odd is `told`, or
 * `any` of these as long as no row is lost.
 */
export type Right = 'refused' | 'same' | 'told' | 'any';

/** A way in which files come broken, or come otherwise than one's own. */
export interface Mutation {
  readonly name: string;
  readonly right: Right;
  /** Of a valid file; undefined where there is nothing to change in this way. */
  readonly change: (valid: Buffer, random: RandomStream) => Buffer | undefined;
}

/** A mutation of the text of a file. */
export const ofText = (
  name: string,
  right: Right,
  change: (text: string, random: RandomStream) => string | undefined,
): Mutation => ({
  name,
  right,
  change(valid, random) {
    const text = change(valid.toString('utf8'), random);
    return text === undefined ? undefined : Buffer.from(text);
  },
});

/** A mutation of a file's lines; line ends stay. */
export const ofLines = (
  name: string,
  right: Right,
  change: (lines: readonly string[], random: RandomStream) => readonly string[] | undefined,
): Mutation =>
  ofText(name, right, (text, random) => {
    const changed = change(text.replace(/\n$/, '').split('\n'), random);
    return changed && `${changed.join('\n')}\n`;
  });

/** A mutation of a file of JSON. */
export const ofJson = (
  name: string,
  right: Right,
  change: (value: unknown, random: RandomStream) => unknown,
): Mutation =>
  ofText(name, right, (text, random) => {
    const changed = change(JSON.parse(text), random);
    return changed === undefined ? undefined : JSON.stringify(changed, null, 1);
  });

const insert = (bytes: Buffer, at: number, more: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
const latin = (text: string) => Buffer.from(text, 'latin1');

/** What befalls any file of text on its way. */
export const BYTES: readonly Mutation[] = [
  { name: 'nothing at all', right: 'refused', change: () => Buffer.alloc(0) },
  { name: 'white space alone', right: 'refused', change: () => Buffer.from(' \n\n \t\n') },
  {
    name: 'a byte that is not UTF-8',
    right: 'refused',
    change: (valid, random) => insert(valid, random.below(valid.length), latin('\xe9')),
  },
  {
    name: 'UTF-16 with a mark',
    right: 'refused',
    change: (valid) => Buffer.from(`\ufeff${valid.toString('utf8')}`, 'utf16le'),
  },
  {
    name: 'UTF-16 without a mark',
    right: 'refused',
    change: (valid) => Buffer.from(valid.toString('utf8'), 'utf16le'),
  },
  {
    name: 'a NUL',
    right: 'refused',
    change: (valid, random) => insert(valid, random.below(valid.length), Buffer.alloc(1)),
  },
  { name: 'gzip within gzip', right: 'refused', change: (valid) => gzipSync(gzipSync(valid)) },
  ...(
    [
      ['a workbook', 'PK\x03\x04\x14\x00'],
      ['an old workbook', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
      ['Parquet', 'PAR1\x15\x04'],
      ['a PDF', '%PDF-1.7\n'],
      ['a page of HTML', '<!DOCTYPE html>\n<html><body>404</body></html>\n'],
      ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'],
      ['bzip2', 'BZh91AY&SY\x00'],
      ['xz', '\xfd7zXZ\x00'],
      ['Zstandard', '\x28\xb5\x2f\xfd\x00'],
      ['a pickle', '\x80\x04\x95\x00\x00'],
      ['SQLite', 'SQLite format 3\x00'],
    ] as const
  ).map(
    ([name, bytes]): Mutation => ({
      name: `${name} under its name`,
      right: 'refused',
      change: () => latin(bytes),
    }),
  ),
  {
    name: 'noise',
    right: 'refused',
    change: (valid, random) => Buffer.from(Array.from({ length: valid.length }, () => random.below(256))),
  },
];

/** What may befall a text and leave one, which is then another. */
export const TEXT: readonly Mutation[] = [
  ofText('one character less', 'any', (text, random) => {
    const at = random.below(text.length);
    return text.slice(0, at) + text.slice(at + 1);
  }),
  ...[
    '"',
    "'",
    '{',
    ']',
    ':',
    '#',
    '\t',
    '\r',
    '\\',
    '\u2028',
    '\u202e',
    '\ud83d\ude00',
    '&a *a',
    '$(x)',
    '-',
  ].map((sign) =>
    ofText(`${JSON.stringify(sign)} somewhere`, 'any', (text, random) => {
      const at = random.below(text.length);
      return text.slice(0, at) + sign + text.slice(at);
    }),
  ),
];
