import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** node-llama-cpp's folder of its binding's sources, llama.cpp's history, and what was built from them. */
export const bindingFolder = () =>
  join(dirname(createRequire(import.meta.url).resolve('node-llama-cpp')), '..', 'llama');

/** The release of llama.cpp that node-llama-cpp was built from. */
export function llamaCppRelease(): string {
  const info: unknown = JSON.parse(readFileSync(join(bindingFolder(), 'llama.cpp.info.json'), 'utf8'));
  if (info !== null && typeof info === 'object' && 'tag' in info && typeof info.tag === 'string')
    return info.tag;
  throw new Error('node-llama-cpp does not say which llama.cpp it carries');
}
