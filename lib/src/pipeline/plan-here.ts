import { existsSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { execa } from 'execa';
import { findTrainingPrograms } from '../finetuning/environment.js';
import type { Paths } from '../project/paths.js';

/** What of this machine decides which steps can be done on it. */
export interface Here {
  /** A GPU's name; undefined where the driver's own program tells of none. */
  readonly gpu: string | undefined;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly trainer: boolean;
  /** Of the hosts asked, those that answer. */
  readonly hosts: ReadonlySet<string>;
}

/** Looks. Nothing is changed, and nothing is downloaded; each host is given five seconds to answer. */
export async function lookHere(hosts: readonly string[], paths: Paths): Promise<Here> {
  const { bavail, bsize } = statfsSync(paths.root);
  const [gpu, ...answered] = await Promise.all([findGpu(), ...hosts.map(answers)]);
  return {
    gpu,
    hosts: new Set(hosts.filter((_host, index) => answered[index])),
    memoryBytes: totalmem(),
    diskBytes: bavail * bsize,
    trainer: findTrainingPrograms(paths) !== undefined,
  };
}

/** The host of the model hub. */
export const hubHost = (): string => new URL(process.env['HF_ENDPOINT'] ?? 'https://huggingface.co').host;

async function findGpu(): Promise<string | undefined> {
  if (existsSync('/System/Library/Frameworks/Metal.framework')) return 'Metal';
  const asked = await execa('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
    reject: false,
    timeout: 5000,
  });
  return asked.failed ? undefined : asked.stdout.split('\n')[0]?.trim() || undefined;
}

async function answers(host: string): Promise<boolean> {
  try {
    await fetch(`https://${host}/`, { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}
