import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { taskOf } from '../datasets/builds.js';
import { findEncoder } from '../models/catalogue.js';
import type { EncoderEntry } from '../models/encoder-entry.js';
import { adapterId } from '../models/training-entry.js';
import { locateFolder } from '../models/weights-folder.js';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { trainingPrograms } from '../project/python.js';
import { decimals, type LabelScore } from '../scoring/label-score.js';
import { type Row, textOf } from '../tasks/row.js';
import { shapeOf } from '../tasks/shape-of.js';
import { fieldsOf, labelsOf } from '../tasks/task.js';
import { checkpoints } from './checkpoints.js';
import { runProgram } from './program.js';
import { trainingRows } from './training-rows.js';

/** A classifier wanted: an entry with one of its seeds, and what its files must be of to be taken again. */
export interface EncoderTraining {
  readonly entry: EncoderEntry;
  readonly seed: number;
  /** Of everything that determines its weights. */
  readonly fingerprint: string;
}

/** A row as the classifier scores it, with its share of the milliseconds. */
interface EncoderScore {
  readonly row: LabelScore;
  readonly milliseconds: number;
}

/** Scores of examples, in their order, and what computed them: `cpu` or `cuda`. */
interface EncoderScores {
  readonly device: string;
  readonly scores: readonly EncoderScore[];
}

/** What Python prints. */
const output = z.union([
  z.object({ step: z.int(), steps: z.int(), loss: z.number() }),
  z.object({ scored: z.int(), cut: z.int(), device: z.string() }),
]);

const scored = z.object({
  id: z.string(),
  logprobs: z.array(z.number()),
  tokens: z.int(),
  milliseconds: z.number(),
});

/**
 * The classifier's scores of examples, in their order. It is trained first if it is not there; a training that was
 * interrupted goes on from its last epoch. One process at a time.
 *
 * @param name what the scores are of, for files and progress.
 * @throws UserError naming what is missing: the Python that trains, weights, or a release.
 */
export async function encoderScores(
  training: EncoderTraining,
  name: string,
  examples: readonly Row[],
  paths: Paths = projectPaths(),
): Promise<EncoderScores> {
  const id = adapterId(training.entry, training.seed);
  const folder = join(paths.training, id);
  mkdirSync(folder, { recursive: true });
  const waiting = (pid: number) => process.stderr.write(`${id}: process ${pid} is at it, waiting\n`);
  return withLock(
    join(folder, 'lock'),
    () => scoreAlone(training, id, folder, name, examples, paths),
    waiting,
  );
}

async function scoreAlone(
  { entry, seed, fingerprint }: EncoderTraining,
  id: string,
  folder: string,
  name: string,
  examples: readonly Row[],
  paths: Paths,
): Promise<EncoderScores> {
  const { python } = trainingPrograms(paths);
  const weights = await locateFolder(findEncoder(entry.model, paths), paths);
  const mark = join(folder, 'fingerprint');
  if (existsSync(mark) && readFileSync(mark, 'utf8') !== fingerprint) {
    process.stderr.write(`${id}: its entry has changed, so it is trained anew\n`);
    for (const part of [CHECKPOINTS, MODEL]) rmSync(join(folder, part), { recursive: true, force: true });
  }
  dropTorn(join(folder, CHECKPOINTS));
  const { labels, fields } = toLearn(entry, paths);
  const train = join(folder, 'train.jsonl');
  const test = { rows: join(folder, `${name}.jsonl`), scores: join(folder, `${name}.scores.jsonl`) };
  rmSync(test.scores, { force: true });
  if (!existsSync(join(folder, MODEL))) {
    const drawn = await trainingRows(entry, seed, paths);
    writeFileAtomic(
      train,
      jsonLines(
        drawn.flatMap(({ rows }) => rows),
        fields,
      ),
    );
  }
  writeFileAtomic(test.rows, jsonLines(examples, fields));
  writeFileAtomic(mark, fingerprint);
  const { epochs, learningRate, batch, warmup, maxLength } = entry;
  const config = {
    ...{ weights, train, checkpoints: join(folder, CHECKPOINTS), model: join(folder, MODEL), labels },
    ...{ seed, epochs, learningRate, batch, warmup, maxLength, tests: [test] },
  };
  const file = join(folder, 'config.json');
  writeFileAtomic(file, `${JSON.stringify(config, null, 2)}\n`);

  let shown: ReturnType<typeof progress> | undefined;
  let at = 0;
  let device = 'cpu';
  try {
    await runProgram({
      program: python,
      args: [join(paths.python, 'encoder.py'), file],
      log: join(folder, 'training.log'),
      onLine(line) {
        const what = readLine(line);
        if (what && 'step' in what) {
          shown ??= progress(id, what.steps, 'updates', { already: what.step });
          shown.advance(Math.max(0, what.step - (at || what.step)));
          at = what.step;
        } else if (what) {
          device = what.device;
          if (what.cut > 0)
            process.stderr.write(`${id}: the evidence of ${what.cut} rows of ${name} was cut to fit\n`);
        }
      },
    });
  } finally {
    shown?.done();
  }
  // What it takes to go on is several times as large as the model, and no longer needed.
  rmSync(join(folder, CHECKPOINTS), { recursive: true, force: true });
  const found = readScores(test.scores);
  const scores = examples.map(({ id: row }) => {
    const score = found.get(row);
    if (!score) throw new UserError(`${id} gave ${row} no score`, { at: { file: test.scores } });
    return score;
  });
  return { device, scores };
}

/** Removes what a kill left unfinished: Python would go on from the last checkpoint, whole or not. */
function dropTorn(folder: string): void {
  for (const checkpoint of checkpoints(folder)) {
    // Written last; Python writes numbers in it that JSON has not, so its end is looked at, not all of it.
    const state = join(checkpoint.folder, 'trainer_state.json');
    if (!existsSync(state) || !readFileSync(state, 'utf8').trimEnd().endsWith('}'))
      rmSync(checkpoint.folder, { recursive: true });
  }
}

function readLine(line: string): z.output<typeof output> | undefined {
  if (!line.startsWith('{"')) return undefined;
  try {
    return output.safeParse(JSON.parse(line)).data;
  } catch {
    // A library's own words, or a loss that is NaN, which JSON has not: neither is shown.
    return undefined;
  }
}

/** The scores that Python wrote, by id; log-probabilities to six decimals, as those of every run. */
function readScores(file: string): ReadonlyMap<string, EncoderScore> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const { id, logprobs, tokens, milliseconds } = scored.parse(JSON.parse(line));
      return [
        id,
        {
          row: {
            id,
            logprobs: logprobs.map(decimals),
            mass: 1,
            promptTokens: tokens,
          },
          milliseconds,
        },
      ];
    }),
  );
}

/** The labels of an entry's task, and the texts that tell of them. @throws UserError where a row has not just one label. */
function toLearn({ id, train: [build] }: EncoderEntry, paths: Paths) {
  const task = build && taskOf(build, paths);
  if (task && shapeOf(task).head === 'softmax')
    return { labels: labelsOf(task), fields: fieldsOf(task).slice(0, 2) };
  throw new UserError(
    `${id}: an encoder learns tasks of one label a row so far, and ${build} is of ${task?.name}`,
  );
}

/** The texts of a row that Python reads, one or two, its gold label and its id. */
const jsonLines = (rows: readonly Row[], fields: readonly string[]) =>
  rows
    .map(
      (row) =>
        `${JSON.stringify({ id: row.id, texts: fields.map((field) => textOf(row, field)), gold: row.gold })}\n`,
    )
    .join('');

const CHECKPOINTS = 'checkpoints';
const MODEL = 'model';
