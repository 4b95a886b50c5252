import { type BuildHeader, buildHeader, loadBuild } from '../datasets/builds.js';
import { type BuildName, type Example, LABELS } from '../datasets/example.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import { randomStream } from '../project/random.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { promptHash } from './chat.js';
import type { LabelScore } from './label-score.js';
import { findTemplate } from './prompt.js';
import { providerOf } from './provider.js';
import type { ScorerPool } from './scorer-pool.js';

/** A model asked about every row of a build, under one prompt. */
export interface Run {
  /** An id of `data/models.yaml`. */
  readonly model: string;
  /** A name among TEMPLATES. */
  readonly prompt: string;
  readonly test: BuildName;
  /** Solved examples shown before the question; none is zero-shot. */
  readonly shots?: Shots;
}

/** Solved examples, drawn evenly from the labels of a training build. */
export interface Shots {
  readonly count: number;
  readonly from: BuildName;
  readonly seed: number;
}

/**
 * Everything that determines a run's scores: hash of the prompt, the build's header, the shots, and what the model's
 * provider adds (for a GGUF file its hash, the layout and llama.cpp's release). Needs neither data nor model; a model without a known hash is downloaded to learn it.
 *
 * @throws UserError naming an unknown model, prompt or build.
 */
export async function runHeader(run: Run, paths: Paths = projectPaths()): Promise<RecordHeader> {
  const { header } = await providerOf(run.model, paths);
  return { kind: 'run', ...header, ...askedHeader(run, paths) };
}

/** What is asked, whoever is asked: the part of a run's header besides the model's. */
export function askedHeader(run: Run, paths: Paths) {
  const template = findTemplate(run.prompt);
  return {
    adapter: null,
    prompt: { template: template.name, sha256: promptHash(template) },
    shots: run.shots
      ? { ...run.shots, drawn: DRAW_VERSION, from: headerJson(buildHeader(run.shots.from, paths)) }
      : null,
    build: headerJson(buildHeader(run.test, paths)),
  };
}

/** A run's record: `runs/MODEL/DATASET-BUILD-SPLIT.PROMPT`, with the number of shots if there are any. */
export function runName({ model, prompt, test, shots }: Run): string {
  return `runs/${model}/${test.replaceAll('/', '-')}.${prompt}${shots ? `.${shots.count}-shot` : ''}`;
}

/**
 * The scores of a run, in the build's order: replayed from its record, or computed, each row kept as soon as it is
 * known, so that an interrupted run goes on where it stopped.
 *
 * @param pool holds the loaded model between runs; the caller disposes it.
 */
export async function scoreRun(
  run: Run,
  pool: ScorerPool,
  paths: Paths = projectPaths(),
): Promise<SealedRecord<LabelScore>> {
  return openRecords(paths).ensure<LabelScore>({
    header: await runHeader(run, paths),
    name: runName(run),
    async compute(partial) {
      const examples = await loadBuild(run.test, { paths });
      const missing = examples.filter(({ id }) => !partial.rows.has(id));
      if (missing.length > 0) {
        const question = { template: findTemplate(run.prompt), shots: await drawShots(run.shots, paths) };
        await pool.use(run.model, async (scorer) => {
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
 * The solved examples of a k-shot prompt: labels in turn, each label's rows in a seeded random order.
 *
 * @throws UserError if the training build has too few rows of a label.
 */
export async function drawShots(
  shots: Shots | undefined,
  paths: Paths = projectPaths(),
): Promise<readonly Example[]> {
  if (!shots) return [];
  const pool = randomStream('shots', shots.seed).shuffle(await loadBuild(shots.from, { paths }));
  const byLabel = LABELS.map((label) => pool.filter((example) => example.label === label));
  return Array.from({ length: shots.count }, (_, index) => {
    const example = byLabel[index % LABELS.length]?.[Math.floor(index / LABELS.length)];
    if (!example) {
      throw new UserError(
        `${shots.from} has too few rows labelled ${LABELS[index % LABELS.length]} for ${shots.count} shots`,
      );
    }
    return example;
  });
}

function headerJson({ build, version, files, seed }: BuildHeader) {
  return { build, version, files: { ...files }, ...(seed !== undefined && { seed }) };
}
