import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { auditData } from 'small-claims/audit/data';
import { divide } from 'small-claims/audit/division';
import { nearlySharedTexts, sharedTexts } from 'small-claims/audit/measures/shared-texts';
import type { LabelledRow } from 'small-claims/audit/rows';
import { UserError } from 'small-claims/project/error';
import { type RandomStream, randomStream } from 'small-claims/project/random';

const FIELDS = ['question', 'context'];

/** The same text in another case, with other punctuation, white space and forms of characters. */
const variants: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => `“${text.replaceAll(' ', ', ')}”!`,
  (text) => `  ${text.replaceAll(' ', '\u00a0 ')} …`,
  (text) => text.replaceAll('fi', 'ﬁ').replaceAll('1', '１'),
];

/** Rows of few questions and contexts, each time written another way; some ids and documents are given, some missing. */
function drawnRows(random: RandomStream, count: number): readonly LabelledRow[] {
  const written = (what: string, distinct: number) => {
    const number = random.below(distinct);
    const text = `${what} fi ${number} of ${what} ${number} 1`;
    return { key: `${what} ${number}`, text: variants[random.below(variants.length)]?.(text) ?? '' };
  };
  return Array.from({ length: count }, (_, index): LabelledRow => {
    const [question, context] = [written('q', count / 2), written('c', count / 3)];
    return {
      id: `${index}`,
      gold: random.below(3) ? 'yes' : 'no',
      keys: {
        question: random.below(2) ? [question.key] : [],
        document: random.below(2) ? [`${random.below(count)}`] : [],
      },
      texts: { question: question.text, context: random.below(9) ? context.text : ' ?' },
    };
  });
}

/** What rows are divided by, and whose texts are then on one side alone. */
const KEPT_APART = [
  ['question', ['pair', 'question']],
  ['context', ['pair', 'context']],
  ['all', ['pair', 'question', 'context']],
  ['row', ['pair']],
] as const;

describe('an audit never accuses a division that it made itself', () => {
  for (const [group, silent] of KEPT_APART) {
    test(`by ${group}`, () => {
      let alike = 0;
      for (let seed = 0; seed < 40; seed++) {
        const rows = drawnRows(randomStream(`test: division by ${group}`, seed), group === 'all' ? 900 : 90);
        const { train, test: held } = divide(rows, { fields: FIELDS, group, seed });
        assert.equal(train.length + held.length, rows.length);
        for (const { of, where, rows: found } of sharedTexts(auditData(train, held, { fields: FIELDS }))) {
          const kept = silent.some((each) => each === of);
          if (where === 'between' && kept) assert.equal(found, 0, `${of}, seed ${seed}`);
          else if (kept) alike += found;
        }
      }
      assert.ok(alike > 0, 'no two rows had one text');
    });
  }

  test('and says so: what it kept apart is fine, and of what it did not nothing can be told', async () => {
    const rows = drawnRows(randomStream('test: division', 0), 300);
    const { train, test: held } = divide(rows, { fields: FIELDS, group: 'question' });
    const options = { fields: FIELDS, keys: ['document'], replicates: 20, permutations: 19 };
    const verdictsOf = async (divided: boolean) => {
      const { checks } = await audit(train, held, { ...options, divided });
      return new Map(checks.map(({ id, verdict }) => [id, verdict]));
    };
    const [own, given] = [await verdictsOf(true), await verdictsOf(false)];
    for (const id of ['shared-pairs', 'shared-questions'])
      assert.deepEqual([own.get(id), given.get(id)], ['fine', 'fine'], id);
    for (const id of ['shared-context', 'shared-key-document'])
      assert.deepEqual([own.get(id), given.get(id)], ['cannot tell', 'leaks'], id);
  });

  test('told nothing, it keeps all that rows share on one side: texts, keys, and what they lead to', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = randomStream('test: division by default', seed);
      // Of each document some rows, of each context rows of few documents.
      const rows = drawnRows(random, 600).map((row, at) => {
        const document = random.below(200);
        const [question, context] = [`q ${at % 300}`, `c ${Math.floor(document / 3)}`];
        return { ...row, keys: { question: [], document: [`${document}`] }, texts: { question, context } };
      });
      const { train, test: held, group, notes } = divide(rows, { fields: ['context'], seed });
      assert.deepEqual([group, notes], ['all', []]);
      assert.ok(held.length > 60 && held.length <= 120, `${held.length} held out`);
      const shared = sharedTexts(auditData(train, held, { fields: ['context'] }));
      for (const { where, rows: found } of shared) if (where === 'between') assert.equal(found, 0);
      const known = new Set(train.flatMap(({ keys }) => keys.document));
      assert.ok(!held.some(({ keys }) => keys.document.some((value) => known.has(value))));
    }
  });

  test('but where that leaves too few groups, and that is said: then by the first field alone', () => {
    const one = drawnRows(randomStream('test: too few groups', 0), 300).map((row, at) => ({
      ...row,
      keys: { ...row.keys, site: [`${at % 3 ? 'A' : 'B'}`] },
    }));
    const { train, test: held, group, notes } = divide(one, { fields: FIELDS });
    assert.equal(group, 'question');
    assert.equal(train.length + held.length, 300);
    assert.match(
      notes.join(),
      /form 1 group, the largest of 300 of 300 rows: too few to divide, so that only the question is kept/,
    );
  });
});

/** Rows of long texts, each of which comes again with one word changed. */
const retold = (claims: number) =>
  Array.from({ length: 300 }, (_, index): LabelledRow => {
    const words = (seed: number) =>
      Array.from({ length: 40 }, (_, at) => `w${(seed * 7919 + at * 104729) % 5003}`);
    const told = (which: number) =>
      words(which)
        .with(index % 40, `retold${index}`)
        .join(' ');
    return {
      id: `${index}`,
      gold: index % 3 ? 'yes' : 'no',
      keys: {},
      texts: { question: told(index % claims), context: told(1000 + (index % 100)) },
    };
  });

describe('nor are texts that it takes for nearly the same on both sides', () => {
  for (const [group, silent] of KEPT_APART) {
    test(`by ${group}`, () => {
      const { train, test: held, notes } = divide(retold(100), { fields: FIELDS, group });
      assert.deepEqual(notes, []);
      const near = nearlySharedTexts(auditData(train, held, { fields: FIELDS }));
      const between = near.filter(
        ({ of, where }) => where === 'between' && silent.some((each) => each === of),
      );
      assert.deepEqual(
        between.map(({ rows }) => rows),
        silent.map(() => 0),
      );
      assert.ok(near.some(({ where, rows }) => where === 'train' && rows > 100));
    });
  }

  test('but where they link most rows, and that is said', () => {
    const { train, test: held, notes } = divide(retold(1), { fields: FIELDS, group: 'question' });
    assert.equal(train.length + held.length, 300);
    assert.match(notes.join(), /nearly the same texts may be on both sides/);
  });
});

const rows = Array.from({ length: 400 }, (_, row) => ({
  id: `${row}`,
  gold: row % 4 === 0 ? 'x' : 'y',
  keys: { claim: [`${row % 120}`], evidence: [`${row}`] },
  texts: { claim: `claim ${row % 120}`, evidence: `evidence ${row}` },
}));
const options = { fields: ['claim', 'evidence'] };

test('no claim is on both sides, a fifth of each label is held out, and equal seeds divide alike', () => {
  const { train, test: held } = divide(rows, { ...options, seed: 3 });
  const claims = new Set(train.flatMap(({ keys }) => keys.claim));
  assert.equal(held.filter(({ keys }) => keys.claim.some((claim) => claims.has(claim))).length, 0);
  assert.equal(train.length + held.length, 400);
  for (const label of ['x', 'y']) {
    const all = rows.filter((row) => row.gold === label).length;
    const share = held.filter((row) => row.gold === label).length / all;
    assert.ok(share > 0.15 && share <= 0.2, `${label} ${share}`);
  }
  assert.deepEqual(divide(rows, { ...options, seed: 3 }), { train, test: held, group: 'all', notes: [] });
  assert.notDeepEqual(divide(rows, { ...options, seed: 4 }).test, held);
});

test('of numbers a share is held out of all, and of sets of labels of those with the target', () => {
  const numbers = rows.map((row, index) => ({ ...row, gold: index / 7 }));
  assert.equal(divide(numbers, { ...options, group: 'evidence' }).test.length, 80);
  const sets = rows.map((row, index) => ({ ...row, gold: index % 10 === 0 ? ['rare', 'other'] : [] }));
  const { test: held } = divide(sets, { ...options, group: 'evidence', target: 'rare' });
  assert.equal(held.filter(({ gold }) => gold.length > 0).length, 8);
});

test('a file of one group cannot be divided by it, nor by what its rows have not', () => {
  const one = rows.map((row) => ({ ...row, keys: { ...row.keys, claim: ['same'] } }));
  assert.throws(() => divide(one, options), /cannot be divided by claim/);
  assert.equal(divide(one, { ...options, group: 'row' }).test.length, 80);
  assert.throws(
    () => divide(rows, { ...options, group: 'patient' }),
    (error) =>
      error instanceof UserError &&
      /"patient"[\s\S]*row, all, claim, evidence/.test(error.message + error.hint),
  );
});
