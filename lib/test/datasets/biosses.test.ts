import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawIn, loadFixture } from './fixture.js';

test('BIOSSES is a table of pairs with a score each, read by its entry alone', async () => {
  const release = 'pair_id\tsent1\tsent2\tscore\n7\tTea helps.\tTea helps sleep.\t3.2\n';
  assert.deepEqual(await loadFixture('biosses/rows/dev', { 'dev.tsv': release }), [
    { id: 'biosses:dev:7', gold: 3.2, keys: {}, texts: { first: 'Tea helps.', second: 'Tea helps sleep.' } },
  ]);
  const flaw = await flawIn('biosses/rows/dev', { 'dev.tsv': release.replace('3.2', '5') });
  assert.deepEqual([flaw.line, flaw.field], [2, 'score']);
  assert.match(flaw.message, /"5" is no number from 0 to 4/);
});
