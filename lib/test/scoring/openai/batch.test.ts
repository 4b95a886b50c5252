import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { UserError } from 'small-claims/project/error';
import type { LabelScore } from 'small-claims/scoring/label-score';
import type { ApiMeans } from 'small-claims/scoring/openai/asking';
import { openApiScorer } from 'small-claims/scoring/openai/scorer';
import { findPrompt } from 'small-claims/tasks/prompt';
import { temporaryFolder } from '../../datasets/fixture.js';
import { answered, fakeBatches } from './fake-batches.js';
import { completionOf, fakeEndpoint } from './fake-endpoint.js';
import { examplesOf, fastClock, gpt4o, KEY, meansFor, said } from './means.js';

const question = { prompt: findPrompt('true-false-unknown'), shots: [] };
const examples = examplesOf(12);

/** A run that several attempts share: its place on disk, and the rows it has. */
function run() {
  const stem = join(temporaryFolder('batch'), 'run');
  const rows = new Map<string, LabelScore>();
  const attempt = (means: ApiMeans) =>
    said(() =>
      openApiScorer(gpt4o, means).score(
        question,
        examples.filter(({ id }) => !rows.has(id)),
        (row) => {
          assert.ok(!rows.has(row.id), `${row.id} is scored twice`);
          rows.set(row.id, row);
        },
        { name: 'runs/batch', stem },
      ),
    );
  return { rows, attempt, stateFile: `${stem}.batch.json` };
}

/** Means whose process is killed at its `look`th sleep between two looks. */
function killed(url: string, look: number): ApiMeans {
  const clock = fastClock();
  let looks = 0;
  const sleep = async (milliseconds: number) => {
    if (++looks === look) throw new Error('killed');
    await clock.sleep(milliseconds);
  };
  return meansFor(url, { batch: true, clock: { now: clock.now, sleep } });
}

const endpoint = (t: TestContext, batches: ReturnType<typeof fakeBatches>) => fakeEndpoint(t, batches.handle);

test('a batch gives the rows that single requests give, for half the price, and costs nothing more', async (t) => {
  const single = run();
  const direct = meansFor((await fakeEndpoint(t)).url);
  await single.attempt(direct);

  const batches = fakeBatches();
  const { url } = await endpoint(t, batches);
  const means = meansFor(url, { batch: true });
  const { rows, attempt, stateFile } = run();
  const { text } = await attempt(means);
  assert.deepEqual(rows, single.rows);
  assert.equal(batches.batches.length, 1);
  assert.ok(Math.abs(means.budget.spent - direct.budget.spent / 2) < 1e-9, `${means.budget.spent}`);
  assert.match(text, /12 requests by batch, at most about [\d,]+ tokens and less than \$0\.01/);
  assert.equal(existsSync(stateFile), false);
});

test('a process killed while it waits leaves the batch to the next one, which submits none of its own', async (t) => {
  const batches = fakeBatches();
  const { url } = await endpoint(t, batches);
  const { rows, attempt, stateFile } = run();
  await assert.rejects(attempt(killed(url, 1)), /killed/);
  assert.ok(existsSync(stateFile));
  // The next one is not told of batches, and may spend nothing: the batch is paid for.
  const means = meansFor(url, { cap: 0 });
  await attempt(means);
  assert.equal(rows.size, examples.length);
  assert.equal(batches.batches.length, 1);
  assert.ok(means.budget.spent > 0, 'what it cost is told all the same');
});

test('a batch created just before a kill, whose id nobody has written down, is found again', async (t) => {
  let cut = true;
  const batches = fakeBatches({
    atCreate(response) {
      if (cut) response.destroy();
      return cut;
    },
  });
  const { url } = await endpoint(t, batches);
  const { rows, attempt } = run();
  await assert.rejects(attempt(meansFor(url, { batch: true })), /runs\/batch: no connection[\s\S]*run again/);
  cut = false;
  await attempt(meansFor(url, { batch: true }));
  assert.equal(rows.size, examples.length);
  assert.equal(batches.batches.length, 1);
});

test('requests that a batch does not answer are failed with their reason, and asked again by the next one', async (t) => {
  let healthy = false;
  const batches = fakeBatches({
    status: 'expired',
    answer(id, body) {
      const completion = completionOf(JSON.stringify(body));
      const response = (status_code: number, told: object) => ({
        custom_id: id,
        response: { status_code, body: told },
      });
      if (healthy) return response(200, completion);
      if (id === 'row-1') return undefined;
      if (id === 'row-2') return { custom_id: id, response: null, error: { code: 'batch_expired' } };
      if (id === 'row-3') return response(500, { error: { message: `failed on ${KEY}` } });
      if (id === 'row-4') return response(200, { choices: [] });
      if (id === 'row-5')
        return response(400, { error: { code: 'content_policy_violation', message: 'no' } });
      return response(200, completion);
    },
  });
  const { url } = await endpoint(t, batches);
  const { rows, attempt } = run();
  await assert.rejects(attempt(meansFor(url, { batch: true })), (error: Error) => {
    assert.match(error.message, /8 of 12 rows came and are kept/);
    assert.match(error.message, /1 × the batch is expired, without an answer to it \(first: row-1\)/);
    assert.match(error.message, /1 × batch: batch_expired/);
    assert.match(error.message, /1 × HTTP 500/);
    assert.match(error.message, /1 × malformed response: its choices/);
    assert.ok(!error.message.includes(KEY));
    return true;
  });
  assert.deepEqual(rows.get('row-5'), {
    id: 'row-5',
    logprobs: [-1.098612, -1.098612, -1.098612],
    mass: 0,
    bounded: ['SUPPORT', 'CONTRADICT', 'NEI'],
    promptTokens: 0,
    completionTokens: 0,
    refused: true,
  });
  healthy = true;
  await attempt(meansFor(url, { batch: true }));
  assert.equal(rows.size, examples.length);
});

test('money put aside for a batch that is refused at once is free again, and another batch can be made', async (t) => {
  for (const path of ['/v1/files', '/v1/batches']) {
    let refuse = true;
    const batches = fakeBatches();
    const { url } = await fakeEndpoint(t, (got, response) => {
      if (!refuse || got.path !== path || got.body === '') return batches.handle(got, response);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error": {"message": "no"}}');
      return true;
    });
    const { rows, attempt, stateFile } = run();
    // Enough for one batch, not for two.
    const means = meansFor(url, { batch: true, cap: 0.003 });
    const { left } = means.budget;
    await assert.rejects(attempt(means));
    assert.ok(Math.abs(means.budget.left - left) < 1e-12, `${path}: ${means.budget.left}`);
    assert.equal(existsSync(stateFile), false);
    refuse = false;
    await attempt(means);
    assert.equal(rows.size, examples.length);
  }
});

test('a note of a batch that was never created stands for no money: the next process puts aside its own', async (t) => {
  const batches = fakeBatches();
  const { url } = await endpoint(t, batches);
  const { attempt, stateFile } = run();
  mkdirSync(dirname(stateFile), { recursive: true });
  writeFileSync(stateFile, JSON.stringify({ mark: 'lost', ids: examples.map(({ id }) => id) }));
  const means = meansFor(url, { batch: true, cap: 0 });
  await assert.rejects(attempt(means), /do not pay for one request/);
  assert.equal(batches.batches.length, 0);
});

test('a batch that is refused says why', async (t) => {
  const batches = fakeBatches({ status: 'failed', answer: () => undefined });
  const { url } = await endpoint(t, batches);
  await assert.rejects(
    run().attempt(meansFor(url, { batch: true })),
    /failed \(the file is not as it should be\)/,
  );
});

test('of a batch no more is submitted than the budget covers', async (t) => {
  const batches = fakeBatches();
  const { url } = await endpoint(t, batches);
  const { rows, attempt } = run();
  const means = meansFor(url, { batch: true, cap: 0.0006 });
  await assert.rejects(attempt(means), /requests are left, not covered by/);
  assert.ok(rows.size > 0 && rows.size < examples.length, `${rows.size}`);
  assert.ok(means.budget.spent <= 0.0006);
});

test('money put down for requests that a batch leaves unanswered is free again', async (t) => {
  const one = fakeBatches();
  const whole = meansFor((await endpoint(t, one)).url, { batch: true });
  await run().attempt(whole);
  const each = whole.budget.spent / examples.length;

  const batches = fakeBatches({
    status: 'expired',
    answer: (id, body) => (id === 'row-7' ? answered(id, body) : undefined),
  });
  const means = meansFor((await endpoint(t, batches)).url, { batch: true });
  await assert.rejects(run().attempt(means), /1 of 12 rows came/);
  assert.ok(Math.abs(means.budget.spent - each) < each / 2, `${means.budget.spent}, a row costs ${each}`);

  const refused = meansFor(
    (await endpoint(t, fakeBatches({ status: 'failed', answer: () => undefined }))).url,
    { batch: true },
  );
  await assert.rejects(run().attempt(refused), /0 of 12 rows came/);
  assert.ok(Math.abs(refused.budget.spent) < 1e-12, `${refused.budget.spent}`);
});

test('a malformed line of a batch’s file costs its own row alone, which says why, and counts as paid', async (t) => {
  const batches = fakeBatches({
    answer(id, body) {
      if (id === 'row-2') return { custom_id: id, response: { status_code: 'fine', body: {} } };
      if (id === 'row-3') return '{"custom_id": "row-3", "respo';
      return answered(id, body);
    },
  });
  const { url } = await endpoint(t, batches);
  const means = meansFor(url, { batch: true });
  const { rows, attempt, stateFile } = run();
  await assert.rejects(attempt(means), (error: Error) => {
    assert.match(error.message, /10 of 12 rows came and are kept/);
    assert.match(
      error.message,
      /1 × malformed line in the batch’s file: its response\.status_code is not as it should be \(first: row-2\)/,
    );
    assert.match(
      error.message,
      /1 × the batch is completed, without an answer to it; 1 lines of its files cannot be read \(first: row-3\)/,
    );
    return true;
  });
  assert.equal(rows.size, 10);
  assert.equal(existsSync(stateFile), false);
  const good = meansFor((await endpoint(t, fakeBatches())).url, { batch: true });
  await run().attempt(good);
  assert.ok(means.budget.spent > good.budget.spent, 'put down for what may have been answered');
});

test('of requests without an answer, as many count as paid as there are lines that cannot be read', async (t) => {
  const spent = async (torn: (id: string) => boolean) => {
    const batches = fakeBatches({
      status: 'expired',
      answer: (id) => (torn(id) ? '{"custom_id": "row' : undefined),
    });
    const means = meansFor((await endpoint(t, batches)).url, { batch: true });
    await assert.rejects(run().attempt(means), /0 of 12 rows came/);
    return means.budget.spent;
  };
  const [one, all] = [await spent((id) => id === 'row-5'), await spent(() => true)];
  assert.ok(one >= all / 12 - 1e-12 && one < all / 6, `${one} of ${all}`);
});

test('a damaged note of the batch under way is said, with its file, and nothing is submitted', async (t) => {
  const batches = fakeBatches();
  const { url } = await endpoint(t, batches);
  for (const text of ['{"mark": "a", "id', '{"mark": "a"}']) {
    const { attempt, stateFile } = run();
    mkdirSync(dirname(stateFile), { recursive: true });
    writeFileSync(stateFile, text);
    await assert.rejects(attempt(meansFor(url, { batch: true })), (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.at.file, stateFile);
      assert.match(error.message, /is damaged[\s\S]*remove it to ask again/);
      return true;
    });
  }
  assert.equal(batches.batches.length, 0);
});
