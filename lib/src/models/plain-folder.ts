import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { askPython } from '../project/python.js';

/** Where the plain weights of a GGUF file are kept, once they have been made. */
export const plainFolder = (sha256: string, { modelCache }: Pick<Paths, 'modelCache'>): string =>
  join(modelCache, `${sha256.slice(0, 12)}.f32`);

/**
 * A GGUF file's weights as 32-bit floats in Hugging Face's layout, with its tokeniser: made once, and kept in the cache.
 *
 * @returns the folder. @throws UserError with Python's last words.
 */
export async function makePlainFolder(
  python: string,
  gguf: string,
  sha256: string,
  paths: Paths = projectPaths(),
): Promise<string> {
  const folder = plainFolder(sha256, paths);
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return folder;
    process.stderr.write('dequantising the model (once) ...\n');
    const half = `${folder}.half`;
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half, { recursive: true });
    await askPython(python, [join(paths.python, 'plain_weights.py'), gguf, half]);
    renameSync(half, folder);
    return folder;
  });
}
