import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { auditData } from 'small-claims/audit/data';
import { auditSchema } from 'small-claims/audit/result';
import { auditPage } from 'small-claims/audit-report/page';
import { UserError } from 'small-claims/project/error';
import { randomStream } from 'small-claims/project/random';
import type { Gold, Row } from 'small-claims/tasks/row';
import { cleanPairs } from './synthetic.js';

const QUICK = { replicates: 50, permutations: 99 };
const row = (id: number, gold: Gold, texts: Row['texts'] = { text: `text ${id}` }): Row => ({
  ...{ id: `${id}`, gold, keys: {}, texts },
});
const counts = (rows: readonly { readonly gold: string }[]) => {
  const found = new Map<string, number>();
  for (const { gold } of rows) found.set(gold, (found.get(gold) ?? 0) + 1);
  return Object.fromEntries(found);
};
const refused = (message: RegExp, hint: RegExp) => (error: unknown) =>
  error instanceof UserError && message.test(error.message) && hint.test(error.hint ?? '');

describe('numbers are audited in thirds of the training rows', () => {
  test('low, middle and high, wherever those of the test fall', () => {
    const train = Array.from({ length: 30 }, (_, index) => row(index, index / 10));
    const tried = [0, 0.95, 1, 1.9, 2, 7].map((gold, index) => row(index, gold));
    const data = auditData(train, tried);
    assert.deepEqual(data.labels, ['low', 'middle', 'high']);
    assert.deepEqual(counts(data.train), { low: 10, middle: 10, high: 10 });
    assert.deepEqual(
      data.test.map(({ gold }) => gold),
      ['low', 'low', 'middle', 'middle', 'high', 'high'],
    );
    assert.deepEqual(data.notes, [
      'Numbers are audited in thirds of the training rows: low (below 1), middle (below 2), high (the others).',
    ]);
  });

  test('where half of the numbers are the least, two classes are left; where all are equal, none', () => {
    const half = Array.from({ length: 30 }, (_, index) => row(index, Math.max(0, index - 15)));
    assert.deepEqual(counts(auditData(half, half).train), { low: 20, high: 10 });
    const equal = Array.from({ length: 30 }, (_, index) => row(index, 2));
    assert.throws(() => auditData(equal, equal), /nothing to tell apart/);
  });
});

describe('of sets of labels one is told from the rest', () => {
  const train = [row(1, ['a', 'b']), row(2, []), row(3, ['b'])];
  test('the one that is named', () => {
    const data = auditData(train, train, { target: 'a' });
    assert.deepEqual(data.labels, ['a', 'not a']);
    assert.deepEqual(
      data.train.map(({ gold }) => gold),
      ['a', 'not a', 'not a'],
    );
    assert.match(data.notes.join(), /"a" is told from the rest/);
  });
  test('one at a time, and of one that is misspelt the nearest is told', () => {
    const all = [...train, row(4, ['renal', 'oncology'])];
    const target = (target: string) => () => auditData(all, all, { target });
    assert.throws(
      target('renall'),
      refused(/the label "renall"/, /^The nearest is "renal"; labels: a, b, onc/),
    );
    for (const several of ['renal,oncology', 'renal; oncology', 'a|c'])
      assert.throws(target(several), refused(/the label/, /^One label .* at a time\. Labels: a, b, onc/));
  });
  test('which has to be named, and to occur', () => {
    assert.throws(() => auditData(train, train), refused(/sets of labels/, /target.*: a, b\./));
    assert.throws(() => auditData(train, train, { target: 'c' }), refused(/no row.*"c"/, /: a, b\./));
  });
  test('and of single labels may be', () => {
    const rows = [row(1, 'x'), row(2, 'y'), row(3, 'z')];
    assert.deepEqual(counts(auditData(rows, rows, { target: 'y' }).train), { y: 1, 'not y': 2 });
  });
});

test('spans are refused, and so are labels among numbers', () => {
  const spans = [row(1, [{ type: 'Disease', start: 0, end: 4 }]), row(2, [])];
  assert.throws(() => auditData(spans, spans), refused(/spans or texts/, /one label each/));
  const mixed = [row(1, 'x'), row(2, 3)];
  assert.throws(() => auditData(mixed, mixed), /row 2 has no label: 3/);
});

describe('texts are those that rows have', () => {
  const clean = cleanPairs(7, { train: 60, test: 40 });
  const named = (rows: typeof clean.train) =>
    rows.map(({ id, label, claim, evidence }, index) =>
      row(index, label, { question: claim, context: evidence, title: `title ${id}` }),
    );

  test('the first two, which a note says; or those that are asked for', async () => {
    const [train, held] = [named(clean.train), named(clean.test)];
    const { data } = await audit(train, held, QUICK);
    assert.deepEqual(data.fields, ['question', 'context']);
    assert.deepEqual(data.notes, [
      'Of the texts question, context, title the first two are audited: question and context.',
    ]);
    const { fields, notes } = auditData(train, held, { fields: ['title', 'question'] });
    assert.deepEqual([fields, notes], [['title', 'question'], []]);
    assert.throws(
      () => auditData(train, held, { fields: ['claim'] }),
      refused(/no text "claim"/, /question/),
    );
  });

  test('and all that is said of them has their names: the same checks as of claim and evidence, in other words', async () => {
    const random = randomStream('test: question marks', 0);
    const leaky = named(clean.train).map((each) =>
      each.gold === 'yes' && random.next() < 0.9 ? { ...each, texts: { ...each.texts, context: '' } } : each,
    );
    const options = { ...QUICK, fields: ['question', 'context'] };
    const result = await audit(
      leaky,
      leaky.map((each) => ({ ...each, id: `t${each.id}` })),
      options,
    );
    const renamed = (rows: typeof leaky, mark = '') =>
      rows.map(({ id, gold, texts }) => ({
        ...{ id: `${mark}${id}`, label: String(gold) },
        ...{ claim: texts['question'] ?? '', evidence: texts['context'] ?? '' },
      }));
    const other = await audit(renamed(leaky), renamed(leaky, 't'), QUICK);
    const inOtherWords = JSON.stringify(other)
      .replaceAll(/\bclaim(?!s audit)/g, 'question')
      .replaceAll(/\bClaim/g, 'Question')
      .replaceAll(/\bevidence/g, 'context')
      .replaceAll(/\bEvidence/g, 'Context');
    assert.deepEqual(result, JSON.parse(inOtherWords));
    assert.match(result.headline, /never reads the question/);
    assert.ok(result.checks.some(({ id }) => id === 'shared-questions'));
    auditSchema.parse(result);
    const texts = new Map(leaky.map((each) => [each.id, each.texts]));
    assert.match(await auditPage(result, { texts }), /<th scope="col" class="">Context<\/th>/);
  });

  test('a text cannot be called what is measured beside single ones', () => {
    const rows = [row(1, 'x', { pair: 'a' }), row(2, 'y', { pair: 'b' })];
    assert.throws(() => auditData(rows, rows), /cannot be called pair/);
    const none = [row(1, 'x', { text: '' }), row(2, 'y', { text: '' })];
    assert.throws(() => auditData(none, none), /no row to learn from has a text/);
  });
});
