import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Stands for npm: leaves what `npm ci` leaves of it, half a second later, and counts how often it was called. */
const NPM = `#!/usr/bin/env node
import fs from 'fs';
fs.appendFileSync('npm-calls', process.argv.slice(2, 3) + ' ');
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules');
setTimeout(() => {
  fs.symlinkSync(process.env.TYPESCRIPT, 'node_modules/typescript');
  fs.writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: {} }));
}, 500);
`;

/** A checkout with a lib of one file, and no package installed. */
function checkout(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'small-claims-setup-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'lib', 'src'), { recursive: true });
  for (const file of ['package.json', 'lib/package.json', 'lib/setup.mjs', 'lib/tsconfig.json']) {
    cpSync(join(ROOT, file), join(root, file));
  }
  writeFileSync(
    join(root, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { module: 'NodeNext', declaration: true, types: [], lib: ['ES2022'] },
    }),
  );
  const packages = { 'node_modules/typescript': { version: '5.9.3' } };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
  writeFileSync(join(root, 'lib', 'src', 'one.ts'), 'export const one = 1;\n');
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin', 'npm'), NPM, { mode: 0o755 });

  const start = (...flags: string[]) => {
    const env = {
      ...process.env,
      PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}`,
      TYPESCRIPT: join(ROOT, 'node_modules', 'typescript'),
    };
    const child = spawn(process.execPath, [...flags, join(root, 'lib', 'setup.mjs')], {
      cwd: root,
      env,
      detached: true,
    });
    return { child, said: saidBy(child) };
  };
  const setup = async (...flags: string[]) => {
    const { child, said } = start(...flags);
    const [code] = await once(child, 'close');
    return { code, said: said() };
  };
  const npmLog = join(root, 'npm-calls');
  const npmCalls = () => (existsSync(npmLog) ? readFileSync(npmLog, 'utf8').trim() : '');
  const compiled = (file: string) => join(root, 'lib', 'dist', file);
  return { root, setup, start, npmCalls, compiled };
}

function saidBy(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return () => said;
}

test('a fresh checkout is set up once, and then only what has changed', async (t) => {
  const { root, setup, npmCalls, compiled } = checkout(t);
  const first = await setup();
  assert.equal(first.code, 0, first.said);
  assert.match(first.said, /installing packages \(once.*\s+setup: compiling lib/);
  assert.match(readFileSync(compiled('one.js'), 'utf8'), /one = 1/);
  assert.deepEqual(await setup(), { code: 0, said: '' }, 'nothing to do');

  writeFileSync(join(root, 'lib', 'src', 'two.ts'), 'export const two = 2;\n');
  rmSync(join(root, 'lib', 'src', 'one.ts'));
  assert.match((await setup()).said, /^setup: compiling lib \.\.\.\n$/);
  assert.equal(existsSync(compiled('two.js')), true);
  assert.equal(existsSync(compiled('one.js')), false, 'what was compiled from a deleted file is gone too');

  assert.equal(npmCalls(), 'ci');
  appendFileSync(join(root, 'package-lock.json'), ' ');
  rmSync(join(root, 'node_modules', '.package-lock.json'));
  await setup();
  assert.equal(npmCalls(), 'ci ci', 'the lock file has changed');
});

test('two at once set up once, the second waiting for the first', async (t) => {
  const { setup, npmCalls } = checkout(t);
  const both = await Promise.all([setup(), setup()]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  assert.match(
    both.map(({ said }) => said).join(''),
    /waiting for another make that is setting up \(process \d+, lock build.locks.setup\)/,
  );
  assert.equal(npmCalls(), 'ci');
});

test('a setup that was killed is done again', async (t) => {
  const { setup, start, npmCalls, compiled } = checkout(t);
  const { child } = start();
  while (npmCalls() === '' && child.exitCode === null) await pause(10);
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await once(child, 'close');
  assert.equal((await setup()).code, 0);
  assert.equal(npmCalls(), 'ci ci');
  assert.equal(existsSync(compiled('one.js')), true);
});

test('a compiled lib that was damaged, cut off or lost in part is made again; one that was copied is not', async (t) => {
  const { root, setup, compiled } = checkout(t);
  await setup();
  const whole = readFileSync(compiled('one.js'), 'utf8');
  for (const damage of [
    () => writeFileSync(compiled('one.js'), ''),
    () => writeFileSync(compiled('one.js'), whole.replace('1', '2')),
    () => rmSync(compiled('one.js')),
    () => writeFileSync(compiled('.small-claims'), 'x'),
    () => rmSync(compiled('one.d.ts')),
  ]) {
    damage();
    assert.match((await setup()).said, /^setup: compiling lib/);
    assert.equal(readFileSync(compiled('one.js'), 'utf8'), whole);
    assert.equal(existsSync(compiled('one.d.ts')), true);
  }
  cpSync(compiled('.'), join(root, 'copy'), { recursive: true });
  rmSync(compiled('.'), { recursive: true });
  cpSync(join(root, 'copy'), compiled('.'), { recursive: true });
  assert.deepEqual(await setup(), { code: 0, said: '' });
});

test('a lib that does not compile is an error, and the last one that did stays', async (t) => {
  const { root, setup, compiled } = checkout(t);
  await setup();
  writeFileSync(join(root, 'lib', 'src', 'one.ts'), "export const one: number = 'two';\n");
  const { code, said } = await setup();
  assert.equal(code, 1);
  assert.match(said, /one\.ts\(1,14\): error TS2322/);
  assert.match(readFileSync(compiled('one.js'), 'utf8'), /one = 1/);
  assert.equal((await setup()).code, 1, 'and stays an error');
});

test('packages that npm has installed by hand are not installed again', async (t) => {
  const { root, setup } = checkout(t);
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules', 'typescript'), join(root, 'node_modules', 'typescript'));
  cpSync(join(root, 'package-lock.json'), join(root, 'node_modules', '.package-lock.json'));
  assert.deepEqual(await setup(), { code: 0, said: 'setup: compiling lib ...\n' });
});

test('a Node that cannot run the notebooks is told in one line', async (t) => {
  const { setup } = checkout(t);
  for (const version of ['18.20.4', '20.18.3', '21.7.3', '22.11.0']) {
    const old = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
    const { code, said } = await setup('--import', `data:text/javascript,${encodeURIComponent(old)}`);
    assert.equal(code, 1);
    assert.equal(
      said,
      `setup: Node 20.19, or 22.12 or newer, is needed; this is ${version}. See https://nodejs.org\n`,
    );
  }
});
