import { existsSync, statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { hubAddress } from '../../models/locate.js';
import { nvidiaGpus } from '../../project/gpus.js';
import type { Paths } from '../../project/paths.js';
import { findTrainingPrograms } from '../../project/python.js';

/** What of this machine decides which steps can be done on it. */
export interface Here {
  /** A GPU; undefined where the driver's own program tells of none. One that shares the machine's memory has all of it. */
  readonly gpu: { readonly name: string; readonly memoryBytes: number } | undefined;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly trainer: boolean;
  /** Of the hosts asked, those that answer. */
  readonly hosts: ReadonlySet<string>;
}

/** Looks. Nothing is changed, and nothing is downloaded; each host is given five seconds to answer. */
export async function lookHere(hosts: readonly string[], paths: Paths): Promise<Here> {
  const { bavail, bsize } = statfsSync(paths.root);
  const answered = await Promise.all(hosts.map(answers));
  return {
    gpu: findGpu(),
    hosts: new Set(hosts.filter((_host, index) => answered[index])),
    memoryBytes: totalmem(),
    diskBytes: bavail * bsize,
    trainer: findTrainingPrograms(paths) !== undefined,
  };
}

/** The host of the model hub. */
export const hubHost = (): string => (URL.canParse(hubAddress()) ? new URL(hubAddress()).host : hubAddress());

function findGpu(): Here['gpu'] {
  if (existsSync('/System/Library/Frameworks/Metal.framework'))
    return { name: 'Metal', memoryBytes: totalmem() };
  return nvidiaGpus()[0];
}

async function answers(host: string): Promise<boolean> {
  try {
    await fetch(`https://${host}/`, { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}
