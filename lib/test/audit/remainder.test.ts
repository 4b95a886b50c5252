import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remainder } from 'small-claims/audit/claim-verification/remainder';
import { auditData } from 'small-claims/audit/data';
import { matchedTransfer } from 'small-claims/audit/measures/transfer';
import type { PlainRow } from 'small-claims/audit/rows';
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
      const { guesses } = remainder(data, label, 20);
      for (const [ours, theirs] of [
        ['evidence words', 'evidence'],
        ['evidence lookup', 'evidence-lookup'],
      ]) {
        const found = guesses.find(({ approach }) => approach === ours)?.f1.number ?? Number.NaN;
        assert.ok(
          Math.abs(found - (approaches[theirs ?? '']?.f1[index] ?? Number.NaN)) < 1e-12,
          `${label}: ${ours}`,
        );
      }
    }
    for (const input of ['claim', 'evidence', 'both'] as const) {
      const [all] = matchedTransfer(input, data, { size: data.train.length, draws: 1 });
      assert.ok(Math.abs((all?.accuracy ?? 0) - (approaches[input]?.accuracy ?? Number.NaN)) < 1e-12);
      assert.ok(Math.abs((all?.macroF1 ?? 0) - (approaches[input]?.macroF1 ?? Number.NaN)) < 1e-12);
    }
  });
}

type Nei = (word: () => string, usual: readonly string[]) => readonly string[];

/** Rows of three labels whose evidence is random words, and for NEI as `nei` has it. */
function rows(name: string, count: number, nei: Nei): readonly PlainRow[] {
  const random = randomStream(`test: repair ${name}`, count);
  const word = () => `w${random.below(60)}`;
  return Array.from({ length: count }, (_, index): PlainRow => {
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
const made = (nei: Nei) => auditData(rows('train', 300, nei), rows('test', 300, nei));

test('of three ways to build NEI rows the one that leaves them like the others leaves least of the shortcut', () => {
  const ways = { empty, alike, long };
  const left = Object.entries(ways).map(([name, nei]) => ({ name, ...remainder(made(nei), 'NEI', 100) }));
  for (const { name, left: reached, floor, length } of left) {
    assert.equal(floor, 0.5, name);
    if (name === 'alike') assert.ok(reached < 0.1, `${reached}`);
    else {
      assert.equal(reached, 0.5, name);
      assert.equal(length?.auc, name === 'empty' ? 0 : 1);
    }
  }
});

test('what is left of a shortcut to a label that no row has is not asked', () => {
  assert.throws(() => remainder(made(empty), 'MAYBE', 10), /no shortcut to MAYBE/);
});

test('what the words of one dataset teach holds in another of the same habits; more rows than there are is refused', () => {
  const data = auditData(rows('one', 300, alike), rows('two', 150, long));
  const found = matchedTransfer('claim', data, { size: 150, draws: 3 });
  assert.equal(found.length, 3);
  assert.ok(
    found.every(({ macroF1 }) => macroF1 > 0.95),
    JSON.stringify(found),
  );
  assert.throws(
    () => matchedTransfer('claim', data, { size: 301 }),
    /300 rows to learn from, fewer than 301/,
  );
});
