import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { LabelScore } from 'small-claims/scoring/label-score';
import type { Scores } from './variation.js';

/**
 * llama.cpp's code for a processor. It takes the best that the machine can run; that of an older one runs on newer ones.
 * `haswell` is what processors with AVX2 and no AVX-512 take.
 */
export type Kernels = 'haswell';

/**
 * What another processor would compute: the canonical scores of the benchmark's rows by a process that finds none of
 * llama.cpp's code but this. Undefined where its package of binaries has no such choice, or this machine cannot run them.
 */
export async function scoresByKernels(kernels: Kernels, rows: number): Promise<Scores | undefined> {
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
    const run = await execa(process.execPath, [...links, child, String(rows)], { reject: false });
    if (run.failed) return undefined;
    const scores: readonly LabelScore[] = JSON.parse(run.stdout);
    return new Map(scores.map((score) => [score.id, score]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
