import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomStream } from 'small-claims/project/random';
import { openLlamaWriter } from 'small-claims/scoring/llama/writer';
import type { GeneratedText, Limits } from 'small-claims/scoring/writer';
import { findPrompt } from 'small-claims/tasks/prompt';
import { modelFile } from './model.js';
import { examplesOf } from './openai/means.js';

// One that is not answered with a word.
const prompt = { ...findPrompt('true-false-unknown'), question: 'Write a sentence about the claim.' };
const question = { prompt, shots: [] };
const examples = examplesOf(3);

test('a text is the same in any order, and ends at its limit or at a stop string', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const writer = await openLlamaWriter(path, { threads: 1 });
  const written = async (asked: typeof examples, limits: Partial<Limits> = {}) => {
    const texts = new Map<string, GeneratedText>();
    await writer.write(question, asked, { maxTokens: 12, stop: [], ...limits }, (id, text) =>
      texts.set(id, text),
    );
    return texts;
  };
  const texts = await written(examples);
  assert.deepEqual(await written(randomStream('order', 1).shuffle(examples)), texts);

  const [first] = examples;
  assert.ok(first);
  const { text, completionTokens } = texts.get(first.id) ?? { text: '', completionTokens: 0 };
  assert.ok(text.length > 3 && completionTokens > 2, `"${text}"`);
  const cut = (await written([first], { maxTokens: 2 })).get(first.id);
  assert.equal(cut?.finish, 'length');
  assert.equal(cut?.completionTokens, 2);
  assert.ok(text.startsWith(cut?.text ?? '?'));
  const stop = text.slice(2, 4);
  const stopped = (await written([first], { stop: ['never said', stop] })).get(first.id);
  assert.deepEqual([stopped?.finish, stopped?.text], ['stop', text.slice(0, text.indexOf(stop))]);
  await writer.dispose();
});
