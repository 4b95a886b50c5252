import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Fit } from '../models/adapter-training.js';
import { findGguf } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import { RECIPE_VERSION } from '../models/training-entry.js';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { type TrainingPrograms, trainingPrograms } from '../project/python.js';
import { randomStream } from '../project/random.js';
import { findPrompt, type Prompt } from '../tasks/prompt.js';
import { type BaseWeights, baseWeights } from './base-weights.js';
import { type Checkpoint, checkpoints, resumable, STATE } from './checkpoints.js';
import { bestStep, type Curve, readCurve } from './curve.js';
import { assertRoom, type Estimate, estimate, estimateText } from './estimate.js';
import { fitOf, fitText, readFit } from './fit.js';
import { type PromptCompletion, promptCompletions } from './prompt-completion.js';
import { runTrainer } from './trainer.js';
import { type Schedule, schedule, trainerConfig } from './trainer-config.js';
import {
  FACTS,
  fingerprintOf,
  isBaseOf,
  keepFacts,
  readFacts,
  type Training,
  type TrainingFacts,
} from './training-facts.js';
import { type TrainingMachine, trainingMachine } from './training-machine.js';

/** A training that has come to its end. */
export interface Trained {
  readonly folder: string;
  readonly made: TrainingFacts;
  /** Those at the end of each epoch, in order, up to the best where it ended early. */
  readonly epochs: readonly Checkpoint[];
  readonly curve: Curve;
  readonly fit: Fit;
}

/**
 * Trains, or goes on where an earlier call was interrupted, or gives what is there. One process at a time does.
 *
 * @throws UserError naming what is missing, or that memory or disk do not suffice, before anything is computed.
 */
export async function train(training: Training, paths: Paths = projectPaths()): Promise<Trained> {
  const folder = join(paths.training, training.name);
  mkdirSync(folder, { recursive: true });
  const waiting = (pid: number) =>
    process.stderr.write(`${training.name}: process ${pid} trains it, waiting\n`);
  return withLock(join(folder, 'lock'), () => trainAlone(training, folder, paths), waiting);
}

/** What a training needs, besides a place. */
export interface Prepared {
  readonly programs: TrainingPrograms;
  readonly machine: TrainingMachine;
  readonly base: BaseWeights;
  readonly plan: Schedule;
  readonly expected: Estimate;
  readonly labels: readonly number[];
  readonly rows: readonly PromptCompletion[];
  readonly heldOut: readonly PromptCompletion[];
  /** What is known of it before it begins. */
  readonly facts: TrainingFacts;
}

/** Lays a training's rows out in tokens and finds what it begins from. @param there what is left of it. */
export async function prepare(
  training: Training,
  there: TrainingFacts | undefined,
  paths: Paths = projectPaths(),
): Promise<Prepared> {
  const { entry, hyper, name } = training;
  if (entry.recipe !== RECIPE_VERSION) {
    throw new UserError(
      `${name} is of recipe ${entry.recipe}, and what trains here is recipe ${RECIPE_VERSION}`,
      {
        hint: 'Version 0.1.0 of this project made it. Take `recipe` out of the entry, and it is trained anew.',
      },
    );
  }
  const prompt = findPrompt(training.prompt, paths);
  const model = await pinModel(findGguf(entry.model, paths), paths);
  const programs = trainingPrograms(paths);
  const machine = await trainingMachine(programs, paths);
  const { path } = await locateModel(model, paths);
  // What an epoch begins with is drawn from these by a stream of its own, the same for every training.
  const shuffled = randomStream('order of training rows', training.seed).shuffle(training.rows);
  const { rows, labels } = await promptCompletions(path, prompt, shuffled, entry.maxLength);
  assertLabels(entry, labels, prompt);
  const held = await promptCompletions(path, prompt, training.validation ?? [], entry.maxLength);
  const plan = schedule(rows.length, hyper, machine);
  const lengths = rows.map(({ input_ids }) => input_ids.length);
  const base =
    there && isBaseOf(model, there.base, entry) && existsSync(there.base.folder)
      ? there.base
      : await baseWeights(programs.python, model, entry, paths);
  const precision = machine.bfloat16 ? 'bfloat16' : 'float32';
  return {
    ...{ programs, machine, base, plan, labels, rows, heldOut: held.rows },
    expected: estimate({ model, entry, hyper, machine, plan, lengths }),
    facts: {
      fingerprint: fingerprintOf(training, model, { base, precision }, paths),
      ...{ base, precision, tokens: lengths.reduce((sum, length) => sum + length, 0) },
      ...{ device: machine.name, versions: machine.versions, stepsPerEpoch: plan.stepsPerEpoch },
      ...{ seconds: 0, done: false },
    },
  };
}

/** Where the parts of a training's folder lie in it. */
const PARTS = {
  ...{ train: join('rows', 'train.jsonl'), heldOut: join('rows', 'held-out.jsonl') },
  ...{ output: 'checkpoints', config: 'config.json', log: 'training.log' },
} as const;

/** Writes what the trainer reads into a training's folder. @param weights as seen from there. */
export function layOutTraining(
  { entry, hyper, seed }: Training,
  { rows, heldOut, plan, labels, facts }: Prepared,
  folder: string,
  weights: string,
): void {
  writeFileAtomic(join(folder, PARTS.train), jsonLines(rows));
  if (heldOut.length > 0) writeFileAtomic(join(folder, PARTS.heldOut), jsonLines(heldOut));
  const place = {
    ...{ weights, train: PARTS.train, output: PARTS.output, precision: facts.precision },
    heldOut: heldOut.length > 0 ? PARTS.heldOut : null,
  };
  const settings = trainerConfig(entry, hyper, seed, plan, place, labels);
  writeFileAtomic(join(folder, PARTS.config), `${JSON.stringify(settings, null, 2)}\n`);
}

/** A training that is done and is what is asked for; undefined of any other. */
export async function findTrained(
  training: Training,
  paths: Paths = projectPaths(),
): Promise<Trained | undefined> {
  const folder = join(paths.training, training.name);
  const there = readFacts(folder);
  if (!there || !isEnded(folder, there)) return undefined;
  const model = await pinModel(findGguf(training.entry.model, paths), paths);
  if (!isBaseOf(model, there.base, training.entry)) return undefined;
  if (there.fingerprint !== fingerprintOf(training, model, there, paths)) return undefined;
  return trained(training, folder, there, findPrompt(training.prompt, paths));
}

function isEnded(folder: string, there: TrainingFacts | undefined): boolean {
  const output = join(folder, PARTS.output);
  return there?.done === true && readFit(output) !== undefined && checkpoints(output).length > 0;
}

async function trainAlone(training: Training, folder: string, paths: Paths): Promise<Trained> {
  const { hyper, name } = training;
  const found = await findTrained(training, paths);
  if (found) return found;
  const there = readFacts(folder);
  const ended = isEnded(folder, there);
  const output = join(folder, PARTS.output);
  const prepared = await prepare(training, there, paths);
  const { programs, machine, plan, expected, facts } = prepared;
  process.stderr.write(`${name}: ${estimateText(expected, machine)}\n`);
  assertRoom(expected, machine, paths);
  // One that is done and has lost its checkpoints is as if it had never been.
  const before = there?.fingerprint === facts.fingerprint && (ended || !there.done) ? there : undefined;
  if (!before && existsSync(output)) startAnew(name, folder);
  layOutTraining(training, prepared, folder, facts.base.folder);

  const tokens = facts.tokens * hyper.epochs;
  const perStep = tokens / plan.steps;
  const from = resumable(output)?.step ?? 0;
  const started = performance.now();
  const soFar = (): TrainingFacts => ({
    ...facts,
    seconds: (before?.seconds ?? 0) + (performance.now() - started) / 1000,
  });
  keepFacts(folder, soFar());
  if (from > 0) process.stderr.write(`${name}: going on after update ${from} of ${plan.steps}\n`);
  const shown = progress(name, tokens, 'tokens', { already: from * perStep });
  let note = '';
  try {
    await runTrainer(
      {
        ...{ python: programs.python, config: join(folder, PARTS.config), log: join(folder, PARTS.log) },
        onLine(line) {
          if ('heldOutLoss' in line)
            note = `, held-out loss ${number(line.heldOutLoss)}, ${Math.round(line.heldOutRight * 100)} % right`;
          if (!('loss' in line)) return;
          const epoch = (line.step / plan.stepsPerEpoch).toFixed(2);
          shown.advance(perStep, `epoch ${epoch}, loss ${number(line.loss)}${note}`);
          if (line.step % plan.saveSteps === 0) keepFacts(folder, soFar());
        },
      },
      paths,
    );
  } finally {
    shown.done();
  }
  const done = { ...soFar(), done: true };
  keepFacts(folder, done);
  return trained(training, folder, done, findPrompt(training.prompt, paths));
}

const number = (loss: number | null) => loss?.toFixed(3) ?? 'no finite number';

/** @throws UserError where an entry asks for a loss among labels of answers that are none. @internal */
export function assertLabels(
  { id, loss, corrected, balanced }: Training['entry'],
  labels: readonly number[],
  { task }: Pick<Prompt, 'task'>,
): void {
  const asked = loss === 'labels' ? 'loss: labels' : balanced ? 'balanced: true' : undefined;
  if (labels.length === 0 && asked)
    throw new UserError(
      `${id}: ${asked} is for tasks of one label a row, and ${task.name} is of ${task.shape}`,
    );
  if (corrected && loss !== 'labels')
    throw new UserError(`${id}: corrected: true corrects label words, and its loss is over the vocabulary`, {
      hint: 'Give the entry loss: labels.',
    });
}

/** Throws away what was trained of other rows, in another way, or from other weights. */
function startAnew(name: string, folder: string): void {
  process.stderr.write(`${name}: what is there was trained otherwise, so it is trained anew\n`);
  for (const part of [FACTS, PARTS.output, 'rows', PARTS.log])
    rmSync(join(folder, part), { recursive: true, force: true });
}

function trained(training: Training, folder: string, made: TrainingFacts, prompt: Prompt): Trained {
  const output = join(folder, PARTS.output);
  // Several times as large as what was trained, and of no more use.
  for (const checkpoint of checkpoints(output)) rmSync(join(checkpoint.folder, STATE), { force: true });
  const told = readFit(output);
  if (!told) throw new Error(`${output} does not say how it fits its rows`);
  const rows = new Map(training.rows.map((row) => [row.id, row]));
  const answerOf = (id: string) => {
    const row = rows.get(id);
    return row ? prompt.shape.write(row, prompt) : '';
  };
  const fit = fitOf(told, training.rows, answerOf, prompt.task);
  process.stderr.write(`${training.name}: ${fitText(fit)}\n`);
  const curve = readCurve(output);
  const last = training.entry.patience > 0 ? bestStep(curve) : Number.POSITIVE_INFINITY;
  const epochs = checkpoints(output).filter(({ step }) => step % made.stepsPerEpoch === 0 && step <= last);
  return { folder, made, epochs, curve, fit };
}

const jsonLines = (rows: readonly PromptCompletion[]) =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
