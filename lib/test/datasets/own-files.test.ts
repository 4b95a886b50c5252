import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadBuild } from 'small-claims/datasets/builds';
import { fetchDatasets } from 'small-claims/datasets/release';
import type { Paths } from 'small-claims/project/paths';
import { refusal, temporaryFolder } from './fixture.js';
import { ownProject } from './own-data.js';

const NAME = 'mine/rows/all';
/** The one line of the catalogue with a text. */
function lineOf(text: string, { datasetsFile }: Paths): number {
  const lines = readFileSync(datasetsFile, 'utf8').split('\n');
  assert.equal(lines.filter((line) => line.includes(text)).length, 1);
  return lines.findIndex((line) => line.includes(text)) + 1;
}

const offline = { fetch: () => Promise.reject(new Error('no network')), pause: async () => {} };

describe('data of one’s own has no URL', () => {
  const own = () => {
    const paths = ownProject({
      task: { shape: 'one-of', labels: ['yes', 'no'], fields: { text: {} } },
      entry: { columns: { gold: 'gold', fields: { text: 'text' } } },
      files: { 'mine.csv': 'text,gold\nTea,yes\n' },
    });
    const file = join(paths.raw, 'mine', 'mine.csv');
    return { paths, file };
  };

  test('a file that is in its place is verified by `make data`', async () => {
    const { paths, file } = own();
    assert.deepEqual(await fetchDatasets(undefined, { paths, web: offline }), [file]);
  });

  test('one that is not is asked for, with its place', async () => {
    const { paths } = own();
    const elsewhere = { ...paths, raw: temporaryFolder('empty') };
    const place = join(elsewhere.raw, 'mine', 'mine.csv');
    for (const attempt of [
      () => loadBuild(NAME, { paths: elsewhere, mirror: temporaryFolder('mirror'), web: offline }),
      () => fetchDatasets(undefined, { paths: elsewhere, mirror: temporaryFolder('mirror'), web: offline }),
    ]) {
      const { message } = await refusal(attempt);
      assert.ok(
        message.includes(
          `data/datasets.yaml:${lineOf('"mine.csv": {', paths)} gives no URL for it: put the file at ${place}`,
        ),
        message,
      );
    }
  });

  test('one that was edited asks for its new hash', async () => {
    const { paths, file } = own();
    writeFileSync(file, 'text,gold\nCoffee,yes\n');
    for (const attempt of [
      () => loadBuild(NAME, { paths }),
      () => fetchDatasets(undefined, { paths, web: offline }),
    ]) {
      const { message } = await refusal(attempt);
      const line = `data/datasets\\.yaml:${lineOf('"sha256"', paths)}`;
      assert.match(
        message,
        new RegExp(`expected [0-9a-f]{64} \\(${line}\\)\n.*write its new sha256 into ${line};`),
      );
      assert.doesNotMatch(message, /network|Remove/);
    }
  });

  test('a split that names no file of the entry is told at its line, with the file that is meant', async () => {
    const { paths } = own();
    const text = readFileSync(paths.datasetsFile, 'utf8');
    writeFileSync(paths.datasetsFile, text.replace('"mine.csv"', '"mine.csc"'));
    const { at, reason, hint } = await refusal(() => loadBuild(NAME, { paths }));
    assert.deepEqual(at, {
      file: paths.datasetsFile,
      line: lineOf('"all"', paths),
      field: 'mine.splits.all',
    });
    assert.deepEqual([reason, hint], ['no "mine.csc" is among its files', 'Did you mean "mine.csv"?']);
  });
});
