import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findGguf } from 'small-claims/models/catalogue';
import { turnedFile } from 'small-claims/models/compute';
import { pinModel } from 'small-claims/models/pin';
import { randomStream } from 'small-claims/project/random';
import { promptFrame } from 'small-claims/scoring/chat';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { batched } from 'small-claims/scoring/llama/layout';
import { openLlamaScorer, type ScorerOptions } from 'small-claims/scoring/llama/scorer';
import { fieldParts } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import { sleepClaims, studyPrompt } from './examples.js';
import { MODEL, modelFile } from './model.js';

const prompt = studyPrompt();
const examples = sleepClaims;

async function rowsOf(
  path: string,
  batches: readonly (readonly Row[])[],
  options: ScorerOptions = {},
  shots: readonly Row[] = [],
): Promise<readonly LabelScore[]> {
  // One thread: several wait for each other, which takes minutes on a machine that is busy.
  const scorer = await openLlamaScorer(path, { threads: 1, ...options });
  const scored: LabelScore[] = [];
  for (const batch of batches) await scorer.score({ prompt, shots }, batch, (row) => scored.push(row));
  await scorer.dispose();
  return scored;
}

async function scoresOf(...asked: Parameters<typeof rowsOf>): Promise<readonly string[]> {
  return (await rowsOf(...asked)).map((row) => JSON.stringify(row)).sort();
}

for (const format of ['as it is', 'f32'] as const) {
  test(`an example scores the same to the bit in any order, interrupted anywhere, on any number of threads: the file ${format}`, async (t) => {
    const file = await modelFile(t);
    if (file === undefined) return;
    const inFloats = format === 'f32';
    const path = inFloats ? (await turnedFile(await pinModel(findGguf(MODEL)), 'f32', undefined)).path : file;
    const computed: ScorerOptions = inFloats ? { cache: 'F32' } : {};
    const expected = await scoresOf(path, [examples], computed);
    assert.equal(new Set(expected).size, examples.length);
    const few = examples.slice(0, 3);
    const expectedFew = expected.filter((row) => few.some(({ id }) => row.includes(`"${id}"`)));
    assert.deepEqual(await scoresOf(path, [few], { ...computed, threads: 2 }), expectedFew);
    const random = randomStream('order', 1);
    for (const options of [{}, { contextSize: 2048 }]) {
      // Each rest is what an interrupted run would go on with, in a context of its own.
      const batches: Row[][] = [[]];
      for (const example of random.shuffle(examples)) {
        if (random.below(5) === 0) batches.push([]);
        batches.at(-1)?.push(example);
      }
      assert.deepEqual(await scoresOf(path, batches, { ...computed, ...options }), expected);
    }
  });
}

test('rows with the same claim and evidence get the same scores, evaluated once', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const few = examples.slice(0, 2);
  const rows = await rowsOf(path, [
    [...few, ...few.map((example) => ({ ...example, id: `${example.id}-2` }))],
  ]);
  for (const { id } of few) {
    const [one, two] = [id, `${id}-2`].map((name) => rows.find((row) => row.id === name));
    assert.ok(one && two);
    assert.deepEqual({ ...two, id }, one);
  }
});

test('the batched layout scores every example once, near to the canonical one', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const canonical = await rowsOf(path, [examples]);
  const together = await rowsOf(path, [examples], { layout: batched(3) });
  assert.deepEqual(together.map(({ id }) => id).sort(), examples.map(({ id }) => id).sort());
  for (const { id, logprobs, promptTokens } of together) {
    const other = canonical.find((row) => row.id === id);
    assert.equal(other?.promptTokens, promptTokens);
    // Another grouping of the same sums: the noise of a quantised model, far below a wrong prompt's difference.
    for (const [index, logprob] of logprobs.entries())
      assert.ok(Math.abs(logprob - (other?.logprobs[index] ?? Number.NaN)) < 1, `${id} ${logprobs}`);
  }
});

test('the mass of the answers is their share of the whole vocabulary, also where the model would say something else', async (t) => {
  const path = await modelFile(t);
  const [example] = examples;
  if (path === undefined || !example) return;
  const unlikely = { ...prompt, answers: { SUPPORT: 'Zebra', CONTRADICT: 'Violin', NEI: 'Quartz' } };
  const scorer = await openLlamaScorer(path, { threads: 1 });
  const masses: number[] = [];
  for (const asked of [prompt, unlikely])
    await scorer.score({ prompt: asked, shots: [] }, [example], ({ mass }) => masses.push(mass));
  await scorer.dispose();
  const [usual, rare] = masses;
  const words = [prompt, unlikely].map(({ answers }) => Object.values(answers));
  const [expected, expectedRare] = await sharesOf(path, example, words);
  assert.ok(usual && rare !== undefined && expected && expectedRare !== undefined);
  assert.ok(expectedRare < 0.01 && expected > 0.5, 'one set of words is likely, the other is not');
  // The prompt is evaluated in one chunk here, which moves a quantised model's logits a little.
  assert.ok(Math.abs(usual - expected) < 0.1, `${usual}, of the whole vocabulary ${expected}`);
  assert.ok(Math.abs(rare - expectedRare) < 0.01, `${rare}, of the whole vocabulary ${expectedRare}`);
});

/** The probability that each list of words holds, summed from the probabilities of all tokens after the prompt. */
async function sharesOf(
  path: string,
  example: Row,
  lists: readonly (readonly string[])[],
): Promise<number[]> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: path });
  const chat = model.fileInfo.metadata.tokenizer?.chat_template;
  const { before, after } = promptFrame(prompt, [], { template: chat, bos: '', eos: '' });
  const text = (pieces: typeof before) => pieces.map((piece) => piece.text).join('');
  const whole = text(before) + fieldParts(prompt, example).join('') + text(after);
  const tokens = model.tokenize(whole, true);
  const context = await model.createContext({ contextSize: tokens.length + 1, threads: 1 });
  const outputs = await context
    .getSequence()
    .controlledEvaluate(
      tokens.map((token, index) =>
        index + 1 < tokens.length ? token : [token, { generateNext: { probabilities: true } }],
      ),
    );
  const probabilities = outputs.at(-1)?.next?.probabilities ?? new Map();
  const shares = lists.map((words) =>
    words.reduce((sum, word) => sum + (probabilities.get(model.tokenize(word)[0]) ?? 0), 0),
  );
  await llama.dispose();
  return shares;
}

test('a failure while scoring ends the call, in every sequence', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const scorer = await openLlamaScorer(path, { threads: 1, layout: batched(2) });
  t.after(() => scorer.dispose());
  let scored = 0;
  const failing = () => {
    if (++scored === 2) throw new Error('the disk is full');
  };
  await assert.rejects(scorer.score({ prompt, shots: [] }, examples, failing), /the disk is full/);
  assert.ok(scored < examples.length);
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
    const { before, after } = promptFrame(prompt, shots, { template: chat, bos: '', eos: '' });
    const text = (pieces: typeof before) => pieces.map((piece) => piece.text).join('');
    const scored = await rowsOf(path, [examples], {}, shots);
    for (const example of examples) {
      const whole = text(before) + fieldParts(prompt, example).join('') + text(after);
      const { promptTokens } = scored.find(({ id }) => id === example.id) ?? {};
      assert.equal(promptTokens, model.tokenize(whole, true).length, example.id);
    }
  }
  await llama.dispose();
});

test('a prompt that does not fit the context names its example, and nothing is scored', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  const [first] = examples;
  assert.ok(first);
  const long = { ...first, id: 'the-long-one', texts: { ...first.texts, evidence: 'tea and '.repeat(9000) } };
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
