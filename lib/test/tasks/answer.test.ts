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

test('a label in a clause that declines is no answer, and one in the next clause is', () => {
  assert.equal(read('I cannot say whether this is true.'), 'refused');
  assert.equal(read('I’m sorry, I can’t judge if that is false or true.'), 'refused');
  assert.equal(read('As an AI, I am unable to tell true from false; please ask a doctor.'), 'refused');
  assert.equal(read('We will not answer with True\nor False?'), 'CONTRADICT');
  assert.equal(read('I cannot be certain, but it is probably true.'), 'SUPPORT');
  assert.equal(read('I can’t verify all of it. Answer: Unknown'), 'NEI');
  assert.equal(read('False. I cannot find any support.'), 'CONTRADICT');
  assert.equal(read('It cannot be true: False'), 'SUPPORT');
  assert.equal(read('True, although I cannot be certain.'), 'SUPPORT');
  assert.equal(read('False, I cannot find any support.'), 'CONTRADICT');
  assert.equal(read('While I cannot verify every detail, the answer is True.'), 'SUPPORT');
  assert.equal(read('I cannot say: Unknown'), 'NEI');
  assert.equal(read('The abstract says we cannot rule out harm, so True'), 'SUPPORT');
  assert.equal(read('Answer: True (I cannot be sure).'), 'SUPPORT');
  assert.equal(read('I can not say whether this is true.'), 'refused');
  assert.equal(read('I couldn’t say whether this is true'), 'refused');
  assert.equal(read('I am not a doctor, and I do not know whether this is true.'), 'refused');
  assert.equal(read('I cannot confirm that a p of 0.05 shows it is true.'), 'refused');
});

test('a label whose own word declines is read all the same', () => {
  const answers = { ...prompt.answers, NEI: 'I cannot tell' };
  const parsed = (text: string) => parseAnswer(text, row, { ...prompt, answers }).answer;
  assert.equal(parsed('I cannot tell.'), 'NEI');
  assert.equal(parsed('I cannot tell, it may be true.'), 'NEI');
  assert.equal(parsed('True'), 'SUPPORT');
});

test('thoughts are left out under any of the marks that templates have, also those that the prompt began', () => {
  for (const [opening, closing] of [
    ['<think>', '</think>'],
    ['<thinking>', '</thinking>'],
    ['<Thought>', '</Thought>'],
    ['<reasoning>', '</reasoning>'],
    ['[THINK]', '[/THINK]'],
    ['<|START_THINKING|>', '<|END_THINKING|>'],
    ['<|begin_of_thought|>', '<|end_of_thought|>'],
    ['<|channel|>analysis<|message|>', '<|end|><|start|>assistant<|channel|>final<|message|>'],
  ] as const) {
    assert.equal(read(`${opening}False? No.${closing}True`), 'SUPPORT', opening);
    assert.equal(read(`False? No.${closing}\nTrue`), 'SUPPORT', closing);
    assert.equal(read(`True\n${closing}`), 'SUPPORT', closing);
    assert.equal(read(`${opening}False${closing}True${closing}`), 'SUPPORT', closing);
    assert.equal(read(`Unknown ${opening}but why not true`), 'NEI', opening);
    assert.equal(read(`${opening}It may be False, because`), 'unparsable', opening);
    assert.equal(read(`${opening}a${closing}${opening}false${closing}`), 'unparsable', opening);
    const whole = parseAnswer(`${opening}2 or 3?${closing}\n2.5\n`, row, findPrompt('similarity-0-to-4'));
    assert.equal(whole.answer, 2.5, opening);
  }
});
