import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../../project/error.js';
import { withLock } from '../../project/lock.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { assertBuildable, clone, cmake, llamaSource, present } from '../llama-tools.js';
import { ADDON, DONE, engineFolder, engineOptions } from './engine.js';
import { bindingFolder, llamaCppRelease } from './release.js';

/** What computes beside the processor. */
type Gpu = 'metal' | 'cuda' | 'vulkan';

/**
 * Builds llama.cpp with node-llama-cpp's binding for this processor, and its GPU if it has one, from the sources that
 * node-llama-cpp carries; no network is needed. One process at a time; a build that was cut off goes on, one that is
 * there is not made again.
 *
 * @returns its folder in the cache.
 * @throws UserError naming what is missing, or with the compiler's last words.
 */
export async function buildEngine(paths: Paths = projectPaths()): Promise<string> {
  const folder = engineFolder(paths);
  const built = () => existsSync(join(folder, DONE));
  if (built()) return folder;
  await assertBuildable();
  const { getLlamaGpuTypes } = await import('node-llama-cpp');
  const supported = await getLlamaGpuTypes('supported');
  const gpu = (['metal', 'cuda', 'vulkan'] as const).find((type) => supported.includes(type));
  if (gpu === 'cuda') await present('nvcc', 'https://developer.nvidia.com/cuda-downloads');
  await withLock(
    `${folder}.lock`,
    async () => {
      if (built()) return;
      const source = await layOutSource(join(folder, 'source'), paths);
      const build = join(folder, 'build');
      await cmake({
        source,
        build,
        log: folder,
        options: optionsFor(gpu),
        targets: ['llama-addon'],
        make: 'engine',
      });
      mkdirSync(join(folder, 'Release'), { recursive: true });
      cpSync(join(build, 'llama-addon.node'), join(folder, ADDON));
      writeFileSync(join(folder, 'Release', '_nlcBuildMetadata.json'), metadata(gpu ?? false));
      if (gpu) writeFileSync(join(folder, `gpu-${gpu}`), '');
      // Last: until it is there, nobody takes the build for whole.
      writeFileSync(join(folder, DONE), '');
      for (const done of [source, build]) rmSync(done, { recursive: true });
    },
    (pid) => process.stderr.write(`process ${pid} is building the engine, waiting\n`),
  );
  await assertLoads(folder, paths);
  return folder;
}

/** The binding's sources with llama.cpp's among them, as node-llama-cpp lays them out, with its patches. */
async function layOutSource(folder: string, paths: Paths): Promise<string> {
  if (existsSync(folder)) return folder;
  const half = `${folder}.half`;
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { recursive: true });
  for (const name of ['CMakeLists.txt', 'addon', 'cmake', 'profiles', 'toolchains'])
    cpSync(join(bindingFolder(), name), join(half, name), { recursive: true });
  const cwd = join(half, 'llama.cpp');
  await clone(await llamaSource(paths), cwd);
  const patches = join(bindingFolder(), 'patches');
  for (const patch of existsSync(patches) ? readdirSync(patches) : []) {
    // One that does not apply is in this llama.cpp already.
    await execa('git', ['apply', join(patches, patch)], { cwd, reject: false });
  }
  renameSync(half, folder);
  return folder;
}

function optionsFor(gpu: Gpu | undefined): readonly string[] {
  const binding = createRequire(join(bindingFolder(), '..', 'package.json'));
  const headers = join(
    createRequire(binding.resolve('cmake-js/package.json')).resolve('node-api-headers/package.json'),
    '..',
    'include',
  );
  const cpp = join(binding.resolve('node-addon-api/package.json'), '..');
  return [
    '-DCMAKE_BUILD_TYPE=Release',
    `-DCMAKE_JS_INC=${headers};${cpp}`,
    '-DBUILD_SHARED_LIBS=OFF',
    '-DGGML_NATIVE=ON',
    '-DGGML_CCACHE=OFF',
    '-DGGML_BUILD_NUMBER=1',
    `-DGGML_METAL=${gpu === 'metal' ? 'ON' : 'OFF'}`,
    ...(gpu && gpu !== 'metal' ? [`-DGGML_${gpu.toUpperCase()}=ON`] : []),
    // Node's own symbols are there only when it loads the file.
    ...(process.platform === 'darwin' ? ['-DCMAKE_SHARED_LINKER_FLAGS=-undefined dynamic_lookup'] : []),
    '-DLLAMA_CURL=OFF',
    '-DLLAMA_HTTPLIB=OFF',
    '-DLLAMA_OPENSSL=OFF',
    '-DLLAMA_BUILD_BORINGSSL=OFF',
    '-DLLAMA_BUILD_TESTS=OFF',
    '-DLLAMA_BUILD_EXAMPLES=OFF',
    '-DLLAMA_BUILD_TOOLS=OFF',
    '-DLLAMA_BUILD_SERVER=OFF',
  ];
}

/** What node-llama-cpp wants to know of a build. Without the system's name it tries a build before it loads it. */
function metadata(gpu: Gpu | false): string {
  return JSON.stringify({
    buildOptions: {
      customCmakeOptions: {},
      progressLogs: false,
      platform: process.platform,
      platformInfo: { name: '', version: '' },
      arch: process.arch,
      gpu,
      llamaCpp: { repo: 'ggml-org/llama.cpp', release: llamaCppRelease() },
    },
  });
}

async function assertLoads(folder: string, paths: Paths): Promise<void> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ build: 'never', logLevel: LlamaLogLevel.error, ...engineOptions(paths) });
  const { buildType } = llama;
  await llama.dispose();
  if (buildType === 'localBuild') return;
  rmSync(join(folder, DONE));
  throw new UserError('the engine was built, and node-llama-cpp does not load it', {
    at: { file: join(folder, ADDON) },
    hint: 'Everything works as before with the binary that it brings.',
  });
}
