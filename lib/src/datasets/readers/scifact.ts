import { UserError } from '../../project/error.js';
import type { Reader } from '../reader.js';
import { abstracts, rationales, rebuildNei, type ScifactSplit } from './scifact/evidence.js';
import { NEI_REBUILDS } from './scifact/nei-rebuild.js';
import { parseScifact } from './scifact/release.js';

/** SciFact (Wadden et al. 2020): claims with annotated rationales, built in several ways. */
export const read: Reader = async ({ build, split, seed, files: [archive] }) => {
  if (!archive) throw new UserError('SciFact is read from one archive');
  const release = await parseScifact(archive);
  const part: ScifactSplit = split === 'train' ? 'train' : 'dev';
  if (build === 'rationales') return rationales(release, part);
  if (build === 'abstracts') return abstracts(release, part);
  const rebuild = NEI_REBUILDS.find((name) => name === build);
  if (!rebuild) throw new UserError(`SciFact has no build "${build}"`);
  return rebuildNei(release, part, rebuild, seed);
};
