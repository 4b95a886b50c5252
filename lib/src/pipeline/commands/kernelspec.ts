import { join } from 'node:path';
import { projectPaths } from '../../project/paths.js';
import type { Command } from '../command.js';
import { writeKernelspec } from '../kernel/kernelspec.js';

const kernelspec: Command = {
  usage: 'kernelspec',
  summary: 'write the TypeScript kernelspec under build/jupyter (for JUPYTER_PATH) and print that folder',
  options: {},
  async run() {
    const folder = join(projectPaths().build, 'jupyter');
    writeKernelspec(folder);
    console.log(folder);
  },
};
export default kernelspec;
