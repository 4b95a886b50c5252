import type { BuildName } from '../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../datasets/builds.js';
import { locateAdapter } from '../models/adapters.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { randomStream } from '../project/random.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { findPrompt, type Prompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import { shapeOf } from '../tasks/shape-of.js';
import type { Task } from '../tasks/task.js';
import { adapterOf, askedModel } from './asked-model.js';
import { promptHash } from './chat.js';
import type { LabelScore } from './label-score.js';
import type { Layout } from './llama/layout.js';
import { providerOf } from './provider.js';
import type { Question } from './scorer.js';
import type { ScorerPool } from './scorer-pool.js';

/** A model asked about every row of a build, under one prompt. */
export interface Run {
  /** An id of `data/models.yaml`. */
  readonly model: string;
  /** A name of `data/prompts.yaml`. */
  readonly prompt: string;
  readonly test: BuildName;
  /** Solved examples shown before the question; none is zero-shot. */
  readonly shots?: Shots;
  /** An id of `data/adapters`, of an adapter made for the model; none is the model as it is. */
  readonly adapter?: string | undefined;
  /** How a model in process is evaluated; default: canonical. */
  readonly layout?: Layout | undefined;
}

/** Solved examples, drawn evenly from the labels of a training build. */
export interface Shots {
  readonly count: number;
  readonly from: BuildName;
  readonly seed: number;
}

/**
 * Everything that determines a run's scores: hashes of prompt and adapter, the build's header, the shots, and what the
 * model's provider adds (for a GGUF file its hash, the layout and llama.cpp's release). Needs neither data nor model, and
 * downloads nothing.
 *
 * @throws UserError naming a model whose hash nobody has learnt yet, an unknown model, adapter, prompt or build, or an adapter made for another model.
 */
export function runHeader(run: Run, paths: Paths = projectPaths()): RecordHeader {
  const { header } = providerOf(askedModel(run, paths), paths, run.layout);
  return { kind: 'run', ...header, ...askedHeader(run, paths) };
}

/** What is asked, whoever is asked: the part of a run's header besides the model's. */
export function askedHeader(run: Run, paths: Paths) {
  const prompt = promptFor(run.prompt, run.test, paths);
  const adapter = adapterOf(run, paths);
  return {
    adapter: adapter ? { id: adapter.id, sha256: adapter.sha256 } : null,
    prompt: { template: prompt.name, sha256: promptHash(prompt) },
    shots: run.shots ? { ...run.shots, drawn: DRAW_VERSION, from: buildHeader(run.shots.from, paths) } : null,
    build: buildHeader(run.test, paths),
  };
}

/** What a run asks, with shots and adapter at hand. @throws UserError if they cannot be had. */
export async function questionOf(run: Run, paths: Paths = projectPaths()): Promise<Question> {
  const adapter = adapterOf(run, paths);
  return {
    prompt: promptFor(run.prompt, run.test, paths),
    shots: await drawShots(run.shots, paths),
    ...(adapter?.provider === 'gguf' && { adapter: await locateAdapter(adapter, paths) }),
  };
}

/** A run's record: `runs/MODEL/DATASET-BUILD-SPLIT.PROMPT`, with adapter and number of shots if there are any. */
export function runName({ model, adapter, prompt, test, shots }: Run): string {
  const whom = adapter === undefined ? model : `${model}+${adapter}`;
  return `runs/${whom}/${test.replaceAll('/', '-')}.${prompt}${shots ? `.${shots.count}-shot` : ''}`;
}

/**
 * The scores of a run, in the build's order: replayed from its record, or computed, each row kept as soon as it is
 * known, so that an interrupted run goes on where it stopped.
 *
 * @param pool holds the loaded model between runs; the caller disposes it.
 * @throws UserError where the task is not one of one label a row.
 */
export async function scoreRun(
  run: Run,
  pool: ScorerPool,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<LabelScore>> {
  const task = taskOf(run.test, paths);
  if (task.shape !== 'one-of')
    throw new UserError(
      `the rows of ${run.test} have no label each, whose log-probability could be asked for`,
      {
        hint: `${task.name} is a task of shape ${task.shape}: study.responses(model, build) lets the model write its answers.`,
      },
    );
  await providerOf(askedModel(run, paths), paths, run.layout).prepare();
  return openRecords(paths).ensure<LabelScore>({
    header: runHeader(run, paths),
    name: runName(run),
    async compute(partial) {
      const examples = await loadBuild(run.test, { paths });
      const missing = examples.filter(({ id }) => !partial.rows.has(id));
      if (missing.length > 0) {
        const question = await questionOf(run, paths);
        await pool.use(run, async (scorer) => {
          partial.computeOn(scorer.device);
          const already = examples.length - missing.length;
          const shown = progress(runName(run), examples.length, 'rows', { already });
          try {
            const keep = (row: LabelScore, milliseconds: number) => {
              partial.append(row, milliseconds);
              shown.advance(1);
            };
            const place = { name: runName(run), stem: partial.path.replace(/\.jsonl$/, '') };
            await scorer.score(question, missing, keep, place);
          } finally {
            shown.done();
          }
        });
      }
      return examples.map(({ id }) => {
        const timed = partial.rows.get(id);
        if (!timed) throw new Error(`${id} was not scored`);
        return timed.row;
      });
    },
  });
}

/** Raised with every change to `drawShots` that draws other examples. */
const DRAW_VERSION = 1;

/**
 * The solved examples of a k-shot prompt: classes of gold in turn (labels; of a label set its first; where a task has none
 * all rows are one class), each class's rows in a seeded random order. Of label sets and spans a class that has no row left
 * is passed over, since a label may never stand first.
 *
 * @throws UserError if the training build has too few rows, or too few of a label.
 */
export async function drawShots(
  shots: Shots | undefined,
  paths: Paths = projectPaths(),
): Promise<readonly Row[]> {
  if (!shots) return [];
  return shotsAmong(await loadBuild(shots.from, { paths }), shots, taskOf(shots.from, paths));
}

/** The same among the rows of their build, or what is known of these. @throws UserError as `drawShots`. */
export function shotsAmong<Known extends Pick<Row, 'gold'>>(
  rows: readonly Known[],
  { count, from, seed }: Shots,
  task: Task,
): readonly Known[] {
  const { strata, stratum } = shapeOf(task);
  const pool = randomStream('shots', seed).shuffle(rows);
  const names = strata.length > 0 ? strata : [''];
  const classes = names.map((name) => pool.filter(({ gold }) => stratum(gold) === name));
  const flaw = (has: number, labelled: string) =>
    new UserError(`${from} has ${has} row${has === 1 ? '' : 's'}${labelled}, too few for ${count} shots`, {
      at: { field: 'shots.count' },
    });
  if (task.shape === 'one-of') {
    const short = classes.findIndex((each, index) => each.length < Math.ceil((count - index) / names.length));
    if (short >= 0) throw flaw(classes[short]?.length ?? 0, ` labelled ${names[short]}`);
  }
  if (pool.length < count) throw flaw(pool.length, '');
  const rounds = Array.from({ length: count }, (_, round) =>
    classes.flatMap((each) => each.slice(round, round + 1)),
  );
  return rounds.flat().slice(0, count);
}

/** A prompt for the rows of a build. @throws UserError where it is a prompt of another task. */
function promptFor(name: string, build: BuildName, paths: Paths = projectPaths()): Prompt {
  const prompt = findPrompt(name, paths);
  const task = taskOf(build, paths);
  if (task.name === prompt.task.name) return prompt;
  throw new UserError(`the prompt "${name}" asks for ${prompt.task.name}, and ${build} is of ${task.name}`, {
    at: { file: paths.promptsFile },
    hint: 'Name a prompt of that task.',
  });
}
