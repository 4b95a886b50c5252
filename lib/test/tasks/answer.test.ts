import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAnswer } from 'small-claims/tasks/answer';
import { findPrompt } from 'small-claims/tasks/prompt';

const prompt = findPrompt('true-false-unknown');
const row = { texts: {} };
const read = (text: string) => {
  const { outcome, answer } = parseAnswer(text, row, prompt);
  return answer ?? outcome;
};

test('an answer is the first label word that stands in the text, in any case and dress', () => {
  assert.equal(read('True'), 'SUPPORT');
  assert.equal(read(' **False**.'), 'CONTRADICT');
  assert.equal(read('answer: UNKNOWN'), 'NEI');
  assert.equal(read('The claim is false, not true.'), 'CONTRADICT');
  assert.equal(read('{"answer":"true"}'), 'SUPPORT');
  assert.equal(read('I’m sorry, but the answer is Unknown.'), 'NEI');
});

test('a word in another word is no answer', () => {
  assert.equal(read('Truely untrue; falsehoods; unknowns'), 'unparsable');
  assert.equal(read('truë'), 'unparsable');
  assert.equal(read('_True_ or True1'), 'SUPPORT');
});

test('thoughts are no part of the answer, even those that the limit cut', () => {
  assert.equal(read('<think>False? No.</think>\nTrue'), 'SUPPORT');
  assert.equal(read('<think>It may be False, because'), 'unparsable');
});

test('a refusal is told from a text that says nothing', () => {
  assert.equal(read('I’m sorry, I can’t help with that.'), 'refused');
  assert.equal(read('I cannot assist with medical claims'), 'refused');
  assert.equal(read('I am unable to judge this.'), 'refused');
  assert.equal(read('We will not answer.'), 'refused');
  assert.equal(read(''), 'unparsable');
  assert.equal(read('Supported by the evidence'), 'unparsable');
});

test('an answer that the limit cut off counts where the rest could not change it', () => {
  const cut = (name: string, text: string) =>
    parseAnswer(text, { texts: { text: 'Ataxia and gout.' } }, findPrompt(name), true).answer;
  assert.equal(cut('true-false-unknown', 'False, since the'), 'CONTRADICT');
  assert.equal(cut('similarity-0-to-4', '2.'), null);
  assert.equal(cut('hallmarks-listed', 'inducing angiogenesis'), null);
  assert.equal(cut('diseases-by-line', 'Disease: ataxia\nDisease: go'), null);
});
