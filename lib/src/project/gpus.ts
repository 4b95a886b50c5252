import { execFileSync } from 'node:child_process';

export interface NvidiaGpu {
  readonly name: string;
  readonly driver: string;
  /** NaN where the driver does not tell. */
  readonly memoryBytes: number;
}

/** The NVIDIA GPUs of this machine, as the driver's own program tells; none where there is no such program. */
export function nvidiaGpus(): readonly NvidiaGpu[] {
  try {
    const asked = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits'];
    const output = execFileSync('nvidia-smi', asked, {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [name = '', driver = '', mebibytes] = line.trim().split(', ');
        return { name, driver, memoryBytes: Number(mebibytes) * 2 ** 20 };
      });
  } catch {
    return [];
  }
}
