import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { buildFacts, factsOf, recordedFacts } from 'small-claims/datasets/facts';
import { sha256 } from 'small-claims/project/digest';
import type { Row } from 'small-claims/tasks/row';
import { findTask } from 'small-claims/tasks/task';
import { madeUp, SHAPES } from '../tasks/made-up.js';
import { fixtureProject } from './fixture.js';

const TEXTS = {
  claim: 'Zinc lozenges shorten the common cold.',
  evidence: 'Colds lasted as long with zinc  lozenges\nas without.',
};
const ROW: Row = {
  id: 'invented:1',
  gold: 'CONTRADICT',
  keys: { claim: ['1'], evidence: ['10'] },
  details: { rationale: [2, 4] },
  texts: TEXTS,
};
const task = findTask('claim-verification');
const factsOfTexts = (texts: Partial<typeof TEXTS>) =>
  factsOf({ ...ROW, texts: { ...TEXTS, ...texts } }, task);

test('the facts of a row are numbers, ids and hashes, and none of its words', () => {
  const facts = factsOf(ROW, task);
  assert.deepEqual(facts.words, { claim: 6, evidence: 9 });
  assert.equal(facts.overlap, 0.4);
  const text = JSON.stringify(facts).toLowerCase();
  for (const word of ['zinc', 'lozenges', 'cold', 'lasted']) assert.ok(!text.includes(word));
});

test('texts that differ in case, white space or character forms alone have one hash', () => {
  const { hashes } = factsOf(ROW, task);
  assert.equal(new Set(Object.values(hashes)).size, 2);
  const same = factsOfTexts({
    claim: ' ｚinc  LOZENGES shorten the\tcommon cold.',
    evidence: TEXTS.evidence.toUpperCase(),
  });
  assert.deepEqual(same.hashes, hashes);
  assert.notEqual(factsOfTexts({ claim: 'Zinc shortens the cold.' }).hashes['claim'], hashes['claim']);
});

test('empty evidence has no words, no overlap and no hash', () => {
  const { words, overlap, hashes } = factsOfTexts({ evidence: '' });
  assert.deepEqual([words['evidence'], overlap, hashes['evidence']], [0, 0, '']);
});

describe('facts go through their record unchanged, but for gold that is text', () => {
  for (const shape of SHAPES) {
    test(`of the shape ${shape}`, async () => {
      const { task, rows } = madeUp(shape, 1);
      const { name, ...entry } = task;
      const paths = fixtureProject({});
      // JSON is YAML.
      writeFileSync(paths.tasksFile, JSON.stringify({ [name]: entry }));
      writeFileSync(
        paths.datasetsFile,
        JSON.stringify({
          invented: {
            ...{ title: 'Invented', licence: 'none', task: name, reader: 'invented' },
            splits: { dev: 'dev.csv' },
            files: { 'dev.csv': { sha256: sha256('') } },
          },
        }),
      );
      const build = 'invented/rows/dev';
      assert.equal(recordedFacts(build, paths), undefined);
      const computed = await buildFacts(build, paths, async () => rows);
      const replayed = await buildFacts(build, paths, () => assert.fail('computed again'));
      assert.deepEqual([computed.origin, replayed.origin], ['computed', 'replayed']);
      const facts = rows.map((row) => factsOf(row, task));
      const kept = shape === 'text' ? facts.map((each) => ({ ...each, gold: '' })) : facts;
      assert.deepEqual(computed.rows, kept);
      assert.deepEqual(replayed.rows, kept);
      assert.deepEqual(recordedFacts(build, paths)?.rows, kept);

      const lines = gunzipSync(readFileSync(replayed.path)).toString('utf8');
      for (const { texts, gold } of rows) {
        const secret = shape === 'text' && Array.isArray(gold) ? gold.map(String) : [];
        for (const text of [...Object.values(texts), ...secret].filter(Boolean))
          assert.ok(!lines.includes(JSON.stringify(text).slice(1, -1)), `no text in the record: ${text}`);
      }
    });
  }
});
