import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { missingModel } from '../scoring/missing.js';
import { openStudy } from './study.js';

/**
 * The first model of the study that runs in this process and lies on this machine, as it is or as what it is made from.
 *
 * @throws UserError saying how to fetch one, where none does.
 */
export function firstModelHere(paths: Paths = projectPaths()): string {
  const { models, name } = openStudy(undefined, paths);
  const runHere = models.filter(({ provider }) => provider === 'gguf');
  const found = runHere.find(({ id }) => missingModel(id, paths) === undefined);
  if (found) return found.id;
  throw new UserError(`no model is named, and none of the study ${name} is on this machine`, {
    hint: `npx small-claims models ${runHere[0]?.id ?? 'ID'} fetches one. Else name a GGUF file or an endpoint: --model PATH|URL.`,
  });
}
