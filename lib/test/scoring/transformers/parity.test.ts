import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { plainGguf } from 'small-claims/finetuning/base-weights';
import { agreement } from 'small-claims/finetuning/parity';
import { findGguf, type TransformersModel } from 'small-claims/models/catalogue';
import { plainFolder } from 'small-claims/models/plain-folder';
import { projectPaths } from 'small-claims/project/paths';
import { findTrainingPrograms } from 'small-claims/project/python';
import { randomStream } from 'small-claims/project/random';
import { promptFrame } from 'small-claims/scoring/chat';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { loadVocabulary } from 'small-claims/scoring/llama/loading';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { answerTokens, tokenise } from 'small-claims/scoring/llama/tokens';
import type { Scorer } from 'small-claims/scoring/scorer';
import { transformersProvider } from 'small-claims/scoring/transformers/provider';
import { fieldParts } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import { z } from 'zod';
import { claimRow } from '../../tasks/claim-row.js';
import { sleepClaims, studyPrompt } from '../examples.js';
import { MODEL, modelFile } from '../model.js';
import { environment } from '../openai/means.js';

const here = projectPaths();
const sha256 = findGguf(MODEL).sha256 ?? '';

/** Sixty claims about twenty texts, some empty, some with what looks like a special token or is in another script. */
const words = [
  'tea',
  'salt',
  'ginger',
  'sleep',
  'pain',
  'in 40 adults',
  '<|im_end|>',
  'β-carotene',
  '咳嗽',
  'lowers',
  'raises',
];
const random = randomStream('parity', 1);
const phrase = (length: number) => Array.from({ length }, () => words[random.below(words.length)]).join(' ');
const evidence = Array.from({ length: 20 }, (_, index) => (index === 0 ? '' : phrase(2 + random.below(40))));
const rows: readonly Row[] = Array.from({ length: 60 }, (_, index) =>
  claimRow(`claim-${index}`, {
    claim: `${phrase(2 + random.below(8))}.`,
    evidence: evidence[index % 20] ?? '',
  }),
);
const question = { prompt: studyPrompt(), shots: [] };

/** SmolLM2, dequantised, in 32 bits: what both programs can compute alike. */
const model: TransformersModel = {
  id: 'smollm2-in-transformers',
  title: 'SmolLM2 in transformers',
  provider: 'transformers',
  licence: 'Apache-2.0',
  parameters: '135M',
  kind: 'decoder',
  base: MODEL,
  dtype: 'float32',
  device: 'cpu',
};

async function canAsk(t: TestContext): Promise<boolean> {
  if (!findTrainingPrograms()) t.skip('needs the Python that trains (make train-python)');
  else if (await modelFile(t)) {
    environment(t, { SMALL_CLAIMS_THREADS: '1' });
    return true;
  }
  return false;
}

async function scoresOf(
  scorer: Scorer,
  asked: readonly Row[],
  shots: readonly Row[] = [],
): Promise<readonly LabelScore[]> {
  const scores = new Map<string, LabelScore>();
  await scorer.score({ ...question, shots }, asked, (score) => scores.set(score.id, score));
  return asked.flatMap(({ id }) => scores.get(id) ?? []);
}

test('transformers and llama.cpp give 60 prompts the same tokens and, in 32 bits, log-probabilities within 0.001 nats', async (t) => {
  if (!(await canAsk(t))) return;
  if (!existsSync(plainGguf(sha256, here)))
    return t.skip(`needs ${plainGguf(sha256, here)} (make adapters makes it)`);
  const scorer = await transformersProvider(model).open();
  t.after(() => scorer.dispose());
  const theirs = await scoresOf(scorer, rows);
  const llama = await openLlamaScorer(plainGguf(sha256, here), { threads: 1, cache: 'F32' });
  t.after(() => llama.dispose());
  const ours = await scoresOf(llama, rows);
  assert.equal(theirs.length, 60);
  const { sameLabel, largest } = agreement(ours, theirs);
  t.diagnostic(`${largest} nats apart at most`);
  assert.equal(sameLabel, 60);
  assert.ok(largest < 0.001, `${largest} nats apart`);
  const mass = (scores: readonly LabelScore[]) => scores.map((score) => score.mass);
  for (const [index, each] of mass(theirs).entries())
    assert.ok(Math.abs(each - (mass(ours)[index] ?? 0)) < 0.001);
  assert.deepEqual(
    theirs.map(({ promptTokens }) => promptTokens),
    ours.map(({ promptTokens }) => promptTokens),
  );
});

test('the worker makes the tokens of llama.cpp of every prompt and answer, with shots and without', async (t) => {
  const gguf = await modelFile(t);
  const programs = findTrainingPrograms();
  if (!programs || !gguf)
    return programs ? undefined : t.skip('needs the Python that trains (make train-python)');
  if (!existsSync(plainFolder(sha256, here)))
    return t.skip('needs the model in Hugging Face’s layout (make adapters)');
  environment(t, { PYTHONDONTWRITEBYTECODE: '1' });
  const vocabulary = await loadVocabulary(gguf);
  t.after(() => vocabulary.dispose());
  const { metadata } = vocabulary.model.fileInfo;
  for (const shots of [[], sleepClaims.slice(0, 3)]) {
    const { bosString, eosString } = vocabulary.model.tokens;
    const format = {
      template: metadata.tokenizer?.chat_template,
      bos: bosString ?? '',
      eos: eosString ?? '',
    };
    const frame = promptFrame(question.prompt, shots, format);
    const request = {
      ...frame,
      rows: rows.map((row) => ({ id: row.id, texts: fieldParts(question.prompt, row) })),
      answers: Object.values(question.prompt.answers).map((word) => frame.answerPrefix + word),
    };
    const script = join(here.root, 'lib', 'test', 'scoring', 'transformers', 'tokens_of.py');
    const output = execFileSync(
      programs.python,
      [script, join(here.python, 'transformers_worker'), plainFolder(sha256, here)],
      { input: JSON.stringify(request), encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const theirs = z
      .object({ prompts: z.record(z.string(), z.array(z.number())), answers: z.array(z.number()) })
      .parse(JSON.parse(output));
    const ours = tokenise(vocabulary.model, { ...question, shots }, rows);
    assert.equal(ours.length, 60);
    for (const { id, parts } of ours) assert.deepEqual(theirs.prompts[id], parts.flat().map(Number), id);
    assert.deepEqual(theirs.answers, answerTokens(vocabulary.model, question).map(Number));
  }
});

test('in sixteen bits too, a row’s scores are the same in any order, and without its neighbours', async (t) => {
  if (!(await canAsk(t))) return;
  const some = rows.slice(0, 24);
  for (const dtype of ['float32', 'bfloat16'] as const) {
    const scorer = await transformersProvider({ ...model, dtype }).open();
    t.after(() => scorer.dispose());
    const scores = await scoresOf(scorer, some);
    const shuffled = randomStream('order', 1).shuffle(some);
    const again = await scoresOf(scorer, shuffled);
    const byId = (id: string) => scores.find((score) => score.id === id);
    assert.deepEqual(
      again,
      shuffled.map(({ id }) => byId(id)),
      dtype,
    );
    for (const few of [shuffled.slice(0, 7), shuffled.slice(0, 1)])
      assert.deepEqual(
        await scoresOf(scorer, few),
        few.map(({ id }) => byId(id)),
        dtype,
      );
    await scorer.dispose();
  }
});
