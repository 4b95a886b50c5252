import { execFileSync } from 'node:child_process';

/** The NVIDIA GPUs of this machine, as the driver's own program tells; none where there is no such program. */
export function nvidiaGpus(): readonly { readonly name: string; readonly driver: string }[] {
  try {
    const said = execFileSync('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'], {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const [name = '', driver = ''] = line.trim().split(', ');
        return { name, driver };
      });
  } catch {
    return [];
  }
}
