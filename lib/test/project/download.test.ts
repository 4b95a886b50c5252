import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sha256 } from 'small-claims/project/digest';
import { fetchVerified, NoSourceError } from 'small-claims/project/download';

const folder = mkdtempSync(join(tmpdir(), 'small-claims-download-'));
const content = Buffer.from('claims and evidence, '.repeat(5000));
const pinned = sha256(content);
const quick = { fetch: globalThis.fetch, pause: async () => {} };

let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
let ranges: (string | undefined)[] = [];
const server = createServer((request, response) => {
  ranges.push(request.headers.range);
  answer(request, response);
});
let url = '';
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${portOf(server.address())}/release`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function portOf(address: AddressInfo | string | null): number {
  return address !== null && typeof address === 'object' ? address.port : assert.fail('no port');
}

/** Serves `body` and honours Range; each request is cut off after `most` bytes, once they are in the file `part`. */
function serve(body: Buffer, most = body.length, part = '') {
  const kept = () => statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  ranges = [];
  answer = (request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from >= body.length) {
      response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
      return;
    }
    const rest = body.subarray(from);
    const range = { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` };
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length, ...(from > 0 && range) });
    const cutOff = () => {
      if (kept() < from + most) setTimeout(cutOff, 5);
      else response.destroy();
    };
    if (rest.length > most) response.write(rest.subarray(0, most), cutOff);
    else response.end(rest);
  };
}

let made = 0;
const newDestination = () => join(folder, `target-${made++}`, 'release.bin');

function begin(destination: string, part: Buffer) {
  mkdirSync(join(destination, '..'), { recursive: true });
  writeFileSync(`${destination}.part`, part);
}

test('the first source that has the file gives it, and later ones are not asked', async () => {
  serve(content);
  const local = join(folder, 'local.bin');
  writeFileSync(local, content);
  const destination = newDestination();
  const file = await fetchVerified({
    sources: [join(folder, 'absent'), local, url],
    sha256: pinned,
    destination,
    title: 'release',
  });
  assert.deepEqual(file, { path: destination, sha256: pinned, source: local });
  assert.deepEqual(readFileSync(destination), content);
  assert.equal(ranges.length, 0);
  assert.ok(!existsSync(`${destination}.part`) && !existsSync(`${destination}.lock`));
});

test('a folder as source gives its file of the same name', async () => {
  const mirror = join(folder, 'mirror');
  mkdirSync(mirror);
  writeFileSync(join(mirror, 'release.bin'), content);
  const file = await fetchVerified({
    sources: [mirror],
    sha256: pinned,
    destination: newDestination(),
    title: 'release',
  });
  assert.equal(file.source, mirror);
});

test('a source with another hash is passed over, and the error says expected, found and where', async () => {
  serve(content);
  const local = join(folder, 'stale.bin');
  writeFileSync(local, 'older release');
  const good = await fetchVerified(
    { sources: [local, url], sha256: pinned, destination: newDestination(), title: 'release' },
    quick,
  );
  assert.equal(good.source, url);

  const destination = newDestination();
  await assert.rejects(
    fetchVerified({ sources: [local], sha256: pinned, destination, title: 'the release' }, quick),
    (error: Error) =>
      error.name === 'UserError' &&
      error.message.includes('the release could not be had') &&
      error.message.includes(`${local}: sha256 is ${sha256('older release')}, expected ${pinned}`),
  );
  assert.ok(!existsSync(destination) && !existsSync(`${destination}.part`));
});

test('a file already there is verified and never replaced', async () => {
  const destination = newDestination();
  begin(destination, Buffer.of());
  writeFileSync(destination, 'mine');
  const download = { sources: [url], sha256: pinned, destination, title: 'release' };
  await assert.rejects(fetchVerified(download, quick), /another content.*\n.*Remove the file/s);
  assert.equal(readFileSync(destination, 'utf8'), 'mine');
  assert.equal((await fetchVerified({ ...download, sha256: sha256('mine') })).source, undefined);
});

test('a connection that drops is resumed where it stopped', async () => {
  const destination = newDestination();
  serve(content, 40_000, `${destination}.part`);
  const file = await fetchVerified({ sources: [url], sha256: pinned, destination, title: 'release' }, quick);
  assert.equal(file.sha256, pinned);
  assert.deepEqual(ranges, [undefined, 'bytes=40000-', 'bytes=80000-']);
});

test('a download killed earlier goes on from its part file', async () => {
  serve(content);
  const destination = newDestination();
  begin(destination, content.subarray(0, 1234));
  await fetchVerified({ sources: [url], sha256: pinned, destination, title: 'release' }, quick);
  assert.deepEqual(ranges, ['bytes=1234-']);
});

test('a part that was already whole needs no more bytes', async () => {
  serve(content);
  const destination = newDestination();
  begin(destination, content);
  assert.equal(
    (await fetchVerified({ sources: [url], sha256: pinned, destination, title: 'release' }, quick)).sha256,
    pinned,
  );
});

test('a part of another version is noticed and fetched again from the beginning', async () => {
  serve(content);
  const destination = newDestination();
  begin(destination, Buffer.from('something else'));
  await fetchVerified({ sources: [url], sha256: pinned, destination, title: 'release' }, quick);
  assert.deepEqual(ranges, ['bytes=14-', undefined]);
  assert.deepEqual(readFileSync(destination), content);
});

test('a server that ignores ranges starts over', async () => {
  answer = (_request, response) => response.end(content);
  const destination = newDestination();
  begin(destination, content.subarray(0, 50));
  await fetchVerified({ sources: [url], sha256: pinned, destination, title: 'release' }, quick);
  assert.deepEqual(readFileSync(destination), content);
});

test('without a pin nothing is resumed, and the hash is returned to be pinned', async () => {
  serve(content);
  const destination = newDestination();
  begin(destination, content.subarray(0, 1234));
  const file = await fetchVerified({ sources: [url], sha256: undefined, destination, title: 'model' }, quick);
  assert.deepEqual([file.sha256, ranges], [pinned, [undefined]]);
});

test('a server in trouble is asked again; a missing file is not', async () => {
  let asked = 0;
  answer = (_request, response) => {
    if (++asked < 3) response.writeHead(503).end();
    else response.end(content);
  };
  await fetchVerified(
    { sources: [url], sha256: pinned, destination: newDestination(), title: 'release' },
    quick,
  );
  assert.equal(asked, 3);

  asked = 0;
  answer = (_request, response) => {
    asked++;
    response.writeHead(404, 'Not Found').end();
  };
  await assert.rejects(
    fetchVerified({ sources: [url], sha256: pinned, destination: newDestination(), title: 'release' }, quick),
    /HTTP 404 Not Found/,
  );
  assert.equal(asked, 1);
});

test('a server that is not there is an error at once, and one that keeps failing after four attempts', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const gone = `http://127.0.0.1:${portOf(closed.address())}/release`;
  closed.close();
  answer = (_request, response) => response.writeHead(500).end();
  const sources = [gone, url];
  await assert.rejects(
    fetchVerified({ sources, sha256: pinned, destination: newDestination(), title: 'release' }, quick),
    (error: unknown) => {
      assert.ok(error instanceof NoSourceError);
      assert.match(error.failures[0] ?? '', /release: fetch failed: connect ECONNREFUSED 127\.0\.0\.1:\d+$/);
      assert.match(error.failures[1] ?? '', /HTTP 500 Internal Server Error \(4 attempts\)$/);
      return true;
    },
  );
});

test('of two that want the same file at once, one downloads', async () => {
  serve(content);
  const destination = newDestination();
  const wanted = { sources: [url], sha256: pinned, destination, title: 'release' };
  const files = await Promise.all([fetchVerified(wanted, quick), fetchVerified(wanted, quick)]);
  assert.deepEqual(files.map(({ source }) => source).sort(), [url, undefined]);
  assert.equal(ranges.length, 1);
});
