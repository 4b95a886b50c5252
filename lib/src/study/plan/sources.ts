import type { BuildName } from '../../datasets/build-name.js';
import { buildHeader } from '../../datasets/builds.js';
import { catalogueFile, entryLine } from '../../datasets/catalogue.js';
import { releaseState } from '../../datasets/release.js';
import { parameterCount } from '../../finetuning/estimate.js';
import type { Model } from '../../models/catalogue.js';
import type { Paths } from '../../project/paths.js';
import { missingFile, missingModel } from '../../scoring/missing.js';
import type { Study } from '../study.js';
import { weightBytes } from './estimate.js';
import { hubHost } from './here.js';
import type { PlanInputs, PlanStep } from './step.js';

/** The builds that a study reads. */
export const planBuilds = ({ plan }: Pick<Study, 'plan'>): readonly BuildName[] => [
  ...new Set([
    ...plan.datasets.flatMap(({ train, test, also = [] }) => [train, test, ...also.map((set) => set.test)]),
    ...(plan.training ?? []).flatMap(({ train }) => train),
  ]),
];

/** Where files lie that nobody publishes. */
const OWN = 'data/raw';

/** The files of releases that a study reads, `DATASET/FILE`, by the host that publishes each. */
function planFiles(study: Study, paths: Paths): ReadonlyMap<string, string> {
  const files = planBuilds(study).flatMap((build) => Object.keys(buildHeader(build, paths).files));
  return new Map(
    files.map((file) => {
      const [dataset = '', name = ''] = file.split('/');
      const { url } = catalogueFile(dataset, name, paths);
      return [file, url === undefined ? OWN : new URL(url).host];
    }),
  );
}

/** The hosts that a study's files and models come from. */
export function planHosts(study: Study, paths: Paths): readonly string[] {
  const publishers = [...planFiles(study, paths).values()].filter((host) => host !== OWN);
  return [...new Set([hubHost(), ...publishers])];
}

/** What a study is made from, with what of it need not be waited for. */
export interface Sources {
  readonly steps: readonly PlanStep[];
  /** What is not here, in the words of `missingFor`, and is fetched by whoever needs it. */
  readonly fetched: ReadonlySet<string>;
  /** Files that are here with another content than their entry says, `DATASET/FILE`. */
  readonly changed: ReadonlySet<string>;
}

/** The steps that bring data and models. Files that are here are hashed. */
export async function sourceSteps(inputs: PlanInputs): Promise<Sources> {
  const { study, here, paths } = inputs;
  const [steps, fetched, changed]: [PlanStep[], Set<string>, Set<string>] = [[], new Set(), new Set()];
  for (const [file, host] of planFiles(study, paths)) {
    const [dataset = '', name = ''] = file.split('/');
    const state = await releaseState(dataset, name, { paths });
    const reached = here.hosts.has(host);
    if (state === 'other') changed.add(file);
    if (state === 'absent' && reached) fetched.add(missingFile(file));
    const missing = {
      here: [],
      other: [changedText(file, paths)],
      absent: reached ? [] : [`${host}, or DATA_MIRROR`],
    }[state];
    steps.push({ command: 'make data', name: file, inputs: host, done: state === 'here', missing });
  }
  for (const step of modelSteps(inputs)) {
    steps.push(step);
    const lacking = missingModel(step.id, paths);
    if (lacking !== undefined && step.missing.length === 0) fetched.add(lacking);
  }
  return { steps, fetched, changed };
}

/** What is to be said of a file that is not what its entry says. */
export function changedText(file: string, paths: Paths): string {
  const [dataset = '', name = ''] = file.split('/');
  const line = entryLine([dataset, 'files', name, 'sha256'], paths);
  return `the file ${file} that ${line} gives the sha256 of (the one here has another)`;
}

export const modelsOf = (study: Study): readonly Model[] => [
  ...new Map(study.systems.map(({ model }) => [model.id, model])).values(),
];

function modelSteps({ study, here, paths }: PlanInputs): readonly (PlanStep & { readonly id: string })[] {
  return modelsOf(study).flatMap((model): readonly (PlanStep & { readonly id: string })[] => {
    if (model.provider === 'openai') return [];
    const done = missingModel(model.id, paths) === undefined;
    const parameters = parameterCount(model);
    const diskBytes =
      model.provider === 'gguf' ? weightBytes(parameters, model.quantisation) : parameters * 4;
    const from = done ? undefined : sourceOf(model, here);
    return [
      {
        id: model.id,
        command: 'make models',
        name: model.title,
        inputs: [
          `${model.parameters} parameters`,
          ...(model.provider === 'gguf' ? [model.quantisation] : []),
          ...(from === undefined ? [] : [`from ${from}`]),
        ].join(', '),
        done,
        diskBytes,
        missing: done || from !== undefined ? [] : ['the model hub, or MODELS_DIR'],
      },
    ];
  });
}

/** Where a model that is not here would be fetched from; undefined where nothing is known that can be reached. */
function sourceOf(model: Model, here: PlanInputs['here']): string | undefined {
  if (here.hosts.has(hubHost())) return 'the model hub';
  const wheels = 'sources' in model ? model.sources.some((source) => 'wheels' in source) : 'wheel' in model;
  return wheels ? 'a package registry, by pip' : undefined;
}
