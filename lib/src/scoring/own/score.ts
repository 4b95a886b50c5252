import { join } from 'node:path';
import { answersTo } from '../../metrics/answers.js';
import { tellsLogprobs } from '../../models/catalogue.js';
import { canonicalJson, sha256 } from '../../project/digest.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { progress } from '../../project/progress.js';
import type { RecordHeader } from '../../records/header.js';
import type { PartialRecord } from '../../records/partial.js';
import { openRecords } from '../../records/store.js';
import { answerVersion } from '../../tasks/answer.js';
import type { Gold, Row } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { labelsOf, taskDigest } from '../../tasks/task.js';
import { promptHash } from '../chat.js';
import type { Generation } from '../generation.js';
import { writeAnswers, writerProviderOf } from '../generation-run.js';
import type { LabelScore } from '../label-score.js';
import { providerOf } from '../provider.js';
import type { Question, RunPlace } from '../scorer.js';
import { type Asked, type AskedOptions, askedOf } from './asked.js';
import { type AskableRow, type AskedRow, askedRows } from './rows.js';

/** What a model answers about a row of one's own. */
export interface Prediction {
  readonly id: string;
  /** The most probable label, or what was read out of the written answer; null where that keeps to no form. */
  readonly prediction: Answer | null;
  /** By label, where the model tells them. They add up to 1. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** The probability that all labels' words have together, of all words. Little of it: the model would hardly say one. */
  readonly mass?: number;
  /** The answer as it was written, where one was. */
  readonly written?: string;
  /** Of a written text with gold: what its measures make of it, as an answer to be scored. */
  readonly scored?: Answer | null;
  readonly gold?: Gold;
  readonly keys: Row['keys'];
}

/** What is kept of a row: under build/, which git ignores, so that a written text may be among it. */
type KeptAnswer = LabelScore | (Generation & { readonly written: string });

/**
 * What a model answers about rows of one's own: a label with the probability of each, or, where the task has no labels or
 * the model tells no probabilities, the answer it writes. Each row is kept in `build/scores` as soon as it is answered, so
 * that the same call after an interruption goes on, and after the end answers at once.
 *
 * Rows are those of `loadBuild`, or texts by field, with an `id` and `gold` if they have such. `model` is an id of
 * `data/models.yaml`, the path of a GGUF file or the address of an endpoint (with `modelName`); `adapter` an id of
 * `data/adapters` or the path of a LoRA in GGUF; `prompt` a name of `data/prompts.yaml` or a YAML file with one such entry.
 *
 * @param options.name what progress and record are called.
 * @throws UserError for what there is not, with the nearest, and for the first row that is none of the task.
 *
 * @example
 * const evidence = 'In 12 villages, diarrhoea was 40 % less frequent where soap was given.';
 * const rows = [{ claim: 'Washing hands with soap lowers the risk of diarrhoea.', evidence }];
 * const [first] = await score(rows, { model: 'smollm2-135m-instruct' });
 * Object.keys(first?.probabilities ?? {}).length; // -> 3
 */
export async function score(
  rows: readonly AskableRow[],
  { name, ...options }: AskedOptions & { readonly name?: string },
  paths: Paths = projectPaths(),
): Promise<readonly Prediction[]> {
  return scoreAsked(rows, await askedOf(options, paths), name, paths);
}

/** The same of a model, an adapter and a prompt at hand. */
export async function scoreAsked(
  given: readonly AskableRow[],
  asked: Asked,
  name = 'rows',
  paths: Paths = projectPaths(),
): Promise<readonly Prediction[]> {
  const { model, adapter, prompt } = asked;
  const { task } = prompt;
  const rows = askedRows(given, task);
  if (rows.length === 0) return [];
  const asking = await askingOf(asked, paths);
  const store = openRecords({ ...paths, records: join(paths.build, 'scores') }, { noted: false });
  const record = await store.ensure<KeptAnswer>({
    header: { ...asking.header, ...whatIsAsked(asked, rows) },
    name: [model.id, ...(adapter ? [adapter.id] : [])].join('+').concat(`/${name}.${prompt.name}`),
    // Why not the rows of the last time are asked about, the user knows.
    quiet: true,
    async compute(partial) {
      await askMissing(rows, partial, asking, name);
      return rows.flatMap(({ id }) => partial.rows.get(id)?.row ?? []);
    },
  });
  const answers = answersTo(task, rows, record.rows);
  return rows.map(({ id, keys, gold }, index): Prediction => {
    const kept = record.rows[index];
    const own = { id, keys, ...(gold !== undefined && { gold }) };
    const answer = answers[index] ?? null;
    if (kept && 'written' in kept) {
      const { written } = kept;
      if (task.shape !== 'text') return { ...own, prediction: answer, written };
      return { ...own, prediction: written, written, ...(gold !== undefined && { scored: answer }) };
    }
    const probabilities = labelsOf(task).map((label, at) => [
      label,
      Math.exp(kept?.logprobs[at] ?? Number.NaN),
    ]);
    return {
      ...own,
      prediction: answer,
      probabilities: Object.fromEntries(probabilities),
      mass: kept?.mass ?? Number.NaN,
    };
  });
}

function whatIsAsked({ model, adapter, prompt }: Asked, rows: readonly AskedRow[]) {
  // Of a text of the model's own words what is kept is what its measures make of it, which takes gold.
  const seen = rows.map(({ id, texts, gold }) => [
    id,
    texts,
    prompt.task.shape === 'text' ? gold : undefined,
  ]);
  return {
    // Two servers may have models of one name.
    ...('url' in model && model.url !== undefined && { endpoint: sha256(model.url) }),
    adapter: adapter ? { id: adapter.id, sha256: adapter.sha256 } : null,
    prompt: { template: prompt.name, sha256: promptHash(prompt) },
    task: taskDigest(prompt.task),
    rows: sha256(canonicalJson(seen)),
  };
}

/** A model that is asked in one of two ways. */
interface Asking {
  readonly header: RecordHeader;
  ask(rows: readonly Row[], keep: Keep, computeOn: (device: string) => void, place: RunPlace): Promise<void>;
}

type Keep = (row: KeptAnswer, milliseconds: number) => void;

async function askingOf({ model, adapter, prompt }: Asked, paths: Paths): Promise<Asking> {
  const question: Question = { prompt, shots: [], adapter };
  if (tellsLogprobs(model) && prompt.task.shape === 'one-of') {
    const provider = providerOf(model, paths);
    await provider.prepare();
    return {
      header: { kind: 'run', ...provider.header },
      async ask(rows, keep, computeOn, place) {
        const scorer = await provider.open();
        try {
          computeOn(scorer.device);
          await scorer.score(question, rows, keep, place);
        } finally {
          await scorer.dispose();
        }
      },
    };
  }
  const provider = writerProviderOf(model, prompt, {}, paths);
  await provider.prepare();
  return {
    header: { kind: 'generation', ...provider.header, answer: answerVersion(prompt.shape) },
    async ask(rows, keep, computeOn, place) {
      const written = new Map<string, string>();
      await writeAnswers(provider, question, rows, {
        keepText: (id, text) => written.set(id, text),
        keep: (row, milliseconds) => keep({ ...row, written: written.get(row.id) ?? '' }, milliseconds),
        computeOn,
        place,
      });
    },
  };
}

async function askMissing(
  rows: readonly AskedRow[],
  partial: PartialRecord<KeptAnswer>,
  { ask }: Asking,
  name: string,
): Promise<void> {
  const missing = rows.filter(({ id }) => !partial.rows.has(id));
  if (missing.length === 0) return;
  const already = rows.length - missing.length;
  if (already > 0)
    process.stderr.write(`${name}: ${already} of ${rows.length} rows were answered before; going on\n`);
  const shown = rows.length > 1 ? progress(name, rows.length, 'rows', { already }) : undefined;
  try {
    await ask(
      missing.map((row) => ({ gold: '', ...row })),
      (row, milliseconds) => {
        partial.append(row, milliseconds);
        shown?.advance(1);
      },
      (device) => partial.computeOn(device),
      { name, stem: partial.path.replace(/\.jsonl$/, '') },
    );
  } finally {
    shown?.done();
  }
}
