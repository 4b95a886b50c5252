import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../../project/atomic.js';

/** The command that starts the kernel, its connection file left as Jupyter's placeholder. */
export function kernelCommand(): readonly string[] {
  return [
    process.execPath,
    fileURLToPath(new URL('./kernel-process.js', import.meta.url)),
    '--config-path',
    '{connection_file}',
  ];
}

/**
 * Writes the kernelspec `tslab` under `jupyterFolder` (for JUPYTER_PATH), and touches no kernel of the user's own.
 *
 * @returns the folder of the kernelspec.
 */
export function writeKernelspec(jupyterFolder: string): string {
  const folder = join(jupyterFolder, 'kernels', 'tslab');
  const spec = { argv: kernelCommand(), display_name: 'TypeScript', language: 'typescript' };
  writeFileAtomic(join(folder, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
  return folder;
}
