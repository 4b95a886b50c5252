import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { findGguf, findModel, readModels } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { pinModel } from 'small-claims/models/pin';
import { sha256 } from 'small-claims/project/digest';
import { withLock } from 'small-claims/project/lock';
import { projectPaths } from 'small-claims/project/paths';

const weights = 'not really a model';
const entry = (lines: readonly string[]) =>
  [
    'tiny:',
    '  title: Tiny',
    '  provider: gguf',
    '  parameters: 1M',
    '  quantisation: F32',
    '  licence: MIT',
    ...lines,
    '',
  ].join('\n');
const FILE = ['  file: tiny.gguf', '  sources: [{ hub: nobody/nothing }]'];

/** A project with one model, whose file lies in MODELS_DIR; no hub answers. */
function project(t: TestContext, yaml: string) {
  const root = mkdtempSync(join(tmpdir(), 'models-'));
  const before = { ...process.env };
  process.env['SMALL_CLAIMS_CACHE'] = join(root, 'cache');
  process.env['MODELS_DIR'] = join(root, 'models');
  t.after(() => {
    process.env = before;
    rmSync(root, { recursive: true, force: true });
  });
  const paths = projectPaths(root);
  mkdirSync(paths.data, { recursive: true });
  mkdirSync(join(root, 'models'));
  writeFileSync(paths.modelsFile, yaml);
  writeFileSync(join(root, 'models', 'tiny.gguf'), weights);
  return paths;
}

test('the catalogue of this project holds every model of the small and of the published study', () => {
  const ids = readModels().map(({ id }) => id);
  for (const id of [
    'smollm2-135m-instruct',
    'phi-3-mini-4k-instruct',
    'mistral-7b-instruct',
    'gpt-5',
    'biolinkbert-base',
  ]) {
    assert.ok(ids.includes(id), id);
  }
});

test('a mistake in the catalogue names file, line, field and the nearest key', (t) => {
  const paths = project(t, entry([...FILE, '  sha265: abc']));
  assert.throws(() => readModels(paths), /models\.yaml:9: tiny\.sha265: unknown key "sha265"[\s\S]*"sha256"/);
});

test('a file name that leads elsewhere is refused', (t) => {
  const paths = project(t, entry(['  file: ../tiny.gguf', '  sources: [{ hub: a/b }]']));
  assert.throws(() => readModels(paths), /tiny\.file: must be letters/);
});

test('an unknown model is refused with the nearest', () => {
  assert.throws(() => findModel('smolm2-135m-instruct'), /nearest is "smollm2-135m-instruct"/);
  assert.throws(() => findGguf('gpt-4o'), /not a GGUF file/);
});

test('a file in MODELS_DIR is used in place once its hash is right', async (t) => {
  const paths = project(t, entry([...FILE, `  sha256: ${sha256(weights)}`]));
  const { path } = await locateModel(findGguf('tiny', paths), paths);
  assert.ok(path.endsWith(join('models', 'tiny.gguf')));
});

test('a file in MODELS_DIR with another content is refused, saying both hashes', async (t) => {
  const paths = project(t, entry([...FILE, `  sha256: ${sha256('other')}`]));
  await assert.rejects(
    locateModel(findGguf('tiny', paths), paths),
    new RegExp(`${sha256(weights)}.*${sha256('other')}`),
  );
});

test('a model without a hash is pinned on first use, and other bytes are refused from then on', async (t) => {
  const paths = project(t, entry(FILE));
  const pinned = await pinModel(findGguf('tiny', paths), paths);
  assert.equal(pinned.sha256, sha256(weights));
  writeFileSync(join(process.env['MODELS_DIR'] ?? '', 'tiny.gguf'), 'swapped');
  const again = await pinModel(findGguf('tiny', paths), paths);
  assert.equal(again.sha256, pinned.sha256);
  await assert.rejects(locateModel(again, paths), /expected/);
});

test('a model pinned while another process pins one loses neither', async (t) => {
  const paths = project(t, entry(FILE));
  const file = join(paths.data, 'pins.json');
  const other = sha256('other');
  const { pinning } = await withLock(join(paths.build, 'locks', 'pins'), async () => {
    const pinning = pinModel(findGguf('tiny', paths), paths);
    await pause(100);
    assert.equal(existsSync(file), false);
    writeFileSync(file, JSON.stringify({ other }));
    return { pinning };
  });
  await pinning;
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { other, tiny: sha256(weights) });
});

test('a pin is an input of what is made with it', async (t) => {
  const paths = project(t, entry(FILE));
  let out = join(paths.root, 'out');
  process.env['SMALL_CLAIMS_OUT'] = out;
  const noted = () => readFileSync(join(out, 'inputs.jsonl'), 'utf8').trim().split('\n');
  const expected = () => ({
    path: 'data/pins.json',
    sha256: sha256(readFileSync(join(paths.data, 'pins.json'))),
  });
  await pinModel(findGguf('tiny', paths), paths);
  assert.deepEqual(JSON.parse(noted().at(-1) ?? ''), expected());
  out = join(paths.root, 'another');
  process.env['SMALL_CLAIMS_OUT'] = out;
  await pinModel(findGguf('tiny', paths), paths);
  assert.deepEqual(JSON.parse(noted().at(-1) ?? ''), expected());
});

test('a mistake in the pins names file, line and field', async (t) => {
  const paths = project(t, entry(FILE));
  writeFileSync(join(paths.data, 'pins.json'), '{\n  "tiny": "abc"\n}\n');
  await assert.rejects(
    pinModel(findGguf('tiny', paths), paths),
    /pins\.json:2: tiny: must be 64 lower-case hexadecimal digits/,
  );
});

test('a model is fetched from the revision of the hub that the catalogue names, else from main', async (t) => {
  const paths = project(
    t,
    entry(['  file: absent.gguf', '  sources: [{ hub: a/b, revision: 0f3c }, { hub: c/d }]']),
  );
  // A port that nothing listens on.
  process.env['HF_ENDPOINT'] = 'http://127.0.0.1:9';
  await assert.rejects(
    locateModel(findGguf('tiny', paths), paths),
    /a\/b\/resolve\/0f3c\/absent\.gguf[\s\S]*c\/d\/resolve\/main\/absent\.gguf/,
  );
});
