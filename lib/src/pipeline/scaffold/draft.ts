import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { isCollection, parseDocument, stringify, visit } from 'yaml';
import { writeFileAtomic } from '../../project/atomic.js';
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
    throw error;
  }
  return [
    ...entries.map(({ file, name }) => `${short(file)}: ${name}`),
    ...wanted.map(({ path }) => short(path)),
  ];
}

/**
 * An entry as YAML in the layout of the files: short lists and maps of `flat` on one line, long texts folded.
 *
 * @param comments by the path of what they stand before, such as `licence` or `columns.keys`.
 */
export function entryText(
  name: string,
  value: object,
  {
    comments = {},
    flat = [],
  }: { readonly comments?: Readonly<Record<string, string>>; readonly flat?: readonly string[] } = {},
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
