import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findGguf } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { trainingPrograms } from '../project/python.js';
import { randomStream } from '../project/random.js';
import { findPrompt } from '../tasks/prompt.js';
import { baseWeights } from './base-weights.js';
import { type Checkpoint, checkpoints, type Logged, lastWhole, logHistory, thinOut } from './checkpoints.js';
import { assertRoom, estimate, estimateText } from './estimate.js';
import { type PromptCompletion, promptCompletions } from './prompt-completion.js';
import { runTrainer } from './trainer.js';
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
import { precisionOf, schedule, trlConfig, trlYaml } from './trl-config.js';

/** A training that has come to its end. */
export interface Trained {
  readonly folder: string;
  readonly made: TrainingFacts;
  /** Those at the end of each epoch, in order. */
  readonly epochs: readonly Checkpoint[];
  /** What the trainer logged, from the first update on. */
  readonly log: readonly Logged[];
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
  const model = await pinModel(findGguf(entry.model, paths), paths);
  const there = readFacts(folder);
  const mayGoOn = there && isBaseOf(model, there.base, entry.method);
  const output = join(folder, CHECKPOINTS);
  const ended = there?.done && checkpoints(output).length > 0;
  if (ended && mayGoOn && there.fingerprint === fingerprintOf(training, model, there, paths))
    return trained(folder, there);

  const programs = trainingPrograms(paths);
  const machine = await trainingMachine(programs, paths);
  const { path } = await locateModel(model, paths);
  // The trainer draws by a seed of its own, the same for every training.
  const shuffled = randomStream('order of training rows', training.seed).shuffle(training.rows);
  const [rows, validation] = await Promise.all(
    [shuffled, training.validation ?? []].map((examples) =>
      promptCompletions(path, findPrompt(training.prompt, paths), examples, entry.maxLength),
    ),
  );
  if (!rows) throw new Error('no rows');
  const plan = schedule(rows.length, hyper, machine);
  const lengths = rows.map(({ input_ids }) => input_ids.length);
  const expected = estimate({ model, entry, hyper, machine, plan, lengths });
  process.stderr.write(`${name}: ${estimateText(expected, machine)}\n`);
  assertRoom(expected, machine, paths);

  const base =
    mayGoOn && existsSync(there.base.folder)
      ? there.base
      : await baseWeights(programs.python, model, entry.method, paths);
  const precision = precisionOf(entry.method, machine);
  const fingerprint = fingerprintOf(training, model, { base, precision }, paths);
  // One that is done and has lost its checkpoints is as if it had never been.
  const before = there?.fingerprint === fingerprint && (ended || !there.done) ? there : undefined;
  if (!before && existsSync(output)) startAnew(name, folder);
  const from = lastWhole(output);
  writeFileAtomic(join(folder, 'rows', 'train.jsonl'), jsonLines(rows));
  if (validation?.length) writeFileAtomic(join(folder, 'rows', 'validation.jsonl'), jsonLines(validation));
  const config = join(folder, 'config.yaml');
  const place = {
    base: base.folder,
    rows: join(folder, 'rows'),
    validated: Boolean(validation?.length),
    output,
    resume: from?.folder,
    device: machine,
  };
  writeFileAtomic(config, trlYaml(trlConfig(entry, hyper, training.seed, plan, place)));

  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const perStep = (tokens * hyper.epochs) / plan.steps;
  const already = from?.step ?? 0;
  const started = performance.now();
  const soFar = (): TrainingFacts => ({
    fingerprint,
    base,
    precision,
    device: machine.name,
    versions: machine.versions,
    stepsPerEpoch: plan.stepsPerEpoch,
    tokens,
    seconds: (before?.seconds ?? 0) + (performance.now() - started) / 1000,
    done: false,
  });
  keepFacts(folder, soFar());
  if (from) process.stderr.write(`${name}: going on after update ${from.step} of ${plan.steps}\n`);
  const shown = progress(name, tokens * hyper.epochs, 'tokens', { already: already * perStep });
  try {
    // All may be learnt, and only that it is done not kept.
    if (from?.step !== plan.steps) {
      await runTrainer({
        python: programs.python,
        script: join(paths.python, 'sft.py'),
        config,
        log: join(folder, 'training.log'),
        cache: join(folder, 'cache'),
        processes: machine.processes,
        onLogged({ loss, epoch }) {
          if (loss === undefined || epoch === undefined) return;
          shown.advance(perStep, `loss ${loss.toFixed(3)}, epoch ${epoch.toFixed(2)}`);
          thinOut(output, plan.stepsPerEpoch, false);
          keepFacts(folder, soFar());
        },
      });
    }
  } finally {
    shown.done();
  }
  assertEnded(output, plan.steps);
  const done = { ...soFar(), done: true };
  // First: without what it takes to go on, it could not be told from one that was interrupted.
  keepFacts(folder, done);
  return trained(folder, done);
}

/** @throws UserError if the last checkpoint is not that of the last update. @internal */
export function assertEnded(folder: string, steps: number): void {
  const last = checkpoints(folder).at(-1)?.step ?? 0;
  if (last === steps) return;
  throw new UserError(`the training ended at update ${last}; ${steps} were to be made`, {
    at: { file: folder },
    hint: 'Processes that the trainer was not told of share out the rows otherwise: see accelerate config.',
  });
}

/** Throws away what was trained of other rows, in another way, or from other weights. */
function startAnew(name: string, folder: string): void {
  process.stderr.write(`${name}: what is there was trained otherwise, so it is trained anew\n`);
  for (const part of [FACTS, CHECKPOINTS, 'rows', 'training.log'])
    rmSync(join(folder, part), { recursive: true, force: true });
}

function trained(folder: string, made: TrainingFacts): Trained {
  const output = join(folder, CHECKPOINTS);
  // Also after a kill between the last checkpoint and this.
  thinOut(output, made.stepsPerEpoch, true);
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  const whole = checkpoints(output);
  const last = whole.at(-1);
  if (!last) throw new Error(`${folder} holds no checkpoint`);
  const epochs = whole.filter(({ step }) => step % made.stepsPerEpoch === 0);
  return { folder, made, epochs, log: logHistory(last) };
}

const jsonLines = (rows: readonly PromptCompletion[]) =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const CHECKPOINTS = 'checkpoints';
