import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readCatalogue } from '../../datasets/catalogue.js';
import { adapterIds, findAdapter } from '../../models/adapters.js';
import { identityOf } from '../../models/identity.js';
import { sha256 } from '../../project/digest.js';
import { filesUnder } from '../../project/folder.js';
import { nvidiaGpus } from '../../project/gpus.js';
import type { Paths } from '../../project/paths.js';
import { thisMachine } from '../../records/machine.js';
import { readMaking } from '../../records/making.js';
import { headerOf } from '../../records/record-file.js';
import { llamaCppRelease } from '../../scoring/llama/release.js';
import { openStudy } from '../../study/study.js';

/** What results were, or can be, computed with and on. */
export interface Environment {
  readonly node: string;
  /** SHA-256 of package-lock.json: the whole tree of npm packages. */
  readonly npmTree: string;
  readonly llamaCpp: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Name and driver of each GPU, as its own tool tells; empty where there is none or it does not tell. */
  readonly gpus: readonly string[];
  /** By id: the hash of the model's file, the dated name an API gives it, or that it is not pinned. */
  readonly models: Readonly<Record<string, string>>;
  /** By id, of the models behind an API that records are of: the dated name that answered, and on which days. */
  readonly answered: Readonly<Record<string, string>>;
  /** By id: the hash of the adapter's file, and the model it is for. */
  readonly adapters: Readonly<Record<string, string>>;
  /** By DATASET/FILE: the hash of the release. */
  readonly data: Readonly<Record<string, string>>;
}

/** The environment here and now, with the models of a study and the releases of all data sets. */
export function readEnvironment(paths: Paths, study: string): Environment {
  const lock = join(paths.root, 'package-lock.json');
  const { node, cpu, cores, memoryGiB, system } = thisMachine();
  return {
    node,
    npmTree: existsSync(lock) ? sha256(readFileSync(lock)) : 'no package-lock.json',
    llamaCpp: llamaCppRelease(),
    cpu,
    cores,
    memoryGiB,
    system,
    gpus: nvidiaGpus().map(({ name, driver }) => `${name}, driver ${driver}`),
    models: Object.fromEntries(
      openStudy(study, paths).systems.map(({ model }) => [
        model.id,
        identityOf(model, paths) ?? 'not pinned in data/models.yaml',
      ]),
    ),
    answered: answeredModels(paths),
    adapters: Object.fromEntries(
      adapterIds(paths).map((id) => {
        const { sha256, model } = findAdapter(id, paths);
        return [id, `${sha256}, for ${model}`];
      }),
    ),
    data: Object.fromEntries(
      Object.entries(readCatalogue(paths)).flatMap(([dataset, { files }]) =>
        Object.entries(files).map(([file, { sha256 }]) => [`${dataset}/${file}`, sha256]),
      ),
    ),
  };
}

/** The header of a record that a model behind an API answered for. */
const answering = z.object({ model: z.object({ id: z.string(), api: z.string() }) });

/**
 * The models behind an API that records are of, by id: the name each answered under, and on which days. A run's header
 * names the model as the API does; an answer that OpenAI gives under another name is refused, other servers name as they like.
 *
 * @internal
 */
export function answeredModels({ records }: Pick<Paths, 'records'>): Record<string, string> {
  const asked = new Map<string, { readonly name: string; readonly days: Set<string> }>();
  const ending = '.jsonl.gz';
  for (const file of filesUnder(records)) {
    if (!/^(?:runs|generations)\//.test(file) || !file.endsWith(ending)) continue;
    const { model } = answering.safeParse(headerOf(join(records, file))).data ?? {};
    if (!model) continue;
    const { making } = readMaking(join(records, `${file.slice(0, -ending.length)}.making.json`));
    const known = asked.get(model.id) ?? { name: model.api, days: new Set() };
    asked.set(model.id, known);
    known.days.add(making.madeAt.slice(0, 10));
  }
  return Object.fromEntries(
    [...asked].map(([id, { name, days }]) => [id, `${name}, on ${[...days].sort().join(', ')}`]),
  );
}
