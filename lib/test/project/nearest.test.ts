import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alternatives, didYouMean, nearest } from 'small-claims/project/nearest';

const MODELS = [
  'gpt-5',
  'gpt-4o',
  'qwen2.5-coder-0.5b-instruct',
  'smollm2-135m-instruct',
  'all-minilm-l6-v2',
];

/** What was written, what there is, and what was meant. */
const NAMES: readonly (readonly [string, string, readonly string[], string | undefined])[] = [
  ['a name without a digit and its last word', 'smollm-135m', MODELS, 'smollm2-135m-instruct'],
  ['the first word of a name', 'qwen2.5', MODELS, 'qwen2.5-coder-0.5b-instruct'],
  ['a name without its last words', 'all-minilm', MODELS, 'all-minilm-l6-v2'],
  ['a name that is like none', 'mistral-7b', MODELS, undefined],
  ['two letters in the wrong order', 'ulr', ['bytes', 'url'], 'url'],
  ['a letter too few', 'gld', ['id', 'gold', 'patient'], 'gold'],
  ['other case and signs', 'Patient No', ['note', 'patient_no'], 'patient_no'],
  ['the beginning of a column', 'patient', ['pair_id', 'patient_no'], 'patient_no'],
  [
    'a plural part of a build',
    'scifact/rationale/dev',
    ['scifact/rationales/train', 'scifact/rationales/dev'],
    'scifact/rationales/dev',
  ],
  ['another word', 'patient', ['gold', 'id', 'report'], undefined],
  ['a word with a letter too few, of a longer name', 'smolm2', MODELS, 'smollm2-135m-instruct'],
  ['a word whose letters are swapped', 'true-flase', ['yes-no', 'true-false-unknown'], 'true-false-unknown'],
  ['signs alone', '???', ['a', 'b'], undefined],
];
for (const [what, written, known, meant] of NAMES)
  test(`${what}: of ${written} ${meant ?? 'nothing'} is meant`, () => {
    assert.equal(nearest(written, known), meant);
  });

test('a name that is near is told before all there are, and where none is, all alone', () => {
  assert.equal(alternatives('yse', ['yes', 'no']), 'The nearest is "yes"; known: yes, no.');
  assert.equal(alternatives('maybe', ['yes', 'no']), 'Known: yes, no.');
  assert.equal(alternatives('maybe', []), 'There is none.');
  assert.equal(didYouMean('yse', ['yes', 'no']), 'Did you mean "yes"?');
  assert.equal(didYouMean('maybe', ['yes', 'no']), 'Known: yes, no.');
  const many = Array.from({ length: 100 }, (_, at) => `x${at}y`);
  assert.match(alternatives('patient', many), /^Known: x0y, .*, x99y\.$/);
  const long = many.map((name) => `${name}${'z'.repeat(60)}`);
  assert.match(alternatives('patient', long), /^Known: x0yz+, (?:x\dyz+, ){8}91 more\.$/);
  assert.equal(alternatives('b', ['a'.repeat(700), 'c']), `Known: ${'a'.repeat(700)}, 1 more.`);
});
