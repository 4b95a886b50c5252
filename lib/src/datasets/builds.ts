import { closest } from 'fastest-levenshtein';
import { type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import type { Paths } from '../project/paths.js';
import type { BuildName, Example } from '../tasks/example.js';
import { catalogueFile } from './catalogue.js';
import { type HealthverSplit, healthverFile, loadHealthver } from './readers/healthver.js';
import { NEI_RANDOM_SEED, NEI_REBUILDS } from './readers/nei-rebuild.js';
import { abstracts, rationales, rebuildNei, type ScifactSplit } from './readers/rationale.js';
import { loadScifact, SCIFACT_ARCHIVE } from './readers/scifact.js';
import type { ReleasePlaces } from './release.js';

/** What determines a build's rows, known without the data: equal headers, equal rows. */
export type BuildHeader = {
  readonly build: BuildName;
  /** Counts the changes of the code that made rows differ. */
  readonly version: number;
  /** By `DATASET/FILE` of the release, what it hashes to. */
  readonly files: Readonly<Record<string, Sha256>>;
  readonly seed?: number;
};

interface Build {
  readonly dataset: string;
  readonly file: string;
  readonly version: number;
  readonly seed?: number;
  rows(places: ReleasePlaces): Promise<readonly Example[]>;
}

// Reading, text normalisation or a choice of sentences that changes any row raises the version of the builds it touches.
const SCIFACT = { dataset: 'scifact', file: SCIFACT_ARCHIVE, version: 1 };

const BUILDS: ReadonlyMap<BuildName, Build> = new Map([
  ...(['train', 'dev'] satisfies ScifactSplit[]).flatMap((split): [BuildName, Build][] => [
    [
      `scifact/rationales/${split}`,
      { ...SCIFACT, rows: async (places) => rationales(await loadScifact(places), split) },
    ],
    [
      `scifact/abstracts/${split}`,
      { ...SCIFACT, rows: async (places) => abstracts(await loadScifact(places), split) },
    ],
    ...NEI_REBUILDS.map((rebuild): [BuildName, Build] => [
      `scifact/${rebuild}/${split}`,
      {
        ...SCIFACT,
        ...(rebuild === 'nei-random' && { seed: NEI_RANDOM_SEED }),
        rows: async (places) => rebuildNei(await loadScifact(places), split, rebuild),
      },
    ]),
  ]),
  ...(['train', 'dev', 'test'] satisfies HealthverSplit[]).map((split): [BuildName, Build] => [
    `healthver/rows/${split}`,
    {
      dataset: 'healthver',
      file: healthverFile(split),
      version: 1,
      rows: (places) => healthverRows(split, places),
    },
  ]),
]);

/** Every build there is, as `DATASET/BUILD/SPLIT`. */
export const BUILD_NAMES: readonly BuildName[] = [...BUILDS.keys()];

/**
 * The rows of a build. The release is found, verified and parsed first; claims and sentences have their whitespace
 * normalised (runs of it, also line ends, become one space). Ids are unique within the build.
 *
 * @throws UserError if there is no such build, or the release is missing or malformed.
 */
export async function loadBuild(name: BuildName, places: ReleasePlaces = {}): Promise<readonly Example[]> {
  return buildOf(name).rows(places);
}

/**
 * What determines the rows of a build: its name, the release's hashes, the version of the code, a seed where there is
 * one. Reads `data/datasets.yaml` alone.
 *
 * @throws UserError if there is no such build.
 */
export function buildHeader(name: BuildName, paths?: Paths): BuildHeader {
  const { dataset, file, version, seed } = buildOf(name);
  const files = { [`${dataset}/${file}`]: catalogueFile(dataset, file, paths).sha256 };
  return { build: name, version, files, ...(seed !== undefined && { seed }) };
}

function buildOf(name: BuildName): Build {
  const build = BUILDS.get(name);
  if (!build) {
    throw new UserError(`there is no build "${name}"`, {
      hint: `Did you mean "${closest(name, BUILD_NAMES)}"? Builds: ${BUILD_NAMES.join(', ')}.`,
    });
  }
  return build;
}

/** HealthVer as shipped; it has no ids for claims and documents, so the hash of the text stands for them. */
async function healthverRows(split: HealthverSplit, places: ReleasePlaces): Promise<readonly Example[]> {
  const textId = (text: string) => sha256(text).slice(0, 16);
  return (await loadHealthver(split, places)).map(({ id, claim, evidence, label }) => ({
    id: `healthver:${split}:${id}`,
    label,
    claimId: textId(claim),
    documentIds: [textId(evidence)],
    rationale: [],
    claim,
    evidence,
  }));
}
