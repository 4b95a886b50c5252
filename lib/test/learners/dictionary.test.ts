import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitDictionary } from 'small-claims/learners/dictionary';

/** A row whose spans are written `[TYPE:words]`. */
function marked(written: string) {
  let text = '';
  const spans = written.split(/(\[[^\]]+\])/).flatMap((part) => {
    const [, type, words] = /^\[(\w+):(.+)\]$/.exec(part) ?? [];
    const start = text.length;
    text += words ?? part;
    return type === undefined ? [] : [{ type, start, end: text.length }];
  });
  return { text, spans };
}

const find = fitDictionary(
  [
    'He has [disease:type 2 diabetes], she [disease:diabetes].',
    'Given [drug:5-FU] and [drug:cold] cream for a [disease:cold] and a [disease:Cold].',
  ].map(marked),
);

test('words of training spans are found in any case, the longest first, and only whole', () => {
  for (const written of [
    '[disease:Type 2 Diabetes] is no diabetesX, yet [disease:diabetes]',
    '[drug:5-fu]; 5-FUs and 15-FU are not',
    'a [disease:cold], of which there were more than of the drug',
    'nothing of it',
    '',
  ]) {
    const { text, spans } = marked(written);
    assert.deepEqual(find(text), spans, written);
  }
});

test('without training spans nothing is found', () => {
  assert.deepEqual(fitDictionary([{ text: 'a cold', spans: [] }])('a cold'), []);
});
