import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { LabelScore } from 'small-claims/scoring/label-score';
import type { ApiMeans } from 'small-claims/scoring/openai/asking';
import { budgetOf, dollarText } from 'small-claims/scoring/openai/budget';
import { openApiScorer } from 'small-claims/scoring/openai/scorer';
import { findPrompt } from 'small-claims/tasks/prompt';
import { completionOf, fakeEndpoint, type Got, json } from './fake-endpoint.js';
import { examplesOf, gpt4o, KEY, meansFor, said } from './means.js';

const question = { prompt: findPrompt('true-false-unknown'), shots: [] };

async function ask(means: ApiMeans, count: number, model = gpt4o) {
  const rows: LabelScore[] = [];
  const place = { name: 'runs/spending', stem: join(means.paths.root, 'run') };
  let error = '';
  const { text } = await said(async () => {
    try {
      await openApiScorer(model, means).score(question, examplesOf(count), (row) => rows.push(row), place);
    } catch (thrown) {
      error = String(thrown);
    }
  });
  return { rows, error, text };
}

test('nothing is asked before money is allowed, and the error says how much it takes', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  const { error } = await ask(meansFor(url, { cap: 0 }), 450);
  assert.equal(got.length, 0);
  assert.match(
    error,
    /this costs money: runs\/spending: 450 requests, at most about [\d,]+ tokens and \$0\.\d\d/,
  );
  assert.match(error, /prices of 20\d\d-\d\d-\d\d, second-hand/);
  assert.match(error, /Set SMALL_CLAIMS_MAX_DOLLARS/);
});

test('the estimate is above what is spent, and told before', async (t) => {
  const { url } = await fakeEndpoint(t);
  const means = meansFor(url, { cap: 1 });
  const { text, rows } = await ask(means, 200);
  assert.equal(rows.length, 200);
  const estimate = Number(/tokens and \$([\d.]+)/.exec(text)?.[1]);
  assert.ok(
    means.budget.spent > 0.3 * estimate && means.budget.spent <= estimate,
    `${means.budget.spent} ${estimate}`,
  );
  const dollars = rows.reduce((sum, row) => sum + (row.promptTokens * 2.5 + 10) / 1e6, 0);
  assert.ok(Math.abs(means.budget.spent - dollars) < 1e-9, 'what is spent is what the tokens cost');
});

test('at the cap a run stops, and what came is kept and paid within it', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  const means = meansFor(url, { cap: 0.01 });
  const { rows, error } = await ask(means, 500);
  assert.ok(rows.length > 20 && rows.length < 500, `${rows.length}`);
  assert.equal(got.length, rows.length);
  assert.ok(means.budget.spent <= 0.01, `${means.budget.spent}`);
  assert.match(
    error,
    /\d+ of 500 rows came and are kept\n {2}It stopped: .* of the \$0\.01 allowed are spent/,
  );
});

test('a key that is refused, or an empty account, stops the run at once and is not repeated', async (t) => {
  for (const [status, code] of [
    [401, 'invalid_api_key'],
    [429, 'insufficient_quota'],
    [404, 'model_not_found'],
  ] as const) {
    const { url, got } = await fakeEndpoint(t, (_, response) => {
      json(response, status, {
        error: { code, message: `Incorrect API key provided: ${KEY.slice(0, 8)}*****6789.` },
      });
      return true;
    });
    const { error, rows } = await ask(meansFor(url, { concurrency: 4 }), 100);
    assert.equal(rows.length, 0);
    assert.ok(got.length <= 4, `${got.length} requests`);
    assert.match(error, new RegExp(`It stopped: HTTP ${status} ${code}`));
    assert.ok(!error.includes(KEY.slice(0, 8)));
  }
});

test('responses that are none from the first on stop the run before much is paid for them', async (t) => {
  const other = (got: Got) => ({ ...completionOf(got.body), model: 'gpt-4o-mini-2024-07-18' });
  for (const [body, reason] of [
    [other, /It stopped: malformed response: it is of gpt-4o-mini-2024-07-18, not of gpt-4o-2024-08-06/],
    [
      (got: Got) => ({ ...other(got), model: gpt4o.apiModel, choices: [{ message: {} }] }),
      /tells no log-probabilities/,
    ],
  ] as const) {
    const { url, got } = await fakeEndpoint(t, (seen, response) => {
      json(response, 200, body(seen));
      return true;
    });
    const { error, rows } = await ask(meansFor(url, { concurrency: 4 }), 100);
    assert.equal(rows.length, 0);
    assert.match(error, reason);
    assert.ok(got.length < 24, `${got.length} requests`);
  }
});

test('a wait of hours is not waited for', async (t) => {
  const { url } = await fakeEndpoint(t, (_, response) => {
    json(response, 429, { error: { code: 'rate_limit_exceeded' } }, { 'retry-after': '7200' });
    return true;
  });
  const { error } = await ask(meansFor(url, { concurrency: 1 }), 10);
  assert.match(error, /It stopped: the endpoint asks to wait for 120 minutes/);
});

test('a server of one’s own costs nothing that is known, and needs no leave', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  const means = { ...meansFor(url, { cap: 0 }), env: { OWN_SERVER: url, OPENAI_API_KEY: KEY } };
  const own = { ...gpt4o, server: 'vllm', endpoint: 'OWN_SERVER', apiModel: 'own' } as const;
  const { rows } = await ask(means, 5, own);
  assert.equal(rows.length, 5);
  assert.ok(
    got.every(({ authorization }) => authorization === 'Bearer none'),
    'a key for OpenAI is sent to OpenAI alone',
  );
});

test('what is missing is said: the key, the address, the price', async () => {
  const means = meansFor('http://127.0.0.1:9/v1');
  const needed = async (env: NodeJS.ProcessEnv, changes: Partial<typeof gpt4o>) =>
    (await ask({ ...means, env }, 1, { ...gpt4o, ...changes })).error;
  assert.match(
    await needed({}, {}),
    /GPT-4o needs a key, and OPENAI_API_KEY is not set\n.*SMALL_CLAIMS_MAX_DOLLARS/,
  );
  assert.match(await needed({}, { server: 'vllm' }), /OPENAI_BASE_URL does not say where/);
  assert.match(await needed({ OWN: 'me:secret@host' }, { endpoint: 'OWN' }), /OWN is no address/);
  assert.doesNotMatch(await needed({ OWN: 'me:secret@host' }, { endpoint: 'OWN' }), /secret/);
  assert.match(await needed({ OPENAI_API_KEY: KEY }, { apiModel: 'gpt-9' }), /price of gpt-9 is not known/);
});

test('a key or address that no request can carry is refused, and not repeated', async () => {
  const means = meansFor('http://127.0.0.1:9/v1');
  const refusal = async (env: NodeJS.ProcessEnv) =>
    (await ask({ ...means, env: { ...means.env, ...env } }, 1)).error;
  for (const spoilt of [`${KEY}\n${KEY}`, `“${KEY}”`, `${KEY} ${KEY}`]) {
    const error = await refusal({ OPENAI_API_KEY: spoilt });
    assert.match(error, /OPENAI_API_KEY is no key/);
    assert.ok(!error.includes(KEY), error);
  }
  const error = await refusal({ OPENAI_BASE_URL: 'http://me:S3cret@127.0.0.1:9/v1' });
  assert.match(error, /OPENAI_BASE_URL holds a user name or password/);
  assert.doesNotMatch(error, /S3cret/);
});

test('a line end after a key, as files have one, does no harm', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  const means = meansFor(url);
  const { rows } = await ask({ ...means, env: { ...means.env, OPENAI_API_KEY: `${KEY}\n` } }, 2);
  assert.equal(rows.length, 2);
  assert.ok(got.every(({ authorization }) => authorization === `Bearer ${KEY}`));
});

test('what may be spent is a number of dollars', () => {
  assert.equal(budgetOf({}).cap, 0);
  assert.equal(budgetOf({ SMALL_CLAIMS_MAX_DOLLARS: '2.50' }).cap, 2.5);
  for (const wrong of ['$2', '-1', 'Infinity']) {
    assert.throws(() => budgetOf({ SMALL_CLAIMS_MAX_DOLLARS: wrong }), /SMALL_CLAIMS_MAX_DOLLARS is/);
  }
  assert.deepEqual([0, 0.004, 1.005, 12].map(dollarText), ['$0.00', 'less than $0.01', '$1.00', '$12.00']);
});
