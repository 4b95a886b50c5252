import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { errorText, UserError } from 'small-claims/project/error';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { openApiScorer } from 'small-claims/scoring/openai/scorer';
import { findPrompt } from 'small-claims/tasks/prompt';
import { completionOf } from './fake-endpoint.js';
import { examplesOf, gpt4o, meansFor, said } from './means.js';

const question = { prompt: findPrompt('true-false-unknown'), shots: [] };

/** An address on this machine where a server answers so, and the bodies that it was sent. */
async function serverOf(t: TestContext, answer: RequestListener) {
  const got: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      got.push(body);
      Object.assign(request, { sent: body });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}/v1`, got };
}

/** Asks about three examples; what came of it, within how many seconds. */
async function ask(url: string, options: Parameters<typeof meansFor>[1] = {}) {
  const means = meansFor(url, { attempts: 2, timeout: 3000, concurrency: 1, ...options });
  const rows: LabelScore[] = [];
  const place = { name: 'runs/servers', stem: join(means.paths.root, 'servers') };
  const started = performance.now();
  const { text, value: error } = await said(async () => {
    try {
      await openApiScorer(gpt4o, means).score(question, examplesOf(3), (row) => rows.push(row), place);
      return undefined;
    } catch (thrown) {
      return thrown;
    }
  });
  return { rows, error, text, seconds: (performance.now() - started) / 1000 };
}

function assertTold(error: unknown, message: RegExp): void {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, message);
  assert.doesNotMatch(errorText(error), /[^\P{C}\n]/u, 'no control character');
}

test('text is never sent to where an endpoint leads on: another host, or itself in a circle', async (t) => {
  const other = await serverOf(t, (_, response) => response.end('{}'));
  for (const status of [301, 302, 303, 307, 308]) {
    const { url } = await serverOf(t, (_, response) =>
      response.writeHead(status, { location: `${other.url}/chat/completions` }).end(),
    );
    const { error, rows } = await ask(url);
    assertTold(error, new RegExp(`HTTP ${status}: the endpoint leads to another address`));
    assert.equal(rows.length, 0);
  }
  assert.deepEqual(other.got, [], 'the other host was sent nothing');
  const circle = await serverOf(t, (request, response) =>
    response.writeHead(307, { location: request.url ?? '/' }).end(),
  );
  assertTold((await ask(circle.url)).error, /HTTP 307/);
  assert.equal(circle.got.length, 1);
});

test('an answer without end is cut off by its size, or by the time', async (t) => {
  const fast = await serverOf(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const piece = Buffer.alloc(2 ** 20, ' ');
    const more = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  const before = process.memoryUsage().rss;
  const ended = await ask(fast.url);
  assertTold(ended.error, /malformed response: it is longer than 16777216 bytes/);
  assert.ok(process.memoryUsage().rss - before < 500 * 2 ** 20);

  const slow = await serverOf(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
  });
  const late = await ask(slow.url, { timeout: 500 });
  assertTold(late.error, /no response in time/);
  assert.ok(late.seconds < 20, `${late.seconds} s`);
});

test('what goes wrong is told when it first does, and the rows that came are kept', async (t) => {
  let count = 0;
  const dying = await serverOf(t, (request, response) => {
    count += 1;
    if (count > 1) return void request.socket.destroy();
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(completionOf(String(Reflect.get(request, 'sent')))));
  });
  const { rows, error } = await ask(dying.url);
  assert.equal(rows.length, 1);
  assertTold(error, /1 of 3 rows came and are kept/);

  const { error: none, text } = await ask('http://127.0.0.1:9/v1');
  assertTold(none, /no connection/);
  assert.match(text, /runs\/servers: no connection; trying again, 2 times at most\n/);
  assert.equal(text.match(/no connection; trying/g)?.length, 1);

  const silent = createSocketServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.after(() => silent.close());
  const address = silent.address();
  assert.ok(address !== null && typeof address === 'object');
  const unanswered = await ask(`http://127.0.0.1:${address.port}/v1`, { timeout: 300 });
  assertTold(unanswered.error, /no response in time/);
  assert.ok(unanswered.seconds < 20);
});

test('no control character of an endpoint’s reaches the terminal or a record', async (t) => {
  const said = 'bad \x1b[2J\x07\u202e news';
  for (const answer of [
    { error: { message: said, code: said, type: said } },
    { another: 'model' },
    {
      choices: [{ finish_reason: 'x'.repeat(1000), message: { content: said } }],
      usage: { prompt_tokens: 1, completion_tokens: 1 },
    },
    said,
  ]) {
    const { url } = await serverOf(t, (request, response) => {
      response.writeHead('error' in Object(answer) ? 400 : 200, { 'content-type': 'application/json' });
      const whole = completionOf(String(Reflect.get(request, 'sent')));
      response.end(JSON.stringify('another' in Object(answer) ? { ...Object(whole), model: said } : answer));
    });
    const { error, rows, text } = await ask(url);
    assertTold(error, /0 of 3 rows came/);
    assert.deepEqual(rows, []);
    assert.doesNotMatch(text, /[^\P{C}\n]/u);
  }
});
