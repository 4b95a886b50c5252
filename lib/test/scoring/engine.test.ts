import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { DONE, engineFolder, engineOptions } from 'small-claims/scoring/llama/engine';
import { buildEngine } from 'small-claims/scoring/llama/engine-build';
import { bindingFolder } from 'small-claims/scoring/llama/release';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { temporaryFolder } from '../datasets/fixture.js';
import { GIT, machine, POSIX, wants } from './build-machine.js';
import { sleepClaims, studyPrompt } from './examples.js';
import { modelFile } from './model.js';
import { environment, said } from './openai/means.js';

const links = () => {
  const folder = join(bindingFolder(), 'localBuilds');
  return existsSync(folder) ? readdirSync(folder).sort() : [];
};

test('without a build, what node-llama-cpp brings is asked for, unless the engine is insisted on', (t) => {
  const paths = { ...projectPaths(), llamaTools: temporaryFolder('tools') };
  environment(t, { SMALL_CLAIMS_ENGINE: undefined });
  assert.deepEqual(engineOptions(paths), {});
  process.env['SMALL_CLAIMS_ENGINE'] = 'native';
  assert.throws(() => engineOptions(paths), wants(/no engine has been built[\s\S]*make engine/));
  process.env['SMALL_CLAIMS_ENGINE'] = 'fastest';
  assert.throws(
    () => engineOptions(paths),
    wants(/SMALL_CLAIMS_ENGINE is "fastest"[\s\S]*native or prebuilt/),
  );
});

test('a build is used once it is whole, and not where the one that node-llama-cpp brings is asked for', (t) => {
  const paths = { ...projectPaths(), llamaTools: temporaryFolder('tools') };
  environment(t, { SMALL_CLAIMS_ENGINE: undefined });
  const before = links();
  t.after(() => {
    for (const name of links().filter((each) => !before.includes(each)))
      rmSync(join(bindingFolder(), 'localBuilds', name));
  });
  const folder = engineFolder(paths);
  mkdirSync(folder, { recursive: true });
  assert.deepEqual(engineOptions(paths), {});
  writeFileSync(join(folder, DONE), '');
  const used = { cmakeOptions: { SMALL_CLAIMS_ENGINE: folder } };
  assert.deepEqual(engineOptions(paths), used);
  assert.equal(links().length, before.length + 1);
  assert.deepEqual(engineOptions(paths), used);
  process.env['SMALL_CLAIMS_ENGINE'] = 'prebuilt';
  assert.deepEqual(engineOptions(paths), {});
});

test('what is missing to build the engine with is named', POSIX, async (t) => {
  const { paths, put } = machine(t);
  await assert.rejects(
    buildEngine(paths),
    wants(/^cmake is needed to build llama\.cpp and was not found: https/),
  );
  put('cmake', 'exit 0');
  await assert.rejects(buildEngine(paths), wants(/a C\+\+ compiler is needed/));
  put('c++', 'exit 0');
  await assert.rejects(buildEngine(paths), wants(/^git is needed/));
});

test('a build that fails, or that node-llama-cpp does not load, is not taken for one', POSIX, async (t) => {
  const before = links();
  t.after(() => {
    for (const name of links().filter((each) => !before.includes(each)))
      rmSync(join(bindingFolder(), 'localBuilds', name));
  });
  const { paths, put } = machine(t, { git: GIT, 'c++': 'exit 0' });
  environment(t, { SMALL_CLAIMS_ENGINE: undefined });
  put('cmake', '[ "$1" = --version ] && exit 0\necho "no such generator" >&2\nexit 1');
  await said(() =>
    assert.rejects(
      buildEngine(paths),
      wants(/configuring llama\.cpp failed:[\s\S]*no such generator[\s\S]*make engine again/),
    ),
  );
  put('cmake', '[ "$1" = --build ] || exit 0\n/bin/mkdir -p "$2"\necho none > "$2/llama-addon.node"');
  const { text } = await said(() => assert.rejects(buildEngine(paths), wants(/does not load it/)));
  assert.doesNotMatch(text, /another process/);
  assert.ok(!existsSync(join(engineFolder(paths), DONE)));
  assert.deepEqual(engineOptions(paths), {});
});

test('the engine built here scores as the one that node-llama-cpp brings, but for the last digits', async (t) => {
  const path = await modelFile(t);
  if (path === undefined) return;
  if (!existsSync(join(engineFolder(), DONE))) return t.skip('needs make engine');
  const scored = async (engine: string) => {
    environment(t, { SMALL_CLAIMS_ENGINE: engine });
    const scorer = await openLlamaScorer(path, { threads: 1 });
    const found = new Map<string, readonly number[]>();
    await scorer.score({ prompt: studyPrompt(), shots: [] }, sleepClaims, ({ id, logprobs }) =>
      found.set(id, logprobs),
    );
    await scorer.dispose();
    return { found, device: scorer.device };
  };
  const [native, prebuilt] = [await scored('native'), await scored('prebuilt')];
  assert.equal(native.device, `${prebuilt.device}, native build`);
  assert.equal(native.found.size, sleepClaims.length);
  for (const [id, logprobs] of native.found)
    for (const [label, logprob] of logprobs.entries()) {
      const other = prebuilt.found.get(id)?.[label] ?? Number.NaN;
      // The test's model is in four bits: see the compute format for what 32 make of it.
      assert.ok(Math.abs(logprob - other) < 1, `${id}: ${logprob} and ${other}`);
    }
});
