import { cpSync, createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { bindingFolder, llamaCppRelease } from './llama/release.js';

/** Programs of llama.cpp that node-llama-cpp does not bring. */
const LLAMA_TOOLS = ['llama-bench', 'llama-server'] as const;
export type LlamaTool = (typeof LLAMA_TOOLS)[number];

/** Where a program is, or would be; undefined if it has not been built for the release in use. */
export function findLlamaTool(tool: LlamaTool, paths: Paths = projectPaths()): string | undefined {
  const path = join(releaseFolder(paths), 'bin', tool);
  return existsSync(path) ? path : undefined;
}

/**
 * The source of the llama.cpp in use, cloned from the bundle that node-llama-cpp carries; no network is needed.
 *
 * @throws UserError if there is no git.
 */
export async function llamaSource(paths: Paths = projectPaths()): Promise<string> {
  const source = join(releaseFolder(paths), 'source');
  if (existsSync(source)) return source;
  return withLock(`${source}.lock`, async () => {
    if (existsSync(source)) return source;
    await present('git', 'https://git-scm.com');
    const half = `${source}.half`;
    rmSync(half, { recursive: true, force: true });
    await clone(join(bindingFolder(), 'gitRelease.bundle'), half);
    renameSync(half, source);
    return source;
  });
}

/** Clones a repository or bundle of this machine, without a word. */
export const clone = (from: string, to: string) =>
  execa('git', ['-c', 'advice.detachedHead=false', 'clone', '--quiet', from, to]);

/**
 * Builds the programs for this machine and gives their paths. One process at a time; a build that was cut off goes on,
 * one that is there is not made again.
 *
 * @throws UserError naming what is missing, or with the compiler's last words.
 */
export async function buildLlamaTools(paths: Paths = projectPaths()): Promise<readonly string[]> {
  const folder = releaseFolder(paths);
  const built = () => LLAMA_TOOLS.flatMap((tool) => findLlamaTool(tool, paths) ?? []);
  if (built().length === LLAMA_TOOLS.length) return built();
  await assertBuildable();
  const source = await llamaSource(paths);
  return withLock(
    join(folder, 'build.lock'),
    async () => {
      if (built().length === LLAMA_TOOLS.length) return built();
      const build = join(folder, 'build');
      await cmake({
        source,
        build,
        log: folder,
        options: OPTIONS,
        targets: LLAMA_TOOLS,
        make: 'llama-tools',
      });
      // Put there whole: a linker that was killed leaves half a program.
      mkdirSync(join(folder, 'bin'), { recursive: true });
      for (const tool of LLAMA_TOOLS) {
        const half = join(folder, 'bin', `${tool}.half`);
        cpSync(join(build, 'bin', tool), half);
        renameSync(half, join(folder, 'bin', tool));
      }
      return built();
    },
    (pid) => process.stderr.write(`process ${pid} is building llama.cpp, waiting\n`),
  );
}

/** What is built from the llama.cpp in use is kept here. */
export const releaseFolder = (paths: Paths) => join(paths.llamaTools, llamaCppRelease());

/** Nothing that would be fetched while building, and programs that stand alone. */
const OPTIONS = [
  '-DCMAKE_BUILD_TYPE=Release',
  '-DBUILD_SHARED_LIBS=OFF',
  '-DLLAMA_CURL=OFF',
  '-DLLAMA_OPENSSL=OFF',
  '-DLLAMA_USE_PREBUILT_UI=OFF',
  '-DLLAMA_BUILD_TESTS=OFF',
  '-DLLAMA_BUILD_EXAMPLES=OFF',
];

/** What CMake is to build: `targets` of `source` in the folder `build`, on all cores. */
export interface CmakeBuild {
  readonly source: string;
  readonly build: string;
  /** The folder that keeps what CMake says. */
  readonly log: string;
  readonly options: readonly string[];
  readonly targets: readonly string[];
  /** What make is asked for to go on. */
  readonly make: string;
}

/** Configures and builds, with progress. @throws UserError with CMake's last words. */
export async function cmake({ source, build, log, options, targets, make }: CmakeBuild): Promise<void> {
  await step(log, 'configuring', make, ['-S', source, '-B', build, ...options]);
  const parallel = String(availableParallelism());
  const asked = ['--build', build, '--config', 'Release', '--target', ...targets, '--parallel', parallel];
  await step(log, 'building', make, asked);
}

async function step(folder: string, what: string, make: string, args: readonly string[]): Promise<void> {
  const log = join(folder, `${what}.log`);
  const shown = progress(`${what} llama.cpp ${llamaCppRelease()}`, 100, '%');
  let percent = 0;
  const run = execa('cmake', args, { reject: false, all: true });
  const logged = pipeline(run.all, createWriteStream(log));
  run.all.on('data', (text: Buffer) => {
    const now = Number(/\[ *(\d+)%\]/.exec(text.toString())?.[1] ?? percent);
    shown.advance(Math.max(0, now - percent));
    percent = Math.max(percent, now);
  });
  const [result] = await Promise.all([run, logged]);
  shown.done();
  if (!result.failed) return;
  throw new UserError(`${what} llama.cpp failed:\n${result.all.split('\n').slice(-12).join('\n')}`, {
    at: { file: log },
    hint: `The whole output is in that file. Run make ${make} again to go on.`,
    cause: result,
  });
}

/** @throws UserError if there is no CMake or no compiler. */
export async function assertBuildable(): Promise<void> {
  await present('cmake', 'https://cmake.org');
  await presentCompiler();
}

/** @throws UserError if a program cannot be run. */
export async function present(program: string, from: string): Promise<void> {
  const { failed } = await execa(program, ['--version'], { reject: false });
  if (failed) throw new UserError(`${program} is needed to build llama.cpp and was not found: ${from}`);
}

async function presentCompiler(): Promise<void> {
  const compilers = [process.env['CXX'], 'c++', 'g++', 'clang++'].filter((name) => name !== undefined);
  for (const compiler of compilers) {
    if (!(await execa(compiler, ['--version'], { reject: false })).failed) return;
  }
  throw new UserError('a C++ compiler is needed to build llama.cpp and none was found', {
    hint: 'Install g++ or clang++ (Debian: apt-get install g++), or set CXX.',
  });
}
