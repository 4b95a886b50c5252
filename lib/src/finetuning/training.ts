import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Example } from '../datasets/example.js';
import { findGguf, sha256Field } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import type { HyperParameters, TrainingEntry } from '../models/training-entry.js';
import { writeFileAtomic } from '../project/atomic.js';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { promptHash } from '../scoring/chat.js';
import { findTemplate } from '../scoring/prompt.js';
import { type BaseWeights, baseWeights } from './base-weights.js';
import { type Checkpoint, checkpoints, type Logged, lastWhole, logHistory, thinOut } from './checkpoints.js';
import { trainingMachine, trainingPrograms } from './environment.js';
import { assertRoom, estimate, estimateText } from './estimate.js';
import { type PromptCompletion, promptCompletions } from './prompt-completion.js';
import { runTrainer } from './trainer.js';
import { schedule, trlConfig, trlYaml } from './trl-config.js';

/** One model to be trained once. */
export interface Training {
  /** Its folder below `build/training`, e.g. `smollm2-135m-scifact-seed1`. */
  readonly name: string;
  readonly entry: TrainingEntry;
  readonly hyper: HyperParameters;
  readonly seed: number;
  /** The study's prompt. */
  readonly prompt: string;
  readonly rows: readonly Example[];
  /** Of a trial of a grid: rows it is judged on after each epoch. */
  readonly validation?: readonly Example[];
}

/** A training that has come to its end. */
export interface Trained {
  readonly folder: string;
  readonly made: TrainingFacts;
  /** Those at the end of each epoch, in order. */
  readonly epochs: readonly Checkpoint[];
  /** What the trainer logged, from the first update on. */
  readonly log: readonly Logged[];
}

const facts = z.object({
  /** Of everything that determines what is learnt. */
  fingerprint: sha256Field,
  base: z.object({ folder: z.string(), from: z.enum(['hub', 'gguf']), name: z.string() }),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  stepsPerEpoch: z.int(),
  /** Of all rows, their answers included, once. */
  tokens: z.int(),
  seconds: z.number(),
  done: z.boolean(),
});

/** How a training went. */
export type TrainingFacts = z.output<typeof facts>;

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
  const fingerprint = fingerprintOf(training, model.sha256);
  const before = factsOf(training, folder, fingerprint);
  if (before?.done) return trained(folder, before);

  const programs = trainingPrograms(paths);
  const machine = await trainingMachine(programs, paths);
  const { path } = await locateModel(model, paths);
  const [rows, validation] = await Promise.all(
    [training.rows, training.validation ?? []].map((examples) =>
      promptCompletions(path, training.prompt, examples, entry.maxLength),
    ),
  );
  if (!rows) throw new Error('no rows');
  const plan = schedule(rows.length, hyper, machine);
  const lengths = rows.map(({ input_ids }) => input_ids.length);
  const expected = estimate({ model, entry, hyper, machine, plan, lengths });
  process.stderr.write(`${name}: ${estimateText(expected, machine)}\n`);
  assertRoom(expected, machine, paths);

  const base = keptBase(before) ?? (await baseWeights(programs.python, model, paths));
  const output = join(folder, CHECKPOINTS);
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
    device: machine.name,
    versions: machine.versions,
    stepsPerEpoch: plan.stepsPerEpoch,
    tokens,
    seconds: (before?.seconds ?? 0) + (performance.now() - started) / 1000,
    done: false,
  });
  keep(folder, soFar());
  if (from) process.stderr.write(`${name}: going on after update ${from.step} of ${plan.steps}\n`);
  const shown = progress(name, tokens * hyper.epochs, 'tokens', { already: already * perStep });
  try {
    await runTrainer({
      trl: programs.trl,
      config,
      log: join(folder, 'training.log'),
      cache: join(folder, 'cache'),
      processes: machine.processes,
      onLogged({ loss, epoch }) {
        if (loss === undefined || epoch === undefined) return;
        shown.advance(perStep, `loss ${loss.toFixed(3)}, epoch ${epoch.toFixed(2)}`);
        thinOut(output, plan.stepsPerEpoch, false);
        keep(folder, soFar());
      },
    });
  } finally {
    shown.done();
  }
  thinOut(output, plan.stepsPerEpoch, true);
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  const done = { ...soFar(), done: true };
  keep(folder, done);
  return trained(folder, done);
}

/** Of everything that determines what is learnt; versions of programs are told, and do not count. */
function fingerprintOf(training: Training, model: Sha256): Sha256 {
  const { entry, hyper, seed, prompt, rows, validation } = training;
  const ids = (examples: readonly Example[]) => examples.map(({ id }) => id);
  return sha256(
    canonicalJson({
      ...{ model, hyper, seed, prompt: promptHash(findTemplate(prompt)) },
      ...{ method: entry.method, targets: entry.targets, warmup: entry.warmup },
      ...{ rows: ids(rows), validation: ids(validation ?? []) },
    }),
  );
}

/** How it went so far. What was trained under another entry is thrown away. */
function factsOf({ name }: Training, folder: string, fingerprint: Sha256): TrainingFacts | undefined {
  const file = join(folder, FACTS);
  if (!existsSync(file)) return undefined;
  const before = facts.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (before.fingerprint === fingerprint) return before;
  process.stderr.write(`${name}: its entry has changed, so it is trained anew\n`);
  for (const part of [FACTS, CHECKPOINTS, 'rows', 'training.log'])
    rmSync(join(folder, part), { recursive: true, force: true });
  return undefined;
}

/** A training goes on from the weights it began from. */
function keptBase(before: TrainingFacts | undefined): BaseWeights | undefined {
  return before && existsSync(before.base.folder) ? before.base : undefined;
}

function trained(folder: string, made: TrainingFacts): Trained {
  const whole = checkpoints(join(folder, CHECKPOINTS));
  const last = whole.at(-1);
  if (!last) throw new UserError('the training left no checkpoint', { at: { file: folder } });
  const epochs = whole.filter(({ step }) => step % made.stepsPerEpoch === 0);
  return { folder, made, epochs, log: logHistory(last) };
}

function keep(folder: string, state: TrainingFacts): void {
  writeFileAtomic(join(folder, FACTS), `${JSON.stringify(state, null, 2)}\n`);
}

const jsonLines = (rows: readonly PromptCompletion[]) =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const FACTS = 'facts.json';
const CHECKPOINTS = 'checkpoints';
