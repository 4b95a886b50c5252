/**
 * A named set of rows: `DATASET/BUILD/SPLIT`, e.g. `scifact/rationales/dev`, `scifact/nei-abstract/dev`,
 * `healthver/rows/test`.
 */
export type BuildName = `${string}/${string}/${string}`;

/** Whether a text has the form of a build's name; that there is such a build, `buildHeader` sees. */
export const isBuildName = (text: unknown): text is BuildName =>
  typeof text === 'string' && /^[^/]+\/[^/]+\/[^/]+$/.test(text);

/** A build's name as part of a file name: `scifact-rationales-dev`. */
export const fileStem = (name: BuildName): string => name.replaceAll('/', '-');
