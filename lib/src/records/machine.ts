import { arch, cpus, platform, totalmem } from 'node:os';

/** The machine a record was made on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** What computed the rows, e.g. `cuda` or `cpu`; absent where that was not said, as for plain JavaScript. */
  readonly device?: string | undefined;
}

/** This machine, as far as it can tell. @param device what computes on it, where that is more than JavaScript. */
export function thisMachine(device?: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    ...(device !== undefined && { device }),
  };
}
