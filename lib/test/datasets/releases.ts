import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectPaths } from 'small-claims/project/paths';

const mirror = process.env['DATA_MIRROR'];
const places = [projectPaths().raw, ...(mirror ? [mirror] : [])];

/** Test options that skip a test where a file of a release, such as `scifact/data.tar.gz`, is not on this machine. */
export function needs(...files: readonly string[]): { readonly skip: string | false } {
  const missing = files.find((file) => !places.some((place) => existsSync(join(place, file))));
  return { skip: missing ? `${missing} is not here: set DATA_MIRROR or run make data` : false };
}
