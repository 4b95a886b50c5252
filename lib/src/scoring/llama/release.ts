import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The release of llama.cpp that node-llama-cpp was built from. */
export function llamaCppRelease(): string {
  const entry = createRequire(import.meta.url).resolve('node-llama-cpp');
  const info: unknown = JSON.parse(
    readFileSync(join(dirname(entry), '..', 'llama', 'llama.cpp.info.json'), 'utf8'),
  );
  if (info !== null && typeof info === 'object' && 'tag' in info && typeof info.tag === 'string')
    return info.tag;
  throw new Error('node-llama-cpp does not say which llama.cpp it carries');
}
