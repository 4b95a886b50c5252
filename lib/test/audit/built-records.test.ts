import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { buildAudit } from 'small-claims/audit/builds/build-audit';
import { buildTransfer } from 'small-claims/audit/builds/build-transfer';
import { type BuiltRepair, rankBuilds } from 'small-claims/audit/claim-verification/rebuilds';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { needs } from '../datasets/releases.js';

const BUILDS = ['nei-abstract', 'rationales', 'nei-random'] as const;
const repairs = BUILDS.map(
  (build): BuiltRepair => ({ name: build, train: `scifact/${build}/train`, test: `scifact/${build}/dev` }),
);
const TRANSFER = {
  input: 'both',
  train: 'scifact/nei-random/train',
  test: 'scifact/nei-random/dev',
  size: 919,
} as const;

describe('what is told of builds, from the committed records', () => {
  test('rebuilds are ranked by what they leave, in whatever order they are given, each under its own name', async () => {
    const ranked = await rankBuilds(repairs, 'NEI');
    const lefts = ranked.map(({ left }) => left.left);
    assert.deepEqual(
      lefts,
      lefts.toSorted((a, b) => a - b),
    );
    for (const { repair, left, record } of ranked) {
      assert.equal(left.name, repair.train);
      assert.equal(record.rows.length, 1);
      assert.equal(left.left, Math.max(0, ...left.guesses.map(({ f1 }) => f1.number - left.floor)));
    }
    const names = ranked.map(({ repair }) => repair.name);
    const again = await rankBuilds(repairs.toReversed(), 'NEI');
    assert.deepEqual(
      again.map(({ repair }) => repair.name),
      names,
    );
    assert.equal(names[0], 'nei-random');
  });

  test('empty evidence gives NEI away altogether, and floors are those of saying NEI always', async () => {
    const [empty] = await rankBuilds(
      repairs.filter(({ name }) => name === 'rationales'),
      'NEI',
    );
    // 112 of the 450 rows of SciFact dev are NEI.
    assert.equal(empty?.left.floor, (2 * (112 / 450)) / (1 + 112 / 450));
    assert.equal(empty?.left.guesses.find(({ approach }) => approach === 'evidence form')?.f1.number, 1);
  });

  test('a transfer has a row for each of five drawn sets, and its size in its header', async () => {
    const { rows, header, origin } = await buildTransfer(TRANSFER);
    assert.equal(origin, 'replayed');
    assert.equal(header['size'], TRANSFER.size);
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['draw:0', 'draw:1', 'draw:2', 'draw:3', 'draw:4'],
    );
    assert.equal(new Set(rows.map(({ macroF1 }) => macroF1)).size, 5);
  });
});

/** The same from the data, kept in a folder that is removed. */
async function fresh<Value>(compute: (paths: Paths) => Promise<Value>): Promise<Value> {
  const folder = mkdtempSync(join(tmpdir(), 'records-'));
  try {
    return await compute({ ...projectPaths(), records: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('records are what the data and the code give today', () => {
  test('of a repair', needs('scifact/data.tar.gz'), async () => {
    const one = repairs.slice(2);
    const [kept] = await rankBuilds(one, 'NEI');
    const [made] = await fresh((paths) => rankBuilds(one, 'NEI', paths));
    assert.equal(made?.record.origin, 'computed');
    assert.deepEqual(made.left, kept?.left);
  });

  test('of a transfer', needs('scifact/data.tar.gz'), async () => {
    const made = await fresh((paths) => buildTransfer(TRANSFER, paths));
    assert.deepEqual(made.rows, (await buildTransfer(TRANSFER)).rows);
  });

  test('of an audit', needs('scifact/data.tar.gz'), async () => {
    const parts = { train: 'scifact/rationales/train', test: 'scifact/rationales/dev' } as const;
    const made = await fresh((paths) => buildAudit(parts, paths));
    assert.deepEqual(made.result, (await buildAudit(parts)).result);
  });
});
