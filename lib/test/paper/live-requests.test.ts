import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { livePaper } from 'small-claims/paper/live';
import { projectPaths } from 'small-claims/project/paths';
import { randomStream } from 'small-claims/project/random';

/** A server of a paper that cannot be rendered: requests are answered all the same. */
async function served(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'live-'));
  const paths = projectPaths(root);
  for (const folder of [paths.paper, paths.executed, paths.notebooks]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(paths.executed, '01-a.html'), '<p>a notebook</p>');
  const live = await livePaper({ paths, port: 0, log: () => {}, tell: String });
  t.after(() => {
    live.close();
    rmSync(root, { recursive: true, force: true });
  });
  return { paths, live, port: Number(new URL(live.address).port) };
}

/** The first line of what is answered to these bytes; empty where the connection ends without. */
function ask(port: number, bytes: string | Uint8Array, patience = 2000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const end = () => {
      socket.destroy();
      resolve(answer.split('\r\n', 1)[0] ?? '');
    };
    socket.setTimeout(patience, end);
    socket.on('error', end).on('close', end);
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.includes('\r\n')) end();
    });
    socket.write(bytes);
  });
}

const host = (port: number) => `Host: localhost:${port}\r\n`;
const get = (path: string, port: number) => `GET ${path} HTTP/1.1\r\n${host(port)}\r\n`;

test('no path ends the server: each has a page, or is told that there is none', async (t) => {
  const { port } = await served(t);
  for (const path of [
    '//',
    '///',
    '//evil.example/x',
    '/%',
    '/%00',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/../../etc/passwd',
    '/build/notebooks/../../package.json',
    '/build/notebooks/..html',
    '/build/notebooks/x\\y.html',
    'http://[',
    'http://a:b:c/',
    '/?q=//',
    '/#/',
    '/\u00e9',
    `/${'a'.repeat(8000)}`,
    '/__proto__',
    '/constructor',
    '*',
    '/events?x',
    '/build/notebooks/none.html',
    '/paper.pdf/',
    '//paper.html',
  ]) {
    const answer = await ask(port, get(path, port));
    assert.match(answer, /^HTTP\/1\.1 (200|400|403|404)/, path);
  }
  assert.match(await ask(port, get('/build/notebooks/01-a.html', port)), / 200 /);
  assert.match(await ask(port, get('/', port)), / 200 /);
});

test('other methods are refused, and requests that are none', async (t) => {
  const { port } = await served(t);
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
    assert.match(
      await ask(port, `${method} / HTTP/1.1\r\n${host(port)}Content-Length: 3\r\n\r\nabc`),
      / 405 /,
    );
  }
  for (const bytes of [
    'GET / HTTP/9.9\r\n\r\n',
    'hello\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(5000)}\r\n`,
    `GET / HTTP/1.1\r\n${host(port)}Content-Length: -1\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host(port)}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `GET / HTTP/1.1\r\n${host(port)}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n`,
    'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    `GET / HTTP/1.1\r\n${host(port)}Expect: 200-never\r\n\r\n`,
  ]) {
    assert.doesNotMatch(await ask(port, bytes, 500), / 500 /);
  }
  assert.match(await ask(port, get('/', port)), / 200 /);
});

test('three hundred requests changed at random do not end the server', async (t) => {
  const { port } = await served(t);
  const random = randomStream('requests', 1);
  const whole = [
    get('/', port),
    get('/events', port),
    get('/build/notebooks/01-a.html', port),
    `POST / HTTP/1.1\r\n${host(port)}Content-Length: 2\r\n\r\nab`,
  ];
  const changed = Array.from({ length: 300 }, () => {
    const bytes = Buffer.from(whole[random.below(whole.length)] ?? '', 'latin1');
    for (let change = random.below(4); change >= 0; change -= 1)
      bytes[random.below(bytes.length)] = random.below(256);
    return bytes.subarray(0, random.below(4) === 0 ? random.below(bytes.length) : bytes.length);
  });
  for (let at = 0; at < changed.length; at += 50)
    await Promise.all(changed.slice(at, at + 50).map((bytes) => ask(port, bytes, 200)));
  assert.match(await ask(port, get('/', port)), / 200 /);
});

test('listeners that leave, come by hundreds, or whose folder goes do not end the server', async (t) => {
  const { paths, port } = await served(t);
  await Promise.all(Array.from({ length: 200 }, () => ask(port, get('/events', port), 500)));
  rmSync(paths.published, { recursive: true, force: true });
  rmSync(join(paths.executed, '01-a.html'));
  assert.match(await ask(port, get('/build/notebooks/01-a.html', port)), / 404 /);
  assert.match(await ask(port, get('/', port)), / 200 /);
});
