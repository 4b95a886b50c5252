import { join } from 'node:path';
import { knownDatasets } from '../../datasets/catalogue.js';
import { modelIds } from '../../models/catalogue.js';
import { UserError } from '../../project/error.js';
import { alternatives } from '../../project/nearest.js';
import type { Paths } from '../../project/paths.js';
import { onePart } from '../../study/study-check.js';
import type { Draft } from './draft.js';

/**
 * Drafts a study file of some data sets, each with its first build.
 *
 * @throws UserError for a data set that there is not, or that has no part to train on and no other to try on.
 */
export function draftStudy(name: string, datasets: readonly string[], paths: Paths): Draft {
  const known = knownDatasets(paths);
  const sets = datasets.map((dataset) => {
    const entry = Object.hasOwn(known, dataset) ? known[dataset] : undefined;
    if (!entry)
      throw new UserError(`there is no data set "${dataset}"`, {
        at: { file: paths.datasetsFile },
        hint: alternatives(dataset, Object.keys(known)),
      });
    const [build = 'rows'] = Object.keys(entry.builds);
    const [train, ...others] = Object.keys(entry.splits);
    const test = others.find((split) => split === 'test') ?? others.at(-1);
    if (train === undefined || test === undefined)
      throw new UserError(onePart(dataset), {
        at: { file: paths.datasetsFile, field: `${dataset}.splits` },
      });
    return [
      `  - title: ${JSON.stringify(entry.title)}`,
      `    train: ${dataset}/${build}/${train}`,
      `    test: ${dataset}/${build}/${test}`,
    ].join('\n');
  });
  const [model = ''] = modelIds(paths);
  const content = `# STUDY=${name} make records asks the models; docs/own-study.md shows a notebook for the results. A title, models and data sets
# are enough; small.yaml shows what else may be said: adapters, shots, training, splits, the bootstrap, comparisons.
title: ${name}
# Names of data/models.yaml.
models:
  - ${model}
# Builds of data/datasets.yaml: what is learnt from and shown as examples, and what is tried on.
datasets:
${sets.join('\n')}
`;
  return { entries: [], files: [{ path: join(paths.studies, `${name}.yaml`), content }] };
}
