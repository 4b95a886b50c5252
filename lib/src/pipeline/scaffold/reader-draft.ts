import { basename, join } from 'node:path';
import { UserError } from '../../project/error.js';
import type { Paths } from '../../project/paths.js';
import { fieldsOf, namedBy, type Task } from '../../tasks/task.js';
import { type Draft, datasetEntry, releaseFiles } from './draft.js';

/** A file that is at hand. */
interface GivenFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/**
 * Drafts a data set whose files have a format of their own: its entry, a reader that says it is not written yet, made-up
 * text in the place of the format, and a test that fails until the reader reads it.
 *
 * @param given by split the files that are at hand.
 * @throws UserError where two of them have one name.
 */
export function draftReader(
  name: string,
  task: Task,
  given: Readonly<Record<string, GivenFile>>,
  paths: Paths,
): Draft {
  const copied = Object.entries(given).map(([split, { path, bytes }]) => ({
    split,
    file: basename(path),
    bytes,
  }));
  const none = { split: 'all', file: `${name}.txt`, bytes: Buffer.alloc(0) };
  const files = copied.length > 0 ? copied : [none];
  const twice = files.find(({ file }, at) => files.findIndex((other) => other.file === file) < at);
  if (twice)
    throw new UserError(`two files are called ${twice.file}`, {
      hint: `They are copied to data/raw/${name}, where names differ: rename one.`,
    });
  const comments = {
    reader: `lib/src/datasets/readers/${name}.ts`,
    splits: 'The parts, and the files each is read from.',
    files: `In data/raw/${name}, which git ignores, or DATA_MIRROR/${name}; add a url where it is published. sha256sum FILE gives the hash.`,
  };
  return {
    entries: [datasetEntry(name, task.name, files, { reader: name }, { comments }, paths)],
    files: [
      { path: join(paths.readers, `${name}.ts`), content: readerText(name, task) },
      { path: join(paths.readerTests, `${name}.test.ts`), content: testText(name, task, files[0] ?? none) },
      { path: join(paths.readerTests, 'fixtures', `${name}.txt`), content: fixtureText(task) },
      ...releaseFiles(name, copied, paths),
    ],
  };
}

/** Of spans with two spaces before one, so that offsets in the file's text and in the normalised one differ. */
const fixtureText = (task: Task) =>
  task.shape === 'spans'
    ? `An  invented text.\n4 12 ${task.types[0]} invented\n`
    : 'Invented lines in the form that the files have.\n';

/** As the formatter quotes. */
const quoted = (text: string) => (/['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`);
const object = (names: readonly string[], value: string) =>
  names.length === 0 ? '{}' : `{ ${names.map((name) => `${name}: ${value}`).join(', ')} }`;

function readerText(name: string, task: Task): string {
  const fields = fieldsOf(task);
  const isSpans = task.shape === 'spans';
  const normalised = fields.map((field) => `${field}: normaliseSpace(texts.${field})`).join(', ');
  return `import { type Location, UserError } from '../../project/error.js';
import type { Row${isSpans ? ', Span' : ''} } from '../../tasks/row.js';
import { readGold } from '../gold.js';
import type { Reader } from '../reader.js';
import type { ReleaseBytes } from '../release.js';
import { decodeText, normaliseSpace } from '../text.js';

/** What ${name} is, who made it and where that is told, and what a row of it is. */
export const read: Reader = ({ dataset, split, files, task, entry }) =>
  files.flatMap(itemsOf).map(({ at, id, gold, keys, texts }) => ({
    id: \`\${dataset}:\${split}:\${id}\`,
    gold: readGold(task, gold, at, { words: entry.labels${isSpans ? `, text: texts.${fields[0]}` : ''} }),
    keys,
    texts: { ${normalised} },
  }));

/** What a file holds of a row. */
interface Item extends Pick<Row, 'keys'> {
  /** File, line and field of the answer, for errors. */
  readonly at: Location;
  readonly id: string;
${
  isSpans
    ? `  /**
   * Offsets in the text as the file has it, in UTF-16 units or code points, and the words there, which show which of the two.
   * Where the file has no words, say it to readGold: \`offsets: 'characters'\` (code points, as Python counts) or 'utf-16'.
   */
  readonly gold: readonly (Span & { readonly text?: string })[];`
    : '  readonly gold: unknown;'
}
  /** As the file has them, white space and all. */
  readonly texts: Readonly<Record<${fields.map((field) => `'${field}'`).join(' | ')}, string>>;
}

/** @throws UserError naming file, line and field of what is wrong with a release. */
function itemsOf({ path: file, bytes }: ReleaseBytes): readonly Item[] {
  const lines = decodeText(bytes, file, () => 'the line').split('\\n');
  return lines.map((line, index) => {
    const at = { file, line: index + 1, field: 'gold' };
    // To be written: one item a row, here a line.
    // keys: ${object(Object.keys(task.keys), '[...]')}
    // texts: ${object(fields, '...')}
    // ${isSpans ? `gold: [{ type: ${quoted(task.types[0] ?? '')}, start: 4, end: 12, text: 'invented' }]` : 'gold: ...'}
    throw new UserError(\`\${line.length} characters, which no reader reads yet\`, { at });
  });
}
`;
}

function testText(
  name: string,
  task: Task,
  first: { readonly split: string; readonly file: string },
): string {
  const label = quoted(namedBy(task)[0] ?? '');
  const gold = {
    'one-of': label,
    'some-of': `[${label}]`,
    number: task.shape === 'number' ? String(task.range[0]) : '',
    spans: `[{ type: ${label}, start: 3, end: 11 }]`,
    text: "['An answer that would do.']",
  }[task.shape];
  const spaces =
    task.shape === 'spans'
      ? '  // After two spaces: 4 to 12 in the file, 3 to 11 in the row, whose white space is normalised.\n'
      : '';
  return `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadFixture } from './fixture.js';

// Made up, in the form of the files: no text of a data set is kept here.
const file = new URL('../../../lib/test/datasets/fixtures/${name}.txt', import.meta.url);

test('${name}: what a row is, as a fact of the data set', async () => {
${spaces}  const rows = await loadFixture('${name}/rows/${first.split}', { ${quoted(first.file)}: readFileSync(file, 'utf8') });
  assert.deepEqual(rows, [
    {
      id: '${name}:${first.split}:1',
      gold: ${gold},
      keys: ${object(Object.keys(task.keys), "['1']")},
      texts: ${object(fieldsOf(task), "'An invented text.'")},
    },
  ]);
});
`;
}
