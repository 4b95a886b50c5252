import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { livePaper } from 'small-claims/paper/live';
import { fixturePaper, paperProject, removeProject } from './project.js';

/** The events of a stream, one at a time. */
async function* eventsOf(
  address: string,
  signal: AbortSignal,
): AsyncGenerator<{ event: string; data: string }> {
  const { body } = await fetch(`${address}events`, { signal });
  let text = '';
  for await (const chunk of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
      const lines = text.slice(0, at).split('\n');
      text = text.slice(at + 2);
      const [first = '', ...data] = lines;
      yield {
        event: first.replace('event: ', ''),
        data: data.map((line) => line.slice('data: '.length)).join('\n'),
      };
    }
  }
}

test('a saved text is rendered to every browser, then to both files; an error is told and the last page kept', async (t) => {
  const paths = await paperProject();
  const live = await livePaper({ paths, port: 0, log: () => {}, tell: (error) => String(error) });
  const ended = new AbortController();
  t.after(() => {
    ended.abort();
    live.close();
    removeProject(paths);
  });
  const events = eventsOf(live.address, ended.signal);
  const next = async (wanted: string) => {
    for (;;) {
      const { value } = await events.next();
      if (value.event === wanted) return value.data;
    }
  };
  const page = async () => (await fetch(live.address)).text();
  const save = (text: string) => writeFileSync(join(paths.paper, 'paper.md'), text);
  assert.equal(await next('problem'), '');
  assert.match(await page(), /A small paper on/);

  save(fixturePaper.replace('Claims are checked', 'Claims are newly checked'));
  await next('changed');
  assert.match(await page(), /Claims are newly checked/);
  await next('written');
  const file = readFileSync(join(paths.paper, 'paper.html'), 'utf8');
  assert.match(file, /Claims are newly checked/);
  assert.doesNotMatch(file, /<script/, 'the script is in the served page alone');
  assert.match(readFileSync(join(paths.paper, 'paper.pdf'), 'latin1'), /^%PDF/);

  save(fixturePaper.replace('{{rule-accuracy ci}}', '{{rule-acuracy ci}}'));
  assert.match(await next('problem'), /"rule-acuracy"/);
  assert.match(await page(), /Claims are newly checked/);

  save(fixturePaper);
  await next('changed');
  assert.doesNotMatch(await page(), /newly/);

  const value = join(paths.published, '04-artifact', 'values', 'rule-accuracy.json');
  writeFileSync(value, readFileSync(value, 'utf8').replace('"72.9"', '"73.0"'));
  // The runner puts a notebook's whole folder in place of the old.
  writeFileSync(join(paths.published, 'touched'), '');
  await next('changed');
  assert.match(await page(), /73\.0/);
});

test('the server answers this machine by its own name, and for the paper alone', async (t) => {
  const paths = await paperProject();
  const live = await livePaper({ paths, port: 0, log: () => {}, tell: String });
  t.after(() => {
    live.close();
    removeProject(paths);
  });
  const status = (path: string, host?: string) =>
    new Promise((resolve) => {
      request(`${live.address}${path}`, { ...(host && { headers: { host } }) }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
  assert.equal(await status(''), 200);
  assert.equal(await status('', 'evil.example'), 403);
  assert.equal(await status('package.json'), 404);
  assert.equal(await status('build/notebooks/..%2F..%2Fpackage.json'), 404);
});
