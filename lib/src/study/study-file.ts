import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../project/error.js';
import { alternatives } from '../project/nearest.js';
import type { Paths } from '../project/paths.js';

/**
 * The path of a study's file.
 *
 * @throws UserError naming the studies there are, when this is none of them.
 */
export function studyFile(name: string, { studies }: Pick<Paths, 'studies'>): string {
  const known = readdirSync(studies).flatMap((entry) => /^(.+)\.yaml$/.exec(entry)?.[1] ?? []);
  if (known.includes(name)) return join(studies, `${name}.yaml`);
  throw new UserError(`there is no study "${name}"`, {
    at: { file: studies },
    hint: `${alternatives(name, known)} A study is a file there; STUDY names it.`,
  });
}
