import { basename, join } from 'node:path';
import { sha256 } from '../../project/digest.js';
import type { Paths } from '../../project/paths.js';
import { fieldsOf, namedBy, type Task } from '../../tasks/task.js';
import { type Draft, entryText } from './draft.js';

const FIXTURE = 'Invented lines in the form that the files have.\n';

/**
 * Drafts a data set whose files have a format of their own: its entry, a reader that says it is not written yet, made-up
 * text in the place of the format, and a test that fails until the reader reads it.
 *
 * @param file the first file, if it is at hand.
 */
export function draftReader(
  name: string,
  task: Task,
  file: { readonly path: string; readonly bytes: Buffer } | undefined,
  paths: Paths,
): Draft {
  const fileName = file ? basename(file.path) : `${name}.txt`;
  const written = {
    title: name,
    licence: 'not stated',
    task: task.name,
    reader: name,
    splits: { all: fileName },
    files: { [fileName]: { sha256: file ? sha256(file.bytes) : sha256('') } },
  };
  const comments = {
    title: 'As tables name it.',
    licence: 'What may be done with it, or who says so.',
    reader: `lib/src/datasets/readers/${name}.ts`,
    splits: 'The parts, and the files each is read from.',
    files: `In data/raw/${name}, which git ignores, or DATA_MIRROR/${name}; add a url where it is published. sha256sum FILE gives the hash.`,
  };
  return {
    entries: [
      { file: paths.datasetsFile, name, text: entryText(name, written, { comments, flat: ['splits'] }) },
    ],
    files: [
      { path: join(paths.readers, `${name}.ts`), content: readerText(name, task) },
      { path: join(paths.readerTests, `${name}.test.ts`), content: testText(name, task, fileName) },
      { path: join(paths.readerTests, 'fixtures', `${name}.txt`), content: FIXTURE },
      ...(file ? [{ path: join(paths.raw, name, fileName), content: file.bytes }] : []),
    ],
  };
}

/** As the formatter quotes. */
const quoted = (text: string) => (/['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`);
const object = (names: readonly string[], value: string) =>
  names.length === 0 ? '{}' : `{ ${names.map((name) => `${name}: ${value}`).join(', ')} }`;

function readerText(name: string, task: Task): string {
  const [first = ''] = fieldsOf(task);
  const text = task.shape === 'spans' ? `, text: texts[${quoted(first)}] ?? ''` : '';
  return `import { type Location, UserError } from '../../project/error.js';
import type { Row } from '../../tasks/row.js';
import { readGold } from '../gold.js';
import type { Reader } from '../reader.js';
import type { ReleaseBytes } from '../release.js';
import { decodeText } from '../text.js';

/** What ${name} is, who made it and where that is told, and what a row of it is. */
export const read: Reader = ({ dataset, split, files, task, entry }) =>
  files.flatMap(itemsOf).map(({ at, id, gold, keys, texts }) => ({
    id: \`\${dataset}:\${split}:\${id}\`,
    gold: readGold(task, gold, at, { words: entry.labels${text} }),
    keys,
    texts,
  }));

/** What a file holds of a row. */
interface Item extends Pick<Row, 'keys' | 'texts'> {
  /** File, line and field of the answer, for errors. */
  readonly at: Location;
  readonly id: string;
  readonly gold: unknown;
}

/** @throws UserError naming file, line and field of what is wrong with a release. */
function itemsOf({ path: file, bytes }: ReleaseBytes): readonly Item[] {
  const lines = decodeText(bytes, file, () => 'the line').split('\\n');
  // To be written: one item a row, its texts each through normaliseSpace (../text.js).
  // keys: ${object(Object.keys(task.keys), '[...]')}
  // texts: ${object(fieldsOf(task), '...')}
  throw new UserError(\`\${lines.length} lines, which no reader reads yet\`, { at: { file, line: 1 } });
}
`;
}

function testText(name: string, task: Task, fileName: string): string {
  const label = quoted(namedBy(task)[0] ?? '');
  const gold = {
    'one-of': label,
    'some-of': `[${label}]`,
    number: task.shape === 'number' ? String(task.range[0]) : '',
    spans: `[{ type: ${label}, start: 0, end: 7 }]`,
    text: "['An answer that would do.']",
  }[task.shape];
  return `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadFixture } from './fixture.js';

// Made up, in the form of the files: no text of a data set is kept here.
const file = new URL('../../../lib/test/datasets/fixtures/${name}.txt', import.meta.url);

test('${name}: what a row is, as a fact of the data set', async () => {
  const rows = await loadFixture('${name}/rows/all', { ${quoted(fileName)}: readFileSync(file, 'utf8') });
  assert.deepEqual(rows, [
    {
      id: '${name}:all:1',
      gold: ${gold},
      keys: ${object(Object.keys(task.keys), "['1']")},
      texts: ${object(fieldsOf(task), "'An invented text.'")},
    },
  ]);
});
`;
}
