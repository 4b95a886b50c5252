import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { apiProject } from './api-project.js';
import { fakeEndpoint } from './fake-endpoint.js';
import { KEY } from './means.js';

const cli = join(dirname(createRequire(import.meta.url).resolve('small-claims')), 'pipeline', 'cli.js');

/** What `records` says in a project, and whether it is content. */
async function records(root: string, variables: Readonly<Record<string, string>>, ...texts: string[]) {
  const { OPENAI_API_KEY, SMALL_CLAIMS_MAX_DOLLARS, DATA_MIRROR, ...env } = process.env;
  const child = spawn(process.execPath, [cli, 'records', ...texts], {
    cwd: root,
    env: { ...env, STUDY: 'own', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => said.push(`${chunk}`));
  const [code] = await once(child, 'close');
  return { code, text: said.join('') };
}

test('records are made of the models that can be asked, and what the others want is said', async (t) => {
  const { url, got } = await fakeEndpoint(t);
  const { root } = apiProject();
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'small-claims-study' }));
  cpSync(join(projectPaths().root, 'requirements'), join(root, 'requirements'), { recursive: true });
  const server = { OPENAI_BASE_URL: url, TEST_SERVER: url };

  const without = await records(root, server);
  assert.equal(without.code, 1);
  assert.match(without.text, /GPT-4o needs a key, and OPENAI_API_KEY is not set/);
  assert.match(without.text, /own-vllm\/healthver-rows-test\S+: computed/);
  assert.match(without.text, /of the study’s records could not be made/);
  assert.ok(got.every(({ body }) => JSON.parse(body).model === 'org/model'));

  const unpaid = await records(root, { ...server, OPENAI_API_KEY: KEY });
  assert.equal(unpaid.code, 1);
  assert.match(
    unpaid.text,
    /gpt-4o\/healthver-rows-test\S+: 3 requests, at most about [\d,]+ tokens and less than/,
  );
  assert.match(unpaid.text, /own-vllm\/healthver-rows-test\S+: there already/);
  assert.ok(got.every(({ body }) => JSON.parse(body).model === 'org/model'));

  const paid = await records(root, { ...server, OPENAI_API_KEY: KEY, SMALL_CLAIMS_MAX_DOLLARS: '1' });
  assert.match(paid.text, /gpt-4o\/healthver-rows-test\S+: computed/);
  assert.match(paid.text, /gpt-5\/healthver-rows-test\S+: computed/);
  assert.match(paid.text, /spent less than \$0\.01/);
  for (const { text } of [without, unpaid, paid]) assert.ok(!text.includes(KEY));
});

test('only the runs whose names hold a text are made, and a text that none holds is refused', async (t) => {
  const { url } = await fakeEndpoint(t);
  const { root } = apiProject();
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'small-claims-study' }));
  const server = { OPENAI_BASE_URL: url, TEST_SERVER: url };

  const some = await records(root, server, 'own-vllm/healthver');
  assert.equal(some.code, 0, some.text);
  assert.match(some.text, /own-vllm\/healthver-rows-test\S+: computed/);
  assert.ok(!some.text.includes('gpt'), some.text);

  const none = await records(root, server, 'own-vllm', 'no-such-run');
  assert.equal(none.code, 1);
  assert.match(none.text, /no record of the study has "no-such-run" in its name/);
});
