import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { UserError } from 'small-claims/project/error';
import { llamaCppRelease } from 'small-claims/scoring/llama/release';
import { buildLlamaTools, findLlamaTool, llamaSource } from 'small-claims/scoring/llama-tools';
import { temporaryFolder } from '../datasets/fixture.js';
import { GIT, machine, POSIX, wants } from './build-machine.js';
import { environment, said } from './openai/means.js';

test('a program is found only in the folder of the llama.cpp that is in use', (t) => {
  const { paths } = machine(t);
  for (const [release, found] of [
    ['b1', false],
    [llamaCppRelease(), true],
  ] as const) {
    const file = join(paths.llamaTools, release, 'bin', 'llama-bench');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    assert.equal(findLlamaTool('llama-bench', paths), found ? file : undefined);
  }
  assert.equal(findLlamaTool('llama-server', paths), undefined);
});

test('what is missing to build with is named: CMake, a compiler, git', POSIX, async (t) => {
  const { paths, put } = machine(t);
  await assert.rejects(
    buildLlamaTools(paths),
    wants(/^cmake is needed to build llama\.cpp and was not found: https/),
  );
  put('cmake', 'exit 0');
  await assert.rejects(buildLlamaTools(paths), wants(/a C\+\+ compiler is needed[\s\S]*or set CXX/));
  put('c++', 'exit 0');
  await assert.rejects(buildLlamaTools(paths), wants(/^git is needed to build llama\.cpp and was not found/));
  await assert.rejects(llamaSource(paths), wants(/^git is needed/));
});

test('a build that fails says so with the last words of CMake, and where the rest is', POSIX, async (t) => {
  const cmake = '[ "$1" = --version ] && exit 0\necho one\necho "no such generator" >&2\nexit 1';
  const { paths } = machine(t, { cmake, git: GIT, 'clang++': 'exit 0' });
  await said(() =>
    assert.rejects(buildLlamaTools(paths), (error) => {
      wants(/configuring llama\.cpp failed:[\s\S]*no such generator[\s\S]*make llama-tools again/)(error);
      assert.ok(error instanceof UserError && error.at.file !== undefined);
      assert.match(readFileSync(error.at.file, 'utf8'), /^one$/m);
      return true;
    }),
  );
  assert.equal(findLlamaTool('llama-bench', paths), undefined);
});

test('both programs are put into the folder of the release, and are built once', POSIX, async (t) => {
  const log = join(temporaryFolder('log'), 'cmake.txt');
  const cmake = `[ "$1" = --version ] && exit 0
echo "$1" >> ${log}
[ "$1" = --build ] || exit 0
/bin/mkdir -p "$2/bin"
for tool in llama-bench llama-server; do echo "[ 50%] $tool"; echo built > "$2/bin/$tool"; done`;
  const { paths } = machine(t, { cmake, git: GIT });
  environment(t, { CXX: '/bin/echo' });
  const { value } = await said(() => buildLlamaTools(paths));
  const bin = join(paths.llamaTools, llamaCppRelease(), 'bin');
  assert.deepEqual(value, [join(bin, 'llama-bench'), join(bin, 'llama-server')]);
  assert.ok(value.every((file) => readFileSync(file, 'utf8') === 'built\n'));
  assert.deepEqual(await buildLlamaTools(paths), value);
  assert.deepEqual(readFileSync(log, 'utf8').trim().split('\n'), ['-S', '--build']);
  assert.ok(existsSync(join(paths.llamaTools, llamaCppRelease(), 'source')));
});
