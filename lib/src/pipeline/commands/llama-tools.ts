import type { Command } from '../command.js';

const llamaTools: Command = {
  usage: 'llama-tools',
  summary: 'build llama.cpp’s bench and server in the cache, from the source that node-llama-cpp carries',
  options: {},
  async run() {
    const { buildLlamaTools } = await import('../../scoring/llama-tools.js');
    for (const path of await buildLlamaTools()) console.log(path);
  },
};
export default llamaTools;
