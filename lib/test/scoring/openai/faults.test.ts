import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from 'small-claims/project/error';
import { randomStream } from 'small-claims/project/random';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { apiScore } from 'small-claims/scoring/openai/api-score';
import type { ApiMeans } from 'small-claims/scoring/openai/asking';
import { readCompletion } from 'small-claims/scoring/openai/completion';
import { messagesOf } from 'small-claims/scoring/openai/messages';
import { requestBody } from 'small-claims/scoring/openai/request';
import { openApiScorer } from 'small-claims/scoring/openai/scorer';
import { findPrompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import { completionOf, fakeEndpoint } from './fake-endpoint.js';
import { faultProxy } from './fault-proxy.js';
import { examplesOf, gpt4o, KEY, meansFor, said } from './means.js';

const question = { prompt: findPrompt('true-false-unknown'), shots: [] };

/** Rows in the order they came, and the error at the end, if there is one. */
async function ask(means: ApiMeans, examples: readonly Row[]) {
  const rows: LabelScore[] = [];
  const place = { name: 'runs/faults', stem: join(means.paths.root, 'faults') };
  let error: unknown;
  const { text } = await said(async () => {
    try {
      await openApiScorer(gpt4o, means).score(question, examples, (row) => rows.push(row), place);
    } catch (thrown) {
      error = thrown;
    }
  });
  return { rows, error, text };
}

/** The row of an example whose response came as the endpoint gave it. */
function undisturbed(example: Row): LabelScore {
  const body = requestBody(gpt4o, { kind: 'scores' }, messagesOf(question.prompt, [], example));
  return apiScore(example.id, readCompletion(completionOf(JSON.stringify(body))), question.prompt);
}

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
const byId = (rows: readonly LabelScore[]) => new Map(rows.map((row) => [row.id, JSON.stringify(row)]));

/** Every file under a folder, as one text. */
function allFiles(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

test('1,000 requests through a proxy of which half go wrong: each example is scored once, or failed with its reason', async (t) => {
  const examples = examplesOf(1000);
  const expected = byId(examples.map(undisturbed));

  const hopeless = (body: string) => /tea, \d*77 a day/.test(body);
  const proxy = await faultProxy(t, { share: 0.5, seed: 1, hopeless });
  const random = randomStream('jitter', 1).next;
  const means = meansFor(proxy.url, { random, concurrency: 64, timeout: 2000 });
  const { rows, error, text } = await ask(means, examples);
  assert.deepEqual([...proxy.counts.keys()].sort(), [...proxy.names].sort(), 'every kind of fault occurred');

  assert.ok(error instanceof UserError, String(error));
  const failed: { id: string; reason: string }[] = allFiles(join(means.paths.build, 'failed'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  assert.equal(new Set(ids(rows)).size, rows.length, 'none is scored twice');
  assert.deepEqual([...ids(rows), ...ids(failed)].sort(), ids(examples).sort(), 'none is lost, none in both');
  for (const row of rows) assert.equal(JSON.stringify(row), expected.get(row.id), 'a fault changes no score');
  const refused = failed.filter(({ reason }) => /400 context_length_exceeded/.test(reason));
  const always = ids(examples).filter((id) => /77$/.test(id));
  assert.deepEqual(ids(refused).sort(), always.sort());
  for (const { reason } of failed) assert.match(reason, /HTTP|malformed|no response|no connection|cut/);
  assert.match(error.message, new RegExp(`${rows.length} of 1000 rows came and are kept`));
  assert.match(error.message, /10 × HTTP 400 context_length_exceeded too long/);

  for (const told of [
    text,
    error.message,
    String(error.stack),
    JSON.stringify(rows),
    allFiles(means.paths.root),
  ]) {
    assert.ok(!told.includes(KEY) && !told.includes('S3cret'), 'the key is nowhere');
    assert.ok(!told.includes(new URL(proxy.url).host), 'nor is the address');
  }

  // The next run asks for those alone that are missing, and no more.
  const healthy = await fakeEndpoint(t);
  const again = await ask(
    meansFor(healthy.url),
    examples.filter(({ id }) => !ids(rows).includes(id)),
  );
  assert.equal(again.error, undefined);
  assert.equal(healthy.got.length, failed.length);
  assert.deepEqual(byId([...rows, ...again.rows]), expected);
});
