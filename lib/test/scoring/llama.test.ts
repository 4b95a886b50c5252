import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from 'small-claims/datasets/example';
import { randomStream } from 'small-claims/project/random';
import { promptFrame } from 'small-claims/scoring/chat';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { openLlamaScorer, type ScorerOptions } from 'small-claims/scoring/llama/scorer';
import { claimPart, evidencePart, findTemplate } from 'small-claims/scoring/prompt';
import { modelFile } from './model.js';

const template = findTemplate('true-false-unknown');
const foods = ['tea', 'coffee', 'salt', 'ginger', 'garlic', 'honey'];
const effects = ['sleep', 'blood pressure', 'headache'];
const evidences = [
  '',
  'In a trial of 40 adults, tea lowered blood pressure but not headache.',
  'Honey improved sleep; salt did the opposite.',
];
const examples: readonly Example[] = foods.flatMap((food, i) =>
  effects.map(
    (effect, j): Example => ({
      id: `${food}-${effect}`,
      label: 'NEI',
      claimId: `${i}-${j}`,
      documentIds: [],
      rationale: [],
      claim: `Eating ${food} improves ${effect}.`,
      evidence: evidences[(i + j) % evidences.length] ?? '',
    }),
  ),
);

async function rowsOf(
  path: string,
  batches: readonly (readonly Example[])[],
  options: ScorerOptions = {},
  shots: readonly Example[] = [],
): Promise<readonly LabelScore[]> {
  const scorer = await openLlamaScorer(path, options);
  const scored: LabelScore[] = [];
  for (const batch of batches) await scorer.score({ template, shots }, batch, (row) => scored.push(row));
  await scorer.dispose();
  return scored;
}

async function scoresOf(...asked: Parameters<typeof rowsOf>): Promise<readonly string[]> {
  return (await rowsOf(...asked)).map((row) => JSON.stringify(row)).sort();
}

test('an example scores the same to the bit in any order, alone or among others, on any number of threads', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const expected = await scoresOf(path, [examples]);
  assert.equal(new Set(expected).size, examples.length);
  const shuffled = randomStream('order', 1).shuffle(examples);
  assert.deepEqual(await scoresOf(path, [shuffled.slice(0, 5), shuffled.slice(5)]), expected);
  assert.deepEqual(
    await scoresOf(
      path,
      examples.map((example) => [example]),
    ),
    expected,
  );
  assert.deepEqual(await scoresOf(path, [examples], { threads: 1 }), expected);
  assert.deepEqual(await scoresOf(path, [examples], { contextSize: 4096 }), expected);
});

test('the parts of a prompt have as many tokens as the whole prompt, with and without shots', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path, vocabOnly: true });
  const chat = model.fileInfo.metadata.tokenizer?.chat_template;
  assert.ok(chat);
  for (const shots of [[], examples.slice(0, 2)]) {
    const { before, after } = promptFrame(template, shots, { template: chat, bos: '', eos: '' });
    const text = (pieces: typeof before) => pieces.map((piece) => piece.text).join('');
    const scored = await rowsOf(path, [examples], {}, shots);
    for (const { id, evidence, claim } of examples) {
      const whole = text(before) + evidencePart(evidence) + claimPart(claim) + text(after);
      assert.equal(scored.find((row) => row.id === id)?.promptTokens, model.tokenize(whole, true).length, id);
    }
  }
  await llama.dispose();
});

test('a prompt that does not fit the context names its example, and nothing is scored', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const [first] = examples;
  assert.ok(first);
  const long = { ...first, id: 'the-long-one', evidence: 'tea and '.repeat(9000) };
  await assert.rejects(
    scoresOf(path, [[...examples, long]]),
    /prompt of example the-long-one has \d+ tokens; the model’s context holds 8192/,
  );
});

test('shots change the scores', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const few = examples.slice(0, 3);
  assert.notDeepEqual(await scoresOf(path, [few], {}, examples.slice(3, 6)), await scoresOf(path, [few]));
});
