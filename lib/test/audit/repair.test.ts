import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PairRow, pairData } from 'small-claims/audit/pair';
import { rankRepairs } from 'small-claims/audit/repair';
import { matchedTransfer, stratified } from 'small-claims/audit/transfer';
import { randomStream } from 'small-claims/project/random';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const scored = z.object({ accuracy: z.number(), macroF1: z.number(), f1: z.array(z.number()) });
const reference = expected(
  'audit_guesses',
  z.array(z.object({ name: z.string(), approaches: z.record(z.string(), scored) })),
);

for (const { name, approaches } of reference) {
  test(`what is left of a shortcut in the dataset ${name}, and what all of its rows teach, is what scikit-learn has`, () => {
    const data = invented(name);
    for (const [index, label] of data.labels.entries()) {
      const [remainder] = rankRepairs([{ name, data }], label, { replicates: 20 });
      for (const [ours, theirs] of [
        ['evidence words', 'evidence'],
        ['evidence lookup', 'evidence-lookup'],
      ]) {
        const found = remainder?.guesses.find(({ approach }) => approach === ours)?.f1.number ?? Number.NaN;
        assert.ok(
          Math.abs(found - (approaches[theirs ?? '']?.f1[index] ?? Number.NaN)) < 1e-12,
          `${label}: ${ours}`,
        );
      }
    }
    for (const input of ['claim', 'evidence', 'both'] as const) {
      const { accuracy, macroF1 } = matchedTransfer(input, data.train, data.test, {
        labels: data.labels,
        size: data.train.length,
        draws: 1,
      });
      assert.ok(Math.abs(accuracy - (approaches[input]?.accuracy ?? Number.NaN)) < 1e-12);
      assert.ok(Math.abs(macroF1 - (approaches[input]?.macroF1 ?? Number.NaN)) < 1e-12);
    }
  });
}

type Nei = (word: () => string, usual: readonly string[]) => readonly string[];

/** Rows of three labels whose evidence is random words, and for NEI as `nei` has it. */
function rows(name: string, count: number, nei: Nei): readonly PairRow[] {
  const random = randomStream(`test: repair ${name}`, count);
  const word = () => `w${random.below(60)}`;
  return Array.from({ length: count }, (_, index): PairRow => {
    const label = ['SUPPORT', 'CONTRADICT', 'NEI'][index % 3] ?? '';
    const usual = Array.from({ length: 15 + random.below(15) }, word);
    const telling = label === 'SUPPORT' ? 'raises' : label === 'CONTRADICT' ? 'lowers' : 'other';
    return {
      id: `${name}${index}`,
      claim: `${word()} ${word()} ${telling}`,
      evidence: (label === 'NEI' ? nei(word, usual) : usual).join(' '),
      label,
    };
  });
}
const empty = () => [];
const long = (word: () => string) => Array.from({ length: 90 }, word);
const alike: Nei = (_word, usual) => usual;
const made = (nei: Nei) => pairData(rows('train', 300, nei), rows('test', 300, nei));

test('of three ways to build NEI rows the one that leaves them like the others is first', () => {
  const ranked = rankRepairs(
    [
      { name: 'empty', data: made(empty) },
      { name: 'alike', data: made(alike) },
      { name: 'long', data: made(long) },
    ],
    'NEI',
    { replicates: 100 },
  );
  const [best, ...others] = ranked;
  assert.equal(best?.name, 'alike');
  assert.equal(best?.floor, 0.5);
  assert.ok((best?.left ?? 1) < 0.1, `${best?.left}`);
  for (const { name, left, length } of others) {
    assert.equal(left, 0.5, name);
    assert.equal(length?.auc, name === 'empty' ? 0 : 1);
  }
});

test('rows are drawn in proportion to their labels, exactly as many as asked for, none twice', () => {
  const all = rows('train', 300, empty).slice(0, 299);
  const some = stratified(all, ['CONTRADICT', 'NEI', 'SUPPORT'], 100, 3);
  assert.equal(new Set(some.map(({ id }) => id)).size, 100);
  for (const label of ['CONTRADICT', 'NEI', 'SUPPORT']) {
    const count = some.filter((row) => row.label === label).length;
    assert.ok(count === 33 || count === 34, `${label} ${count}`);
  }
  assert.notDeepEqual(some, stratified(all, ['CONTRADICT', 'NEI', 'SUPPORT'], 100, 4));
});

test('what the words of one dataset teach holds in another of the same habits; more rows than there are is refused', () => {
  const labels = ['CONTRADICT', 'NEI', 'SUPPORT'];
  const transfer = (size: number) =>
    matchedTransfer('claim', rows('one', 300, alike), rows('two', 150, long), { labels, size, draws: 3 });
  const found = transfer(150);
  assert.equal(found.draws.length, 3);
  assert.ok(found.macroF1 > 0.95, `${found.macroF1}`);
  assert.throws(() => transfer(301), /300 rows to learn from, fewer than 301/);
});
