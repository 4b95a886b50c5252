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
import { trainingPrograms } from '../project/python.js';
import { randomStream } from '../project/random.js';
import { findPrompt, type Prompt } from '../tasks/prompt.js';
import { baseWeights } from './base-weights.js';
import { type Checkpoint, checkpoints, resumable, STATE } from './checkpoints.js';
import { bestStep, type Curve, readCurve } from './curve.js';
import { assertRoom, estimate, estimateText } from './estimate.js';
import { fitOf, fitText, readFit } from './fit.js';
import { type PromptCompletion, promptCompletions } from './prompt-completion.js';
import { runTrainer } from './trainer.js';
import { schedule, trainerConfig } from './trainer-config.js';
import {
  FACTS,
  fingerprintOf,
  isBaseOf,
  keepFacts,
  readFacts,
  type Training,
  type TrainingFacts,
} from './training-facts.js';
import { trainingMachine } from './training-machine.js';

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

async function trainAlone(training: Training, folder: string, paths: Paths): Promise<Trained> {
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
  const there = readFacts(folder);
  const mayGoOn = there && isBaseOf(model, there.base, entry.method);
  const output = join(folder, CHECKPOINTS);
  const ended = there?.done && readFit(output) !== undefined && checkpoints(output).length > 0;
  if (ended && mayGoOn && there.fingerprint === fingerprintOf(training, model, there, paths))
    return trained(training, folder, there, prompt);

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
  const expected = estimate({ model, entry, hyper, machine, plan, lengths });
  process.stderr.write(`${name}: ${estimateText(expected, machine)}\n`);
  assertRoom(expected, machine, paths);

  const base =
    mayGoOn && existsSync(there.base.folder)
      ? there.base
      : await baseWeights(programs.python, model, entry.method, paths);
  const precision = machine.bfloat16 ? 'bfloat16' : 'float32';
  const fingerprint = fingerprintOf(training, model, { base, precision }, paths);
  // One that is done and has lost its checkpoints is as if it had never been.
  const before = there?.fingerprint === fingerprint && (ended || !there.done) ? there : undefined;
  if (!before && existsSync(output)) startAnew(name, folder);
  const file = (part: string) => join(folder, 'rows', `${part}.jsonl`);
  writeFileAtomic(file('train'), jsonLines(rows));
  if (held.rows.length > 0) writeFileAtomic(file('held-out'), jsonLines(held.rows));
  const config = join(folder, 'config.json');
  const heldOut = held.rows.length > 0 ? file('held-out') : null;
  const place = { weights: base.folder, train: file('train'), heldOut, output, precision } as const;
  const settings = trainerConfig(entry, hyper, training.seed, plan, place, labels);
  writeFileAtomic(config, `${JSON.stringify(settings, null, 2)}\n`);

  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const perStep = (tokens * hyper.epochs) / plan.steps;
  const from = resumable(output)?.step ?? 0;
  const started = performance.now();
  const soFar = (): TrainingFacts => ({
    ...{ fingerprint, base, precision, tokens },
    ...{ device: machine.name, versions: machine.versions, stepsPerEpoch: plan.stepsPerEpoch },
    seconds: (before?.seconds ?? 0) + (performance.now() - started) / 1000,
    done: false,
  });
  keepFacts(folder, soFar());
  if (from > 0) process.stderr.write(`${name}: going on after update ${from} of ${plan.steps}\n`);
  const shown = progress(name, tokens * hyper.epochs, 'tokens', { already: from * perStep });
  let note = '';
  try {
    await runTrainer(
      {
        ...{ python: programs.python, config, log: join(folder, 'training.log') },
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
  return trained(training, folder, done, prompt);
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
  for (const part of [FACTS, CHECKPOINTS, 'rows', 'training.log'])
    rmSync(join(folder, part), { recursive: true, force: true });
}

function trained(training: Training, folder: string, made: TrainingFacts, prompt: Prompt): Trained {
  const output = join(folder, CHECKPOINTS);
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
const CHECKPOINTS = 'checkpoints';
