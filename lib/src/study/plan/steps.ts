import type { BuildName } from '../../datasets/build-name.js';
import { buildHeader, taskOf } from '../../datasets/builds.js';
import { encoderAvailability } from '../../finetuning/encoder-run.js';
import { releasedAdapter } from '../../finetuning/entry-adapter.js';
import { gigabytes, parameterCount, releaseRoom } from '../../finetuning/estimate.js';
import { PARITY_ROWS } from '../../finetuning/parity.js';
import type { EncoderEntry } from '../../models/encoder-entry.js';
import { tokenCost } from '../../models/prices.js';
import { gridOf, type TrainingEntry } from '../../models/training-entry.js';
import { UserError } from '../../project/error.js';
import type { Paths } from '../../project/paths.js';
import { isScored, runAvailability } from '../../scoring/answers.js';
import { answerLimit } from '../../scoring/generation-run.js';
import { missingModel } from '../../scoring/missing.js';
import { type Shots, shotsAmong } from '../../scoring/run.js';
import { findPrompt } from '../../tasks/prompt.js';
import { onlyTask } from '../only-task.js';
import { openStudy, type Study } from '../study.js';
import type { ModelSystem } from '../systems/system.js';
import { adapterCost, type Cost, encoderCost, scoringCost } from './estimate.js';
import type { Here } from './here.js';
import { changedText, modelsOf, type Sources, sourceSteps } from './sources.js';
import type { PlanInputs, PlanStep, WantedTask } from './step.js';
import type { BuildSize } from './tokens.js';

/** Every step of a study, in order. Nothing is run, fetched or asked. */
export async function planSteps(inputs: PlanInputs): Promise<readonly PlanStep[]> {
  const sources = await sourceSteps(inputs);
  return [
    ...sources.steps,
    ...trainingSteps(inputs, sources),
    ...runSteps(inputs, sources),
    ...paperSteps(inputs),
  ];
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

function trainingSteps(
  { study, here, sizeOf, paths }: PlanInputs,
  { fetched, changed }: Sources,
): readonly PlanStep[] {
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
    const lacked = missingModel(entry.model, paths);
    const own = [
      ...(lacked === undefined || fetched.has(lacked) ? [] : [lacked]),
      ...entry.train.flatMap((build) => flawsOf(build, sizeOf(build), changed, paths)),
    ];
    const uncounted = entry.train.some((build) => {
      const { rows, like } = sizeOf(build);
      return rows === undefined && like === undefined;
    });
    const seeds = `${entry.seeds.length} seed${entry.seeds.length === 1 ? '' : 's'}`;
    const trials = encoder ? 1 : gridOf(entry).length;
    const steps: PlanStep = {
      command: encoder ? 'make records' : 'make adapters',
      name: `${entry.id}: ${entry.method}, ${seeds}${trials > 1 ? `, ${trials} trials` : ''}`,
      inputs: `${entry.size} of ${entry.train.join(' and ')}`,
      done,
      ...cost,
      uncounted,
      missing: done ? [] : [...lacking, ...lackingFor(cost, here), ...own],
    };
    if (encoder) return [steps];
    const first =
      training.find(({ model, method }) => model === entry.model && method !== 'encoder') === entry;
    const model = modelsOf(study).find(({ id }) => id === entry.model);
    const room = model?.provider === 'gguf' ? releaseRoom(model) : { memoryBytes: 0, diskBytes: 0 };
    const exported: PlanStep = {
      command: 'make adapters',
      name: `${entry.id}: export, parity on ${PARITY_ROWS} rows`,
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

function runSteps(
  { study, here, sizeOf, prices, paths }: PlanInputs,
  { fetched, changed }: Sources,
): readonly PlanStep[] {
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
      const shown = systems[0]?.run?.(set).shots;
      const shots = shown?.count ?? 0;
      const tokens = (rows ?? 0) * promptTokens * (1 + shots) * systems.length;
      const [model] = systems.map((system) => system.model);
      if (!model) continue;
      const flaws = [
        ...flawsOf(set.test, sizeOf(set.test), changed, paths),
        ...(shown ? flawsOf(shown.from, sizeOf(shown.from), changed, paths) : []),
        ...shotFlaws(shown, sizeOf, paths),
      ];
      const missing = new Set<string>(flaws);
      const after = new Set<string>();
      let done = true;
      for (const { run } of systems) {
        const known = run && runAvailability(run(set), paths);
        if (known?.record) continue;
        done = false;
        if (!known) after.add('its training');
        for (const what of known?.missing ?? []) if (!fetched.has(what)) missing.add(what);
      }
      const each = `${Math.round(promptTokens * (1 + shots))} tokens each${like ? ` (as ${like})` : ''}`;
      const inputs = `${rows ?? 'unknown'} rows${rows === undefined && !like ? '' : `, ${each}`}`;
      const step = {
        command: 'make records',
        name: `${name} on ${set.title}`,
        inputs,
        done,
        uncounted: rows === undefined,
        after: [...after],
      };
      if (model.provider === 'openai') {
        const price = prices.tokens[model.apiModel];
        const asked = { model: model.id, prompt: set.prompt, test: set.test };
        const written = isScored(asked, paths) ? 1 : answerLimit(model, findPrompt(set.prompt, paths));
        const completion = written * (rows ?? 0);
        const dollars = price && tokenCost(price, { prompt: tokens, cached: 0, completion });
        const key = process.env[model.key ?? 'OPENAI_API_KEY'] ? [] : [model.key ?? 'OPENAI_API_KEY'];
        steps.push({
          ...step,
          dollars,
          missing: done ? [] : [...key, ...(price ? [] : ['a price']), ...flaws],
        });
      } else if (model.provider !== 'encoder') {
        const weights = model.provider === 'gguf' ? model.quantisation : FLOATS[model.dtype];
        const cost = scoringCost(countOf(model.parameters), weights, tokens);
        steps.push({ ...step, ...cost, missing: done ? [] : [...lackingFor(cost, here), ...missing] });
      }
    }
  }
  return steps;
}

/** Why the rows of a build cannot be had though its files are here. */
function flawsOf(
  build: BuildName,
  { flaw }: BuildSize,
  changed: ReadonlySet<string>,
  paths: Paths,
): readonly string[] {
  const files = Object.keys(buildHeader(build, paths).files).filter((file) => changed.has(file));
  return files.length > 0
    ? files.map((file) => changedText(file, paths))
    : flaw === undefined
      ? []
      : [`rows of ${build}: ${flaw}`];
}

/** What a build has too few rows for, as far as its rows are known. */
function shotFlaws(shots: Shots | undefined, sizeOf: PlanInputs['sizeOf'], paths: Paths): readonly string[] {
  const facts = shots && sizeOf(shots.from).facts;
  if (!shots || !facts) return [];
  try {
    shotsAmong(facts, shots, taskOf(shots.from, paths));
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.reason];
  }
}

function paperSteps({ notebooks, study, paths }: PlanInputs): readonly PlanStep[] {
  const made = { done: false, missing: [] };
  const steps = notebooks.map(({ name, wanted }): PlanStep => {
    const inputs = 'the records; what has none is "not run"';
    return { ...made, command: 'make notebooks', name, inputs, ...refusal(wanted, study, paths) };
  });
  const refused = steps.filter(({ impossible }) => impossible !== undefined).map(({ name }) => name);
  const paper: PlanStep = {
    ...made,
    command: 'make paper',
    name: 'paper.html and paper.pdf',
    inputs: 'what all notebooks publish',
    ...(refused.length > 0 && { impossible: `it takes ${refused.join(', ')} too` }),
  };
  return [...steps, paper];
}

/** Why a notebook cannot be made for a study: it would stop where it says what it is about. */
function refusal(
  wanted: readonly WantedTask[],
  study: Study,
  paths: Paths,
): Pick<PlanStep, 'impossible'> | undefined {
  try {
    for (const { study: named, task, titles } of wanted)
      onlyTask(named === undefined ? study : openStudy(named, paths), task, titles);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { impossible: error.reason };
  }
}
