import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isCollection, parseDocument, stringify, visit } from 'yaml';
import { writeFileAtomic } from '../../project/atomic.js';
import { sha256 } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import type { Paths } from '../../project/paths.js';

/** An entry to be put at the end of a YAML file. */
export interface NewEntry {
  readonly file: string;
  readonly name: string;
  /** Its lines, comments included. */
  readonly text: string;
}

/** What is to be written: entries at the end of files that are there, and whole files that are not. */
export interface Draft {
  readonly entries: readonly NewEntry[];
  readonly files: readonly { readonly path: string; readonly content: string | Uint8Array }[];
}

/**
 * Writes a draft, whole or not at all: what was there stays as it is to the byte, and all is taken back where `check`
 * refuses what was written.
 *
 * @returns what was written, for people.
 * @throws UserError naming what is there already.
 */
export async function writeDraft(
  { entries, files }: Draft,
  paths: Paths,
  check: () => unknown,
): Promise<readonly string[]> {
  const short = (path: string) => relative(paths.root, path);
  for (const { file, name } of entries) {
    if (parseDocument(readFileSync(file, 'utf8')).has(name))
      throw new UserError(`there is an entry "${name}" already`, {
        at: { file },
        hint: 'It is left as it is: choose another name, or edit or remove it.',
      });
  }
  const wanted = files.filter(({ path, content }) => {
    if (!existsSync(path)) return true;
    if (Buffer.from(content).equals(readFileSync(path))) return false;
    throw new UserError('there is such a file already', {
      at: { file: path },
      hint: 'It is left as it is: choose another name, or remove it.',
    });
  });
  const before = new Map(entries.map(({ file }) => [file, readFileSync(file, 'utf8')]));
  try {
    for (const { path, content } of wanted) writeFileAtomic(path, content);
    for (const { file, text } of entries) {
      const there = readFileSync(file, 'utf8');
      writeFileAtomic(file, `${there}${there === '' || there.endsWith('\n') ? '' : '\n'}\n${text}`);
    }
    await check();
  } catch (error) {
    for (const [file, content] of before) writeFileAtomic(file, content);
    for (const { path } of wanted) rmSync(path, { force: true });
    throw error instanceof UserError ? unwritten(error, before) : error;
  }
  return [
    ...entries.map(({ file, name }) => `${short(file)}: ${name}`),
    ...wanted.map(({ path }) => short(path)),
  ];
}

/** A mistake in what is not written after all: without the lines that no file has. */
function unwritten(error: UserError, before: ReadonlyMap<string, string>): UserError {
  const isThere = (file: string | undefined, line: number) =>
    line <= (before.get(file ?? '')?.split('\n').length ?? Number.POSITIVE_INFINITY);
  const { file, line, field } = error.at;
  if (line === undefined || isThere(file, line)) return error;
  const hint = error.hint?.replace(/^( *)(\S+):(\d+): /gm, (whole, indent, other, number) =>
    isThere(other, Number(number)) ? whole : `${indent}${other}: `,
  );
  return new UserError(error.reason, {
    at: { ...(file && { file }), ...(field && { field }) },
    hint: [hint, 'Nothing is written.'].filter(Boolean).join('\n  '),
    cause: error,
  });
}

/** How an entry is laid out: comments by the path of what they stand before, and the paths of what is short. */
export interface EntryLayout {
  readonly comments?: Readonly<Record<string, string>>;
  readonly flat?: readonly string[];
}

/** An entry as YAML in the layout of the files: short lists and maps of `flat` on one line, long texts folded. */
export function entryText(
  name: string,
  value: object,
  { comments = {}, flat = [] }: EntryLayout = {},
): string {
  const document = parseDocument(stringify({ [name]: value }, { lineWidth: 0 }));
  for (const path of flat) {
    const node = document.getIn([name, ...path.split('.')], true);
    if (isCollection(node)) node.flow = JSON.stringify(node).length < 90;
  }
  visit(document, {
    Scalar(key, node) {
      if (key !== 'key' && typeof node.value === 'string' && node.value.length > 90)
        node.type = 'BLOCK_FOLDED';
    },
  });
  let lines: readonly string[] = document
    .toString({ lineWidth: 110, flowCollectionPadding: true })
    .replace(/^(.*: )\[ (.*) \]$/gm, '$1[$2]')
    .split('\n');
  for (const [path, comment] of Object.entries(comments)) lines = commented(lines, path.split('.'), comment);
  return lines.join('\n');
}

/** A file of a new data set, to be copied to data/raw. */
export interface ReleaseDraft {
  readonly split: string;
  /** As it is called there. */
  readonly file: string;
  readonly bytes: Buffer;
}

/**
 * The entry of a new data set, which names its files and their hashes.
 *
 * @param told what it says besides, by key; `reader` at least. @param comments besides those of every data set.
 */
export function datasetEntry(
  name: string,
  task: string,
  files: readonly ReleaseDraft[],
  told: { readonly reader: string; readonly [key: string]: unknown },
  { comments = {}, flat = [] }: EntryLayout,
  paths: Paths,
): NewEntry {
  const { reader, ...others } = told;
  const entry = {
    title: name,
    licence: 'not stated',
    task,
    reader,
    splits: Object.fromEntries(files.map(({ split, file }) => [split, file])),
    ...others,
    files: Object.fromEntries(files.map(({ file, bytes }) => [file, { sha256: sha256(bytes) }])),
  };
  const common = {
    title: 'As tables name it.',
    licence: 'What may be done with it, or who says so.',
    files: `In data/raw/${name}, which git ignores, or DATA_MIRROR/${name}; add a url where it is published.`,
  };
  const text = entryText(name, entry, { comments: { ...common, ...comments }, flat: ['splits', ...flat] });
  return { file: paths.datasetsFile, name, text };
}

/** The files of a new data set where its entry says that they are. */
export const releaseFiles = (name: string, files: readonly ReleaseDraft[], { raw }: Paths): Draft['files'] =>
  files.map(({ file, bytes }) => ({ path: join(raw, name, file), content: bytes }));

/** Puts a comment before the line of a key, at its depth. */
function commented(lines: readonly string[], path: readonly string[], comment: string): readonly string[] {
  let at = 0;
  for (const [depth, key] of path.entries()) {
    const start = `${'  '.repeat(depth + 1)}${key}:`;
    at = lines.findIndex((line, index) => index > at && line.startsWith(start));
    if (at < 0) return lines;
  }
  const indent = '  '.repeat(path.length);
  return [...lines.slice(0, at), `${indent}# ${comment}`, ...lines.slice(at)];
}
