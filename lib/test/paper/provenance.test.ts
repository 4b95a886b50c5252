import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from 'small-claims/paper/document';
import { provenanceNote } from 'small-claims/paper/provenance';

const source = (origin: 'replayed' | 'computed') => ({
  path: 'data/records/a.jsonl.gz',
  sha256: '0',
  origin,
});
const value = (notebook: string, origin: 'replayed' | 'computed') => ({
  notebook,
  sources: [source(origin)],
});
const note = (...values: readonly ReturnType<typeof value>[]) =>
  plainText(provenanceNote({ values, tables: [], figures: [] }, { quoting: false }));

test('a record that one notebook computed and another replayed was computed, in whatever order they ran', () => {
  const [first, second] = [value('02', 'computed'), value('03', 'replayed')];
  assert.match(note(first, second), /1 record was computed in this run/);
  assert.equal(note(first, second), note(second, first));
});

test('where every record was replayed, nothing is said to have been computed', () => {
  assert.match(note(value('02', 'replayed')), /replay 1 record .*Nothing was computed anew in this run\./);
});
