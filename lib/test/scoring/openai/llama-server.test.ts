import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { mostProbable } from 'small-claims/metrics/answers';
import type { AdapterFile } from 'small-claims/models/adapters';
import { sha256File } from 'small-claims/project/digest';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { openLlamaWriter } from 'small-claims/scoring/llama/writer';
import { openApiScorer } from 'small-claims/scoring/openai/scorer';
import { openApiWriter } from 'small-claims/scoring/openai/writer';
import type { Scorer } from 'small-claims/scoring/scorer';
import type { Writer } from 'small-claims/scoring/writer';
import { findPrompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import { temporaryFolder } from '../../datasets/fixture.js';
import { LABELS } from '../../metrics/labels.js';
import { writeLora } from '../lora-fixture.js';
import { modelFile } from '../model.js';
import { llamaServer } from './llama-server.js';
import { loadBalancer } from './load-balancer.js';
import { examplesOf, gpt4o, meansFor, said } from './means.js';

const prompt = findPrompt('true-false-unknown');
const own = { ...gpt4o, id: 'smollm2', server: 'llama.cpp', apiModel: 'smollm2', endpoint: 'OWN' } as const;

async function scoresOf(
  scorer: Scorer,
  examples: readonly Row[],
  adapter?: AdapterFile,
): Promise<ReadonlyMap<string, LabelScore>> {
  const rows = new Map<string, LabelScore>();
  await said(() => scorer.score({ prompt, shots: [], adapter }, examples, (row) => rows.set(row.id, row)));
  await scorer.dispose();
  return rows;
}

async function textsOf(writer: Writer, examples: readonly Row[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const limits = { maxTokens: 8, stop: [] };
  await said(() =>
    writer.write({ prompt, shots: [] }, examples, limits, (id, { text }) => texts.set(id, text)),
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

/** Rows of a server, next to those of the model in process: the same prompts, the same labels, nearly the same numbers. */
function assertAgree(
  served: ReadonlyMap<string, LabelScore>,
  local: ReadonlyMap<string, LabelScore>,
  numbersOf: (row: LabelScore) => readonly number[],
): void {
  assert.equal(served.size, local.size);
  for (const [id, row] of local) {
    const other = served.get(id);
    assert.ok(other);
    assert.equal(other.promptTokens, row.promptTokens, 'the same prompt, token for token');
    assert.ok(!('bounded' in other), 'all three answers are among those told');
    assert.equal(mostProbable(other.logprobs, LABELS), mostProbable(row.logprobs, LABELS));
    const differences = numbersOf(other).map((number, i) => number - (numbersOf(row)[i] ?? Number.NaN));
    for (const difference of differences) assert.ok(Math.abs(difference) < CHUNKS, `${difference}`);
  }
}

test('llama.cpp’s server scores and writes as the same model does in process, but for how its chunks are cut', async (t) => {
  const path = await modelFile(t);
  const server = path && (await llamaServer(t, path));
  if (!path || !server) return;
  const { url } = server;
  const examples = examplesOf(8);
  const means = { ...meansFor(url, { concurrency: 2 }), env: { OWN: url } };
  const local = await scoresOf(await openLlamaScorer(path, { threads: 1 }), examples);
  assertAgree(
    await scoresOf(openApiScorer({ ...own, topLogprobs: 1000 }, means), examples),
    local,
    unnormalised,
  );

  // Unknown is not among the 20 tokens that this model holds most probable.
  for (const [id, told] of await scoresOf(openApiScorer(own, means), examples.slice(0, 2))) {
    assert.ok('bounded' in told);
    assert.deepEqual(told.bounded, ['NEI']);
    const row = local.get(id);
    assert.ok(row && (unnormalised(told)[2] ?? 0) > (unnormalised(row)[2] ?? 0), 'the bound is one');
  }

  const asked = examples.slice(0, 2);
  const text = await textsOf(await openLlamaWriter(path, { threads: 1 }), asked);
  assert.deepEqual(await textsOf(openApiWriter(own, means), asked), text);
});

test('llama.cpp’s server scores under a LoRA adapter as the model does in process', async (t) => {
  const path = await modelFile(t);
  if (!path) return;
  const file = join(temporaryFolder('lora'), 'lora.gguf');
  await writeLora(path, file, { seed: 1, deviation: 0.4 });
  const adapter = { id: 'random', path: file, sha256: await sha256File(file) };
  const server = await llamaServer(t, path, ['--lora', adapter.path]);
  if (!server) return;
  const { url } = server;
  const examples = examplesOf(5);
  const means = { ...meansFor(url, { concurrency: 2 }), env: { OWN: url } };
  const local = await scoresOf(await openLlamaScorer(path, { threads: 1 }), examples, adapter);
  const plain = await scoresOf(await openLlamaScorer(path, { threads: 1 }), examples);
  for (const [id, row] of plain) {
    const tuned = local.get(id)?.logprobs ?? [];
    const moved = row.logprobs.map((logprob, i) => Math.abs(logprob - (tuned[i] ?? Number.NaN)));
    assert.ok(Math.max(...moved) > 4 * CHUNKS, `the adapter matters: ${moved}`);
  }
  const served = openApiScorer({ ...own, topLogprobs: 10_000 }, means);
  // The mass is left out: node-llama-cpp tells the vocabulary's largest logit only where it is an answer's, and under
  // this adapter it is not.
  assertAgree(await scoresOf(served, examples), local, ({ logprobs }) => logprobs);
  await assert.rejects(scoresOf(served, examples, adapter), /an adapter cannot be sent to an endpoint/);
});

test('of two servers behind a load balancer one may die: every row is scored once, as one server scores it', async (t) => {
  const path = await modelFile(t);
  const first = path && (await llamaServer(t, path));
  const second = path && (await llamaServer(t, path));
  if (!path || !first || !second) return;
  const balancer = await loadBalancer(t, [first.url, second.url]);
  const examples = examplesOf(24);
  const local = await scoresOf(await openLlamaScorer(path, { threads: 1 }), examples);

  const means = { ...meansFor(balancer.url, { concurrency: 4 }), env: { OWN: balancer.url } };
  const scorer = openApiScorer({ ...own, topLogprobs: 1000 }, means);
  const ids: string[] = [];
  const rows = new Map<string, LabelScore>();
  await said(() =>
    scorer.score({ prompt, shots: [] }, examples, (row) => {
      rows.set(row.id, row);
      if (ids.push(row.id) === 6) first.kill();
    }),
  );
  await scorer.dispose();

  assert.deepEqual(ids.toSorted(), examples.map(({ id }) => id).toSorted());
  assertAgree(rows, local, unnormalised);
  const [before, after] = balancer.answered();
  assert.ok(before && after && before < 12 && after > 12, `both were asked, then one: ${before}, ${after}`);
  assert.ok(balancer.cut() > 0, 'requests were under way when it died');
});
