import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectPaths } from 'small-claims/project/paths';

/** What a peer written in Python needs. */
export const NO_PYTHON = 'it needs the Python packages of requirements/bench.txt (make bench installs them)';

/** The Python with the packages of `requirements/bench.txt`; undefined where it was not installed. */
export function benchPython(): string | undefined {
  const { root } = projectPaths();
  const installed = existsSync(join(root, '.venv-bench', '.installed'));
  return installed ? join(root, '.venv-bench', 'bin', 'python') : undefined;
}
