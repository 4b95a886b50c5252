import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentenceChoice } from 'small-claims/datasets/readers/scifact/nei-rebuild';
import type { Abstract } from 'small-claims/datasets/readers/scifact/release';
import { dot } from 'small-claims/learners/sparse';
import { fitTfidf } from 'small-claims/learners/tfidf';
import { z } from 'zod';
import { expected } from '../../../reference/expected.js';

const reference = expected(
  'nei_tfidf',
  z.object({
    corpus: z.array(z.array(z.string())),
    rows: z.array(
      z.object({
        claim: z.string(),
        abstract: z.number(),
        cosines: z.array(z.number()),
        nearest: z.tuple([z.array(z.number()), z.array(z.number())]),
      }),
    ),
  }),
);
const abstracts = reference.corpus.map((sentences, index): Abstract => ({ id: String(index), sentences }));
const corpus = new Map(abstracts.map((abstract) => [abstract.id, abstract]));
const [long] = abstracts;
assert.ok(long);

test('cosines of claims and sentences are those of scikit-learn, letters of other alphabets included', () => {
  const tfidf = fitTfidf(reference.corpus.flat());
  for (const { claim, abstract, cosines } of reference.rows) {
    const found = (reference.corpus[abstract] ?? []).map((text) =>
      dot(tfidf.vector(claim), tfidf.vector(text)),
    );
    assert.equal(found.length, cosines.length);
    for (const [index, cosine] of found.entries()) {
      assert.ok(Math.abs(cosine - (cosines[index] ?? NaN)) < 1e-11, `${claim} ${cosine}`);
    }
  }
});

test('the sentences nearest to a claim are those scikit-learn finds, of equals the earlier', () => {
  const [one, three] = [sentenceChoice('nei-tfidf1', corpus, 0), sentenceChoice('nei-tfidf3', corpus, 0)];
  for (const { claim, abstract: index, nearest } of reference.rows) {
    const abstract = corpus.get(String(index)) ?? assert.fail();
    assert.deepEqual([one({ id: 'x', claim, abstract }), three({ id: 'x', claim, abstract })], nearest);
  }
});

test('at random one and two sentences are as likely, every sentence too, and never one twice', () => {
  const choose = sentenceChoice('nei-random', corpus, 0);
  const draws = Array.from({ length: 4000 }, (_, row) =>
    choose({ id: `row ${row}`, claim: '', abstract: long }),
  );
  const ones = draws.filter(({ length }) => length === 1).length;
  assert.ok(Math.abs(ones / draws.length - 0.5) < 0.03, `${ones} of one sentence`);
  for (const index of long.sentences.keys()) {
    const share = draws.filter((draw) => draw.includes(index)).length / draws.length;
    assert.ok(Math.abs(share - 1.5 / 4) < 0.03, `sentence ${index}: ${share}`);
  }
  assert.ok(draws.every(([a, b]) => b === undefined || (a !== undefined && a < b)));
});

test('a choice depends on its own row alone, so that leaving a row out changes no other', () => {
  const [some, others] = [
    sentenceChoice('nei-random', corpus, 0),
    sentenceChoice('nei-random', new Map(), 0),
  ];
  some({ id: 'left out', claim: '', abstract: long });
  for (const id of ['a', 'b', 'c']) {
    assert.deepEqual(some({ id, claim: '', abstract: long }), others({ id, claim: '', abstract: long }));
  }
});

test('an abstract shorter than what is to be shown is shown whole', () => {
  const short: Abstract = { id: 'short', sentences: ['Tea was given to mice.'] };
  for (const rebuild of ['nei-first3', 'nei-random', 'nei-tfidf1', 'nei-tfidf3'] as const) {
    assert.deepEqual(
      sentenceChoice(rebuild, corpus, 0)({ id: 'x', claim: 'Tea', abstract: short }),
      [0],
      rebuild,
    );
  }
});
