import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadBuild } from 'small-claims/datasets/builds';
import { fetchDatasets } from 'small-claims/datasets/release';
import { refusal, temporaryFolder } from './fixture.js';
import { ownProject } from './own-data.js';

const NAME = 'mine/rows/all';
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
        message.includes(`data/datasets.yaml gives no URL for it: put the file at ${place}`),
        message,
      );
    }
  });

  test('one that was edited asks for its new hash', async () => {
    const { paths, file } = own();
    writeFileSync(file, 'text,gold\nCoffee,yes\n');
    const { message } = await refusal(() => loadBuild(NAME, { paths }));
    assert.match(
      message,
      /sha256 is [0-9a-f]{64}, expected [0-9a-f]{64}\n.*give data\/datasets\.yaml its new sha256/,
    );
  });
});
