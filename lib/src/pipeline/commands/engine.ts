import type { Command } from '../command.js';

const engine: Command = {
  usage: 'engine',
  summary: 'build llama.cpp for this processor in the cache, from the source that node-llama-cpp carries',
  options: {},
  async run() {
    const { buildEngine } = await import('../../scoring/llama/engine-build.js');
    console.log(await buildEngine());
  },
};
export default engine;
