import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { TransformersModel } from 'small-claims/models/catalogue';
import { errorText, UserError } from 'small-claims/project/error';
import { runningProcess } from 'small-claims/project/process';
import { nothing } from 'small-claims/scoring/transformers/protocol';
import { transformersScorer } from 'small-claims/scoring/transformers/scorer';
import { sessionOf } from 'small-claims/scoring/transformers/session';
import { startWorker, type WorkerProgram } from 'small-claims/scoring/transformers/worker';
import { transformersWriter } from 'small-claims/scoring/transformers/writer';
import { findPrompt } from 'small-claims/tasks/prompt';
import { sleepClaims, studyPrompt } from '../examples.js';

const fake = (fault = 'none', instead: Partial<WorkerProgram> = {}): WorkerProgram => ({
  program: process.execPath,
  args: [fileURLToPath(new URL('./fake-worker.js', import.meta.url)), fault],
  ...instead,
});

const described: TransformersModel = {
  id: 'fake',
  title: 'Fake',
  provider: 'transformers',
  licence: 'none',
  parameters: '1',
  kind: 'decoder',
  files: {},
  dtype: 'auto',
  device: 'auto',
};

/** A session whose workers go wrong one after the other, each in its way. */
const session = (faults: readonly string[], kind: TransformersModel['kind'] = 'decoder', instead = {}) => {
  const left = [...faults];
  return sessionOf({ ...described, kind }, { do: 'load' }, () => startWorker(fake(left.shift(), instead)));
};

const question = { prompt: studyPrompt(), shots: [] };
const rows = sleepClaims.slice(0, 6);

/** What a worker that goes wrong after two rows leaves, and what is said of it. */
async function faulty(fault: string, instead = {}) {
  const opened = await session([fault, 'none'], 'decoder', instead);
  const scorer = transformersScorer(opened);
  const ids: string[] = [];
  const scoring = scorer.score(question, rows, ({ id }) => ids.push(id));
  const error = await scoring.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  return { error, ids, scorer };
}

test('a worker gives each row, and its logits are normalised as llama.cpp’s are', async () => {
  const scorer = transformersScorer(await session([]));
  assert.equal(scorer.device, 'cpu float32');
  const scores = new Map<string, unknown>();
  await scorer.score(question, rows, (score, milliseconds) => {
    assert.equal(milliseconds, 1.5);
    scores.set(score.id, score);
  });
  await scorer.dispose();
  assert.deepEqual(
    [...scores.keys()],
    rows.map(({ id }) => id),
  );
  // log softmax of 1, 2, 3; their share of the vocabulary is (e^-3 + e^-2 + e^-1) / 2.
  assert.deepEqual(scores.get(rows[0]?.id ?? ''), {
    id: rows[0]?.id,
    logprobs: [-2.407606, -1.407606, -0.407606],
    mass: 0.276501,
    promptTokens: 7,
  });
});

test('a head’s labels are those of the task by name, whatever their order, and a tagger’s spans are the answer', async () => {
  const scorer = transformersScorer(await session([], 'classifier'));
  const found: unknown[] = [];
  await scorer.score(question, rows.slice(0, 1), ({ logprobs, mass }) =>
    found.push(logprobs.map(Math.exp), mass),
  );
  await scorer.dispose();
  // Of 1, 6, 2 and 1 parts: SUPPORT, CONTRADICT, NEI among themselves, which hold nine tenths.
  const [shares, mass] = found;
  assert.ok(Array.isArray(shares));
  for (const [index, share] of [6 / 9, 2 / 9, 1 / 9].entries())
    assert.ok(Math.abs(shares[index] - share) < 1e-5);
  assert.equal(mass, 0.9);

  const diseases = findPrompt('diseases-by-line');
  const writer = transformersWriter(await session([], 'tagger'));
  const texts: unknown[] = [];
  const row = { id: '1', gold: [], keys: {}, texts: { text: 'Eating ginger.' } };
  await writer.write({ prompt: diseases, shots: [] }, [row], { maxTokens: 8, stop: [] }, (_, { answer }) =>
    texts.push(answer),
  );
  await writer.dispose();
  assert.deepEqual(texts, [[{ type: 'food', start: 7, end: 13 }]]);
});

test('a worker that is killed loses no row, says so in one sentence, and is started again when asked again', async () => {
  const { error, ids, scorer } = await faulty('killed');
  assert.deepEqual(
    ids,
    rows.slice(0, 2).map(({ id }) => id),
  );
  assert.match(
    error.message,
    /^the Python worker was ended by SIGKILL\n {2}What was finished is kept: run it again/,
  );
  await scorer.score(question, rows.slice(2), ({ id }) => ids.push(id));
  assert.deepEqual(
    ids,
    rows.map(({ id }) => id),
  );
  await scorer.dispose();
});

test('a worker that ends is told of with its last words, without what commands a terminal', async () => {
  const { error, ids } = await faulty('ends');
  assert.equal(ids.length, 2);
  assert.match(
    error.message,
    /ended with status 3:\nTraceback\nOSError: the \\u001b\[31mdisk\\u0007 is gone/,
  );
  assert.doesNotMatch(errorText(error), /(?!\n)\p{Cc}/u);
});

test('what is no part of the protocol ends a worker: other words, an endless line, a row without numbers', async () => {
  for (const [fault, said] of [
    ['garbage', /no part of its protocol: Loading checkpoint shards: \\u001b\[2K 50 %$/],
    ['endless', /said a line that does not end$/],
    ['no number', /no part of its protocol: \{"id":"2","logits":\["NaN"\]/],
    ['another row', /no part of its protocol: \{"id":"2"\}$/],
  ] as const) {
    const { error, ids, scorer } = await faulty(fault);
    assert.match(error.message, said, fault);
    assert.equal(ids.length, 2, fault);
    await scorer.dispose();
  }
});

test('an error of Python’s is told in its words, shortened, and the worker goes on', async () => {
  const { error, scorer } = await faulty('refuses');
  assert.match(error.message, /^the Python worker: no memory\\u001b\[31m x+ … \(\d,\d{3} characters\) … x+$/);
  const ids: string[] = [];
  await scorer.score(question, rows.slice(0, 2), ({ id }) => ids.push(id));
  assert.equal(ids.length, 2);
  await scorer.dispose();
  await assert.rejects(session(['loads nothing']), /the Python worker: no such model\n {2}Take another\./);
});

test('a worker without a sign of life is given up', async () => {
  const { error, ids } = await faulty('silent', { silence: 400 });
  assert.equal(ids.length, 2);
  assert.match(error.message, /has said nothing for 0 seconds/);
});

test('a program that is not there is named, and an error of the one who keeps rows ends the call', async () => {
  await assert.rejects(
    sessionOf(described, { do: 'load' }, () => startWorker(fake('none', { program: '/no/such/python' }))),
    /the Python worker cannot be started: spawn \/no\/such\/python ENOENT/,
  );
  const scorer = transformersScorer(await session([]));
  const full = () => {
    throw new Error('the disk is full');
  };
  await assert.rejects(scorer.score(question, rows, full), /the disk is full/);
  await scorer.dispose();
});

test('a worker that is stopped is gone', async () => {
  const worker = startWorker(fake());
  await worker.ask({ do: 'load' }, nothing, () => {});
  const { pid } = worker;
  assert.ok(pid !== undefined && runningProcess(pid));
  await worker.stop();
  assert.equal(runningProcess(pid), undefined);
  await assert.rejects(
    worker.ask({ do: 'load' }, nothing, () => {}),
    /was stopped/,
  );
});
