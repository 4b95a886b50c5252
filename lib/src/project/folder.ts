import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A folder that is filled out of sight and then put in its place. */
export interface Staging {
  /** The folder to fill, empty at first. */
  readonly folder: string;
  /** Puts it in its place: a kill at any moment leaves the old content or the new, never a mixture. */
  putInPlace(): void;
  /** Removes what is left of it. */
  discard(): void;
}

/**
 * Begins to replace the folder `place`, and mends what a killed process left of an earlier attempt; the caller holds
 * the lock on `place`.
 *
 * @param workshop a folder on the same disk, for the content on its way in and out.
 */
export function stage(place: string, workshop: string): Staging {
  const [folder, previous] = [
    join(workshop, `${basename(place)}.new`),
    join(workshop, `${basename(place)}.old`),
  ];
  // Killed between the two renames below: the old content is whole.
  if (existsSync(previous) && !existsSync(place)) renameSync(previous, place);
  const discard = () => {
    for (const left of [folder, previous]) rmSync(left, { recursive: true, force: true });
  };
  discard();
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    discard,
    putInPlace() {
      mkdirSync(dirname(place), { recursive: true });
      if (existsSync(place)) renameSync(place, previous);
      renameSync(folder, place);
      discard();
    },
  };
}

/** All files under `folder`, as sorted paths relative to it with forward slashes; none if it does not exist. */
export function filesUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesUnder(join(folder, entry.name)).map((file) => `${entry.name}/${file}`)
        : [entry.name],
    )
    .sort();
}
