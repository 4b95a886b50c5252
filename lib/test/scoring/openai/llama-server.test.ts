import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Example } from 'small-claims/datasets/example';
import { prediction } from 'small-claims/metrics/prediction';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { openLlamaWriter } from 'small-claims/scoring/llama/writer';
import { openApiScorer } from 'small-claims/scoring/openai/scorer';
import { openApiWriter } from 'small-claims/scoring/openai/writer';
import { findTemplate } from 'small-claims/scoring/prompt';
import type { Scorer } from 'small-claims/scoring/scorer';
import type { Writer } from 'small-claims/scoring/writer';
import { modelFile } from '../model.js';
import { llamaServer } from './llama-server.js';
import { examplesOf, gpt4o, meansFor, said } from './means.js';

const template = findTemplate('true-false-unknown');
const own = { ...gpt4o, id: 'smollm2', server: 'llama.cpp', apiModel: 'smollm2', endpoint: 'OWN' } as const;

async function scoresOf(
  scorer: Scorer,
  examples: readonly Example[],
): Promise<ReadonlyMap<string, LabelScore>> {
  const rows = new Map<string, LabelScore>();
  await said(() => scorer.score({ template, shots: [] }, examples, (row) => rows.set(row.id, row)));
  await scorer.dispose();
  return rows;
}

async function textsOf(writer: Writer, examples: readonly Example[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const limits = { maxTokens: 8, stop: [] };
  await said(() =>
    writer.write({ template, shots: [] }, examples, limits, (id, { text }) => texts.set(id, text)),
  );
  await writer.dispose();
  return texts;
}

/**
 * Nats by which a log-probability may differ. Server and scorer cut prompts at other tokens, and on a quantised model
 * that can move logits. Measured: 5e-5 at most, and 1e-6 in 120 prompts of both test sets; another CPU may do worse.
 */
const CHUNKS = 0.05;

/** The log-probability of each label over the whole vocabulary. */
const unnormalised = ({ logprobs, mass }: LabelScore) => logprobs.map((logprob) => logprob + Math.log(mass));

test('llama.cpp’s server scores and writes as the same model does in process, but for how its chunks are cut', async (t) => {
  const path = await modelFile(t);
  const url = path && (await llamaServer(t, path));
  if (!path || !url) return;
  const examples = examplesOf(20);
  const means = { ...meansFor(url, { concurrency: 2 }), env: { OWN: url } };
  const local = await scoresOf(await openLlamaScorer(path, { threads: 1 }), examples);
  const served = await scoresOf(openApiScorer({ ...own, topLogprobs: 1000 }, means), examples);
  // Unknown is not among the 20 tokens that this model holds most probable.
  const few = await scoresOf(openApiScorer(own, means), examples.slice(0, 5));
  for (const [id, row] of local) {
    const all = served.get(id);
    assert.ok(all);
    assert.equal(all.promptTokens, row.promptTokens, 'the same prompt, token for token');
    assert.ok(!('bounded' in all), 'all three answers are among those told');
    assert.equal(prediction(all.logprobs), prediction(row.logprobs));
    const differences = unnormalised(all).map((logprob, i) => logprob - (unnormalised(row)[i] ?? Number.NaN));
    for (const difference of differences) assert.ok(Math.abs(difference) < CHUNKS, `${difference}`);
    const told = few.get(id);
    if (told) {
      assert.ok('bounded' in told);
      assert.deepEqual(told.bounded, ['NEI']);
      assert.ok((unnormalised(told)[2] ?? 0) > (unnormalised(row)[2] ?? 0), 'the bound is one');
    }
  }

  const asked = examples.slice(0, 4);
  const text = await textsOf(await openLlamaWriter(path, { threads: 1 }), asked);
  assert.deepEqual(await textsOf(openApiWriter(own, means), asked), text);
});
