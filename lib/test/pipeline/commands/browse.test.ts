import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { CLI } from '../scratch-project.js';

const { root, build } = projectPaths();
const page = join(build, 'browse', 'scifact-rationales-dev.html');
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [CLI, 'browse', ...args], { cwd: root, encoding: 'utf8', env });
const { DATA_MIRROR: _mirror, ...here } = process.env;
const env = { ...here, STUDY: 'small' };

/** What the page's script reads. */
function rowsIn(file: string) {
  const [, json = ''] =
    /<script type="application\/json" id="rows">(.*?)<\/script>/s.exec(readFileSync(file, 'utf8')) ?? [];
  const data: {
    readonly rows: readonly { readonly answers: readonly ({ readonly right: boolean } | null)[] }[];
    readonly systems: readonly { readonly name: string; readonly isFloor: boolean }[];
    readonly facets: readonly { readonly title: string }[];
  } = JSON.parse(json);
  return data;
}

test('small-claims browse writes a page of what is recorded, without data or models', () => {
  rmSync(page, { force: true });
  const { status, stdout, stderr } = run('--no-serve', 'scifact/rationales/dev', '8-shot');
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^build\/browse\/scifact-rationales-dev\.html: 450 rows, \d+ systems and floors\n$/);
  const { rows, systems, facets } = rowsIn(page);
  assert.deepEqual(
    systems.filter(({ isFloor }) => !isFloor).map(({ name }) => name),
    ['SmolLM2-135M-Instruct, 8-shot, seed 1'],
  );
  const emptiness = systems.findIndex(({ name }) => name === 'Emptiness');
  // What the paper publishes as the rule's accuracy, 72.9.
  const right = rows.filter(({ answers }) => answers[emptiness]?.right).length;
  assert.equal((100 * right) / rows.length, 72.88888888888889);
  assert.ok(facets.some(({ title }) => title === 'Shared with scifact/rationales/train'));
});

test('a name that no run has is told, with the nearest', () => {
  const { status, stderr } = run('--no-serve', 'scifact/rationale/dev');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /no run of the study has "scifact\/rationale\/dev" in its name\n {2}The nearest is "scifact\/rationales\/dev"/,
  );
});

test('the page is served to this machine until Ctrl-C', async (t) => {
  const child = spawn(
    process.execPath,
    [CLI, 'browse', 'scifact/nei-random/dev', '8-shot', '--port', '43221'],
    { cwd: root, env },
  );
  t.after(() => child.kill());
  for await (const line of createInterface({ input: child.stderr })) {
    const [, address] = /open (\S+)/.exec(line) ?? [];
    if (address === undefined) continue;
    const answer = await fetch(address);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /<title>SciFact, NEI rebuilt: scifact\/nei-random\/dev<\/title>/);
    break;
  }
  child.kill('SIGINT');
  const [code] = await new Promise<[number | null]>((resolve) =>
    child.once('close', (status) => resolve([status])),
  );
  assert.equal(code, 130);
});
