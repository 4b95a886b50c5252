import { loadBuild } from '../datasets/builds.js';
import type { ApiModel, Model } from '../models/catalogue.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { answerVersion } from '../tasks/answer.js';
import { findPrompt, type Prompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import { askedModel } from './asked-model.js';
import { type Generation, generationRow, textKeeper } from './generation.js';
import { ggufProvider } from './llama/provider.js';
import { apiHeader, meansOf } from './openai/provider.js';
import type { Provider } from './provider.js';
import { askedHeader, questionOf, type Run, runName } from './run.js';
import type { Question, RunPlace } from './scorer.js';
import { transformersProvider } from './transformers/provider.js';
import type { Limits, Writer } from './writer.js';

/** A model and the way it is made to write. */
interface WriterProvider extends Pick<Provider, 'header' | 'prepare'> {
  readonly limits: Limits;
  open(): Promise<Writer>;
}

/** The most tokens of an answer: a model that thinks first needs many, and a prompt that asks for a list. */
export const answerLimit = (model: Pick<ApiModel, 'answerTokens'>, prompt: Pick<Prompt, 'answerTokens'>) =>
  Math.max(model.answerTokens, prompt.answerTokens);

const writerOf = (run: Run, asked: Partial<Limits>, paths: Paths): WriterProvider =>
  writerProviderOf(askedModel(run, paths), findPrompt(run.prompt, paths), asked, paths);

/** A model that is to write answers under a prompt. @throws UserError of one that cannot write. */
export function writerProviderOf(
  model: Model,
  prompt: Prompt,
  asked: Partial<Limits>,
  paths: Paths,
): WriterProvider {
  if (model.provider === 'openai') {
    const limits = { maxTokens: answerLimit(model, prompt), stop: prompt.shape.stops, ...asked };
    return {
      header: apiHeader(model, { kind: 'answers', ...limits }),
      limits,
      async prepare() {},
      async open() {
        const { openApiWriter } = await import('./openai/writer.js');
        return openApiWriter(model, meansOf(paths));
      },
    };
  }
  const { provider, open } = writerHere(model, paths);
  const limits = { maxTokens: prompt.answerTokens, stop: prompt.shape.stops, ...asked };
  return {
    get header() {
      return { ...provider.header, sampling: { temperature: 0, ...limits } };
    },
    limits,
    prepare: provider.prepare,
    open,
  };
}

/** A model that writes on this machine. */
function writerHere(
  model: Model,
  paths: Paths,
): { readonly provider: Provider; readonly open: () => Promise<Writer> } {
  if (model.provider === 'transformers') {
    const provider = transformersProvider(model, paths);
    return { provider, open: provider.openWriter };
  }
  if (model.provider !== 'gguf')
    throw new UserError(`${model.title} cannot write`, { at: { file: paths.modelsFile } });
  return {
    provider: ggufProvider(model, paths),
    async open() {
      const { openGgufWriter } = await import('./llama/writer.js');
      return openGgufWriter(model, paths);
    },
  };
}

/**
 * Everything that determines what a model writes: as `runHeader` has it, with the limits of the text, and the version
 * of what reads the answer.
 */
export function generationHeader(
  run: Run,
  limits: Partial<Limits> = {},
  paths: Paths = projectPaths(),
): RecordHeader {
  const { header } = writerOf(run, limits, paths);
  const answer = answerVersion(findPrompt(run.prompt, paths).shape);
  return { kind: 'generation', ...header, ...askedHeader(run, paths), answer };
}

/** Its record: as a run's, in the folder `generations`. */
export const generationName = (run: Run): string => runName(run).replace(/^runs/, 'generations');

/** What a model answers in words, row by row. */
export interface Answering {
  /** A row's answer; an error it throws ends the call. */
  keep(row: Generation, milliseconds: number): void;
  /** The text that it was read out of, before the row is kept. */
  keepText?(id: string, text: string): void;
  /** What computes, before any answer is there. */
  computeOn?(device: string): void;
  readonly place?: RunPlace;
}

/** Has a model answer rows in words, in an order of its own. @throws UserError as `answerRun`. */
export const generateAnswers = async (
  run: Run,
  rows: readonly Row[],
  answering: Answering,
  limits: Partial<Limits> = {},
  paths: Paths = projectPaths(),
): Promise<void> => writeAnswers(writerOf(run, limits, paths), await questionOf(run, paths), rows, answering);

/** The same of a model and a question at hand. */
export async function writeAnswers(
  provider: WriterProvider,
  question: Question,
  rows: readonly Row[],
  { keep, keepText, computeOn, place }: Answering,
): Promise<void> {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const writer = await provider.open();
  computeOn?.(writer.device);
  try {
    await writer.write(
      question,
      rows,
      provider.limits,
      (id, text, milliseconds) => {
        keepText?.(id, text.text);
        const row = byId.get(id);
        if (row) keep(generationRow(row, text, question.prompt), milliseconds);
      },
      place,
    );
  } finally {
    await writer.dispose();
  }
}

/**
 * What a model answers in words about every row of a build, in the build's order: replayed from its record, or
 * written now, each row kept as soon as it is there. The texts themselves lie in `build/generations`; see `Generation`.
 *
 * @param limits default: as many tokens as the prompt's entry says, or the model's; the stop strings of the task's shape.
 * @throws UserError where the model is behind an endpoint and key, address or budget are missing.
 */
export async function answerRun(
  run: Run,
  limits: Partial<Limits> = {},
  paths: Paths = projectPaths(),
): Promise<SealedRecord<Generation>> {
  await writerOf(run, limits, paths).prepare();
  const header = generationHeader(run, limits, paths);
  const name = generationName(run);
  return openRecords(paths).ensure<Generation>({
    header,
    name,
    async compute(partial) {
      const rows = await loadBuild(run.test, { paths });
      const missing = rows.filter(({ id }) => !partial.rows.has(id));
      if (missing.length > 0) {
        const shown = progress(name, rows.length, 'rows', { already: rows.length - missing.length });
        const answering: Answering = {
          keep(row, milliseconds) {
            partial.append(row, milliseconds);
            shown.advance(1);
          },
          keepText: textKeeper(header, name, paths),
          computeOn: (device) => partial.computeOn(device),
          place: { name, stem: partial.path.replace(/\.jsonl$/, '') },
        };
        try {
          await generateAnswers(run, missing, answering, limits, paths);
        } finally {
          shown.done();
        }
      }
      return rows.map(({ id }) => {
        const timed = partial.rows.get(id);
        if (!timed) throw new Error(`${id} was not asked about`);
        return timed.row;
      });
    },
  });
}
