import type { BuildName } from '../../datasets/build-name.js';
import { buildHeader } from '../../datasets/builds.js';
import { catalogueFile } from '../../datasets/catalogue.js';
import { encoderAvailability } from '../../finetuning/encoder-run.js';
import { releasedAdapter } from '../../finetuning/entry-adapter.js';
import { gigabytes, parameterCount, releaseRoom } from '../../finetuning/estimate.js';
import { PARITY_ROWS } from '../../finetuning/parity.js';
import type { Model } from '../../models/catalogue.js';
import type { EncoderEntry } from '../../models/encoder-entry.js';
import { type Prices, tokenCost } from '../../models/prices.js';
import { gridOf, type TrainingEntry } from '../../models/training-entry.js';
import type { Paths } from '../../project/paths.js';
import { isScored, runAvailability } from '../../scoring/answers.js';
import { answerLimit } from '../../scoring/generation-run.js';
import { hasRelease, missingModel } from '../../scoring/missing.js';
import { findPrompt } from '../../tasks/prompt.js';
import type { Study } from '../study.js';
import type { ModelSystem } from '../systems/system.js';
import { adapterCost, type Cost, encoderCost, scoringCost, weightBytes } from './estimate.js';
import { type Here, hubHost } from './here.js';
import type { BuildSize } from './tokens.js';

/** A step of a study, from the releases to the paper. */
export interface PlanStep extends Partial<Cost> {
  /** The command that does it. */
  readonly command: string;
  readonly name: string;
  readonly inputs: string;
  /** Whether its result is here already. */
  readonly done: boolean;
  readonly dollars?: number | undefined;
  /** What it takes and is not here. */
  readonly missing: readonly string[];
  /** What has to be done first. */
  readonly after?: readonly string[];
}

/** What the steps are worked out from. */
export interface PlanInputs {
  readonly study: Study;
  readonly here: Here;
  readonly sizeOf: (name: BuildName) => BuildSize;
  readonly prices: Prices;
  readonly notebooks: readonly string[];
  readonly paths: Paths;
}

/** The files of releases that a study reads, `DATASET/FILE`, by the host that publishes each. */
function planFiles({ plan }: Study, paths: Paths): ReadonlyMap<string, string> {
  const builds = [
    ...plan.datasets.flatMap(({ train, test, also = [] }) => [train, test, ...also.map((set) => set.test)]),
    ...(plan.training ?? []).flatMap(({ train }) => train),
  ];
  const files = builds.flatMap((build) => Object.keys(buildHeader(build, paths).files));
  return new Map(
    files.map((file) => {
      const [dataset = '', name = ''] = file.split('/');
      const { url } = catalogueFile(dataset, name, paths);
      return [file, url === undefined ? 'data/raw' : new URL(url).host];
    }),
  );
}

/** The hosts that a study's files and models come from. */
export function planHosts(study: Study, paths: Paths): readonly string[] {
  return [...new Set([hubHost(), ...planFiles(study, paths).values()])];
}

/** Every step of a study, in order. Nothing is run, fetched or asked. */
export async function planSteps(inputs: PlanInputs): Promise<readonly PlanStep[]> {
  return [
    ...dataSteps(inputs),
    ...modelSteps(inputs),
    ...trainingSteps(inputs),
    ...(await runSteps(inputs)),
    ...paperSteps(inputs),
  ];
}

function dataSteps({ study, here, paths }: PlanInputs): readonly PlanStep[] {
  return [...planFiles(study, paths)].map(([file, host]): PlanStep => {
    const done = hasRelease(file, paths);
    const missing = done || here.hosts.has(host) ? [] : [`${host}, or DATA_MIRROR`];
    return { command: 'make data', name: file, inputs: host, done, missing };
  });
}

/** What this machine lacks for a step. A day of two cores is the most that anyone waits for without a GPU. */
function lackingFor({ cpuHours, memoryBytes }: Pick<Cost, 'cpuHours' | 'memoryBytes'>, here: Here) {
  // Of a GPU whose memory nobody tells, it is taken to suffice.
  if (here.gpu && !(memoryBytes > here.gpu.memoryBytes)) return [];
  if (cpuHours > 24) return [here.gpu ? `a GPU with ${gigabytes(memoryBytes)}` : 'a GPU'];
  return memoryFor(memoryBytes, here);
}

const memoryFor = (bytes: number, here: Here) =>
  bytes > here.memoryBytes ? [`${gigabytes(bytes)} of memory`] : [];

const modelsOf = (study: Study): readonly Model[] => [
  ...new Map(study.systems.map(({ model }) => [model.id, model])).values(),
];

function modelSteps({ study, here, paths }: PlanInputs): readonly PlanStep[] {
  return modelsOf(study).flatMap((model): readonly PlanStep[] => {
    if (model.provider === 'openai') return [];
    const done = missingModel(model.id, paths) === undefined;
    const parameters = countOf(model.parameters);
    const diskBytes =
      model.provider === 'gguf' ? weightBytes(parameters, model.quantisation) : parameters * 4;
    const wheels = 'sources' in model ? model.sources.some((source) => 'wheels' in source) : 'wheel' in model;
    return [
      {
        command: 'make models',
        name: model.title,
        inputs: `${model.parameters} parameters${model.provider === 'gguf' ? `, ${model.quantisation}` : ''}`,
        done,
        diskBytes,
        missing: done || here.hosts.has(hubHost()) || wheels ? [] : ['the model hub, or MODELS_DIR'],
      },
    ];
  });
}

function trainingSteps({ study, here, sizeOf, paths }: PlanInputs): readonly PlanStep[] {
  const lacking = here.trainer ? [] : ['.venv-train (make train-python)'];
  const training = study.plan.training ?? [];
  return training.flatMap((entry): readonly PlanStep[] => {
    const cost = entryCost(entry, study, sizeOf);
    const prompt = study.promptOf(entry);
    const encoder = entry.method === 'encoder';
    const done = encoder
      ? entry.seeds.every((seed) =>
          study.tests.every(
            ({ test }) => encoderAvailability({ entry, seed, test }, paths).record !== undefined,
          ),
        )
      : entry.seeds.every((seed) => releasedAdapter({ entry, seed, prompt }, paths) !== undefined);
    const missing = missingModel(entry.model, paths);
    const seeds = `${entry.seeds.length} seed${entry.seeds.length === 1 ? '' : 's'}`;
    const trials = encoder ? 1 : gridOf(entry).length;
    const steps: PlanStep = {
      command: encoder ? 'make records' : entry.method === 'full' ? 'make train' : 'make adapters',
      name: `${entry.id}: ${entry.method}, ${seeds}${trials > 1 ? `, ${trials} trials` : ''}`,
      inputs: `${entry.size} of ${entry.train.join(' and ')}`,
      done,
      ...cost,
      missing: done
        ? []
        : [...lacking, ...lackingFor(cost, here), ...(missing === undefined ? [] : [missing])],
    };
    // What is trained in full is a model of its own, and not released.
    if (encoder || entry.method === 'full') return [steps];
    const first =
      training.find(({ model, method }) => model === entry.model && method !== 'encoder') === entry;
    const model = modelsOf(study).find(({ id }) => id === entry.model);
    const room = model?.provider === 'gguf' ? releaseRoom(model) : { memoryBytes: 0, diskBytes: 0 };
    const exported: PlanStep = {
      command: 'make adapters',
      name: `${entry.id}: export to GGUF, parity on ${PARITY_ROWS} rows`,
      inputs: `${seeds}, llama.cpp’s converter`,
      done,
      memoryBytes: room.memoryBytes,
      // The plain weights that it is compared on are made once a model.
      diskBytes: 1e7 * entry.seeds.length + (first ? room.diskBytes : 0),
      missing: done ? [] : memoryFor(room.memoryBytes, here),
      ...(done ? {} : { after: [`the training of ${entry.id}`] }),
    };
    return [steps, exported];
  });
}

/** A training with all of its seeds and trials, one after the other. */
function entryCost(entry: TrainingEntry | EncoderEntry, study: Study, sizeOf: PlanInputs['sizeOf']): Cost {
  const model = modelsOf(study).find(({ id }) => id === entry.model);
  const parameters = model?.parameters ?? '';
  if (entry.method !== 'encoder') {
    const rows = entry.train.map((build) => ({ count: entry.size, tokens: sizeOf(build).promptTokens }));
    return adapterCost(entry, parameters, rows);
  }
  const tokens = entry.train.map((build) => sizeOf(build).pairTokens);
  return encoderCost({
    parameters: countOf(parameters),
    tokens: tokens.reduce((sum, each) => sum + entry.size * each, 0) * entry.epochs,
    batchTokens: entry.batch * Math.max(...tokens) * 2,
    seeds: entry.seeds.length,
  });
}

/** What a model in Python computes in, as `weightBytes` knows it; of one that leaves it open, the larger. */
const FLOATS = { auto: 'F32', float32: 'F32', bfloat16: 'BF16', nf4: 'Q4_0' } as const;

const countOf = (parameters: string) => parameterCount({ parameters });

async function runSteps({ study, here, sizeOf, prices, paths }: PlanInputs): Promise<readonly PlanStep[]> {
  const steps: PlanStep[] = [];
  // Systems that differ in their seed alone are one step.
  const groups = new Map<string, ModelSystem[]>();
  for (const system of study.systems.filter(({ model }) => model.provider !== 'encoder')) {
    const { model, method, trainedOn } = system;
    const name = `${model.title}, ${method}${trainedOn ? ` (${trainedOn})` : ''}`;
    groups.set(name, [...(groups.get(name) ?? []), system]);
  }
  for (const [name, systems] of groups) {
    for (const set of study.tests) {
      const { rows, promptTokens, like } = sizeOf(set.test);
      const shots = systems[0]?.run?.(set).shots?.count ?? 0;
      const tokens = (rows ?? 0) * promptTokens * (1 + shots) * systems.length;
      const [model] = systems.map((system) => system.model);
      if (!model) continue;
      const missing = new Set<string>();
      const after = new Set<string>();
      let done = true;
      for (const { run } of systems) {
        const known = run && runAvailability(run(set), paths);
        if (known?.record) continue;
        done = false;
        if (!known) after.add('its training');
        for (const what of known?.missing ?? []) missing.add(what);
      }
      const inputs = `${rows ?? 'unknown'} rows, ${Math.round(promptTokens * (1 + shots))} tokens each${like ? ` (as ${like})` : ''}`;
      const step = {
        command: 'make records',
        name: `${name} on ${set.title}`,
        inputs,
        done,
        after: [...after],
      };
      if (model.provider === 'openai') {
        const price = prices.tokens[model.apiModel];
        const asked = { model: model.id, prompt: set.prompt, test: set.test };
        const written = isScored(asked, paths) ? 1 : answerLimit(model, findPrompt(set.prompt, paths));
        const completion = written * (rows ?? 0);
        const dollars = price && tokenCost(price, { prompt: tokens, cached: 0, completion });
        const key = process.env[model.key ?? 'OPENAI_API_KEY'] ? [] : [model.key ?? 'OPENAI_API_KEY'];
        steps.push({ ...step, dollars, missing: done ? [] : [...key, ...(price ? [] : ['a price'])] });
      } else if (model.provider !== 'encoder') {
        const weights = model.provider === 'gguf' ? model.quantisation : FLOATS[model.dtype];
        const cost = scoringCost(countOf(model.parameters), weights, tokens);
        steps.push({ ...step, ...cost, missing: done ? [] : [...lackingFor(cost, here), ...missing] });
      }
    }
  }
  return steps;
}

function paperSteps({ notebooks }: PlanInputs): readonly PlanStep[] {
  return [
    {
      command: 'make notebooks',
      name: notebooks.join(', '),
      inputs: 'the records; what has none is "not run", and a notebook about another task says so',
      done: false,
      missing: [],
    },
    {
      command: 'make paper',
      name: 'paper.html and paper.pdf',
      inputs: 'what the notebooks publish',
      done: false,
      missing: [],
    },
  ];
}
