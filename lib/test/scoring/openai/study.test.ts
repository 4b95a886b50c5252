import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { sha256 } from 'small-claims/project/digest';
import { openStudy } from 'small-claims/study/study';
import { apiProject } from './api-project.js';
import { fakeEndpoint } from './fake-endpoint.js';
import { environment, KEY, said } from './means.js';

const TEST = 'healthver/rows/test';

/** The lines of a record. */
const linesOf = (path: string): string[] =>
  gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');

/** Everything in a folder, as text. */
function allOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)))
    .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8'))
    .join('\n');
}

test('a study asks models behind endpoints like any other: told what is missing, then scored, then replayed', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  const paths = apiProject();
  environment(t, {
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: url,
    TEST_SERVER: url,
    // The budget is the command's, so it is set once for all tests of this file.
    SMALL_CLAIMS_MAX_DOLLARS: '5',
    SMALL_CLAIMS_BATCH: undefined,
  });
  const study = openStudy('own', paths);
  assert.deepEqual(
    study.apiRuns.filter(({ test }) => test === TEST).map(({ model }) => model),
    ['gpt-4o', 'gpt-5', 'own-vllm'],
  );
  assert.deepEqual(study.runs, []);
  await said(() =>
    assert.rejects(study.scores('gpt-4o', TEST), /GPT-4o needs a key, and OPENAI_API_KEY is not set/),
  );
  await said(() =>
    assert.rejects(study.scores('gpt-5', TEST), /GPT-5 tells no log-probabilities[\s\S]*study\.answers/),
  );
  assert.equal(got.length, 0);

  process.env['OPENAI_API_KEY'] = KEY;
  const { value, text } = await said(async () => [
    await study.scores('gpt-4o', TEST),
    await study.answers('gpt-5', TEST),
    await study.scores('own-vllm', TEST),
  ]);
  const [scored, answered, own] = value;
  assert.ok(scored && answered && own);
  assert.deepEqual(
    scored.rows.map(({ id }) => id),
    answered.rows.map(({ id }) => id),
  );
  assert.deepEqual(scored.header['model'], { id: 'gpt-4o', api: 'gpt-4o-2024-08-06', server: 'openai' });
  assert.deepEqual(scored.header['sampling'], { maxTokens: 1, temperature: 0, topLogprobs: 20 });
  assert.deepEqual(own.header['model'], {
    id: 'own-vllm',
    api: 'org/model',
    server: 'vllm',
    weights: 'org/model@0123abc',
  });
  assert.equal(answered.header.kind, 'generation');
  assert.deepEqual(answered.header['sampling'], { maxTokens: 512, reasoningEffort: 'minimal', stop: [] });
  assert.match(dirname(answered.path), /records\/generations\/gpt-5$/);

  // What was said lies in build/, what was read out of it in the record.
  for (const row of answered.rows) {
    assert.ok('textSha256' in row);
    const line = allOf(join(paths.build, 'generations'))
      .split('\n')
      .find((each) => each.includes(`"${row.id}"`));
    assert.equal(sha256(JSON.parse(line ?? '').text), row.textSha256);
  }
  const records = [scored, answered, own].flatMap(({ path }) => linesOf(path)).join('\n');
  for (const word of ['sleep', 'Salt', 'Tea']) assert.ok(!records.includes(word), 'no text of a data set');
  for (const told of [text, allOf(paths.records), allOf(paths.build)]) {
    assert.ok(!told.includes(KEY), 'no key');
    assert.ok(!told.includes(new URL(url).host), 'no address');
  }

  delete process.env['OPENAI_API_KEY'];
  const asked = got.length;
  const again = await openStudy('own', paths).scores('gpt-4o', TEST);
  assert.equal(again.origin, 'replayed');
  assert.equal(again.sha256, scored.sha256);
  assert.equal(got.length, asked);
});

test('requests to OpenAI and to other servers name the parameters that each knows', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  const paths = apiProject();
  environment(t, {
    OPENAI_API_KEY: KEY,
    OPENAI_BASE_URL: url,
    TEST_SERVER: url,
    SMALL_CLAIMS_MAX_DOLLARS: '5',
  });
  const study = openStudy('own', paths);
  const bodyOf = async (work: Promise<unknown>) => {
    await said(() => work);
    const { messages, ...rest } = JSON.parse(got.at(-1)?.body ?? '');
    assert.equal(messages.length, 1);
    return rest;
  };
  assert.deepEqual(await bodyOf(study.scores('gpt-4o', TEST)), {
    model: 'gpt-4o-2024-08-06',
    temperature: 0,
    max_completion_tokens: 1,
    logprobs: true,
    top_logprobs: 20,
  });
  assert.deepEqual(await bodyOf(study.answers('gpt-5', TEST)), {
    model: 'gpt-5-2025-08-07',
    reasoning_effort: 'minimal',
    max_completion_tokens: 512,
  });
  assert.deepEqual(await bodyOf(study.answers('own-vllm', TEST, { limits: { stop: ['\n'] } })), {
    model: 'org/model',
    temperature: 0,
    max_tokens: 16,
    stop: ['\n'],
  });
});
