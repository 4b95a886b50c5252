import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { LabelScore } from 'small-claims/scoring/label-score';

/**
 * llama.cpp's code for a processor. It takes the best that the machine can run; that of an older one runs on newer ones.
 * `haswell` is what processors with AVX2 and no AVX-512 take.
 */
export type Kernels = 'haswell';

/** The rows that a process of its own is to score, about so many, and with what. */
export interface Asked {
  readonly path: string;
  readonly cache: 'F16' | 'F32';
  readonly rows: number;
}

/** What it found: also how long the rows took, and the most memory that the process had. */
export interface Computed {
  readonly scores: readonly LabelScore[];
  readonly seconds: number;
  readonly megabytes: number;
}

/** What this processor computes with a build of llama.cpp. */
export async function computedBy(engine: 'native' | 'prebuilt', asked: Asked): Promise<Computed> {
  const child = fileURLToPath(new URL('./kernels-child.js', import.meta.url));
  const { stdout } = await execa(process.execPath, [child, JSON.stringify(asked)], {
    env: { SMALL_CLAIMS_ENGINE: engine },
  });
  return JSON.parse(stdout);
}

/**
 * What another processor would compute: the canonical scores of the benchmark's rows by a process that finds none of
 * llama.cpp's code but this. Undefined where its package of binaries has no such choice, or this machine cannot run them.
 */
export async function computedByKernels(kernels: Kernels, asked: Asked): Promise<Computed | undefined> {
  if (`${process.platform}-${process.arch}` !== 'linux-x64') return undefined;
  const packages = join(dirname(createRequire(import.meta.url).resolve('node-llama-cpp')), '..', '..');
  const folder = mkdtempSync(join(tmpdir(), 'small-claims-kernels-'));
  try {
    // A folder of packages like ours, but for the one that is copied without the other kernels.
    const binaries = join('@node-llama-cpp', 'linux-x64');
    mkdirSync(join(folder, 'node_modules', dirname(binaries)), { recursive: true });
    for (const name of readdirSync(packages).filter((each) => each !== dirname(binaries)))
      symlinkSync(join(packages, name), join(folder, 'node_modules', name));
    cpSync(join(packages, binaries), join(folder, 'node_modules', binaries), {
      recursive: true,
      filter: (file) => !/libggml-cpu-/.test(file) || file.endsWith(`libggml-cpu-${kernels}.so`),
    });
    symlinkSync(dirname(fileURLToPath(import.meta.url)), join(folder, 'bench'));
    const child = join(folder, 'bench', 'kernels-child.js');
    const links = ['--preserve-symlinks', '--preserve-symlinks-main'];
    const run = await execa(process.execPath, [...links, child, JSON.stringify(asked)], {
      env: { SMALL_CLAIMS_ENGINE: 'prebuilt' },
      reject: false,
    });
    return run.failed ? undefined : JSON.parse(run.stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
