import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryHash, entryHashes } from 'small-claims/project/entries';

const FILE = `# Tasks
first: { labels: [a, b], fields: { claim: {}, evidence: {} } }
second: {}
`;
const hashes = entryHashes(FILE);

/** The entries whose hashes are others in another text. */
const moved = (text: string) => {
  const after = entryHashes(text);
  return Object.keys({ ...hashes, ...after })
    .filter((key) => hashes[key] !== after[key])
    .sort();
};

test('neither comments nor layout change the hash of an entry', () => {
  assert.deepEqual(
    moved('first:\n  labels: [a, b]\n  fields:\n    claim: {}\n    evidence: {}\nsecond: {} # new\n'),
    [],
  );
});

test('the order of keys and of lists changes that of its entry alone', () => {
  assert.deepEqual(moved(FILE.replace('claim: {}, evidence: {}', 'evidence: {}, claim: {}')), ['first']);
  assert.deepEqual(moved(FILE.replace('a, b', 'b, a')), ['first']);
});

test('an entry more, one less or another order of entries changes that of the file’s keys', () => {
  assert.deepEqual(moved(`${FILE}third: {}\n`), ['', 'third']);
  assert.deepEqual(moved(FILE.replace('second: {}\n', '')), ['', 'second']);
  assert.deepEqual(moved('second: {}\nfirst: { labels: [a, b], fields: { claim: {}, evidence: {} } }\n'), [
    '',
  ]);
});

test('an entry that is not there has a hash, whatever it is called', () => {
  for (const key of ['third', 'constructor', '__proto__'])
    assert.equal(entryHash(FILE, key), entryHash('', 'third'));
  assert.notEqual(entryHash(FILE, 'second'), entryHash(FILE, 'third'));
});

test('text that is no map has no entries', () => {
  for (const text of ['', 'a: [', '- a', '3']) assert.equal(Object.hasOwn(entryHashes(text), 'first'), false);
});
