import { loadBuild } from '../datasets/builds.js';
import { findModel } from '../models/catalogue.js';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { progress } from '../project/progress.js';
import type { RecordHeader } from '../records/header.js';
import { openRecords, type SealedRecord } from '../records/store.js';
import { ANSWER_VERSION } from '../tasks/answer.js';
import { findPrompt } from '../tasks/prompt.js';
import { type Generation, generationRow, textKeeper } from './generation.js';
import { ggufProvider } from './llama/provider.js';
import { apiHeader, meansOf } from './openai/provider.js';
import type { Provider } from './provider.js';
import { askedHeader, questionOf, type Run, runName } from './run.js';
import type { Limits, Writer } from './writer.js';

/** A model and the way it is made to write. */
interface WriterProvider extends Pick<Provider, 'header' | 'prepare'> {
  readonly limits: Limits;
  open(): Promise<Writer>;
}

function writerOf({ model, prompt }: Run, asked: Partial<Limits>, paths: Paths): WriterProvider {
  const found = findModel(model, paths);
  if (found.provider === 'openai') {
    const limits = { maxTokens: found.answerTokens, stop: [], ...asked };
    return {
      header: apiHeader(found, { kind: 'answers', ...limits }),
      limits,
      async prepare() {},
      async open() {
        const { openApiWriter } = await import('./openai/writer.js');
        return openApiWriter(found, meansOf(paths));
      },
    };
  }
  if (found.provider === 'gguf') {
    const limits = { maxTokens: findPrompt(prompt, paths).answerTokens, stop: [], ...asked };
    const provider = ggufProvider(found, paths);
    return {
      get header() {
        return { ...provider.header, sampling: { temperature: 0, ...limits } };
      },
      limits,
      prepare: provider.prepare,
      async open() {
        const { openGgufWriter } = await import('./llama/writer.js');
        return openGgufWriter(found, paths);
      },
    };
  }
  throw new UserError(`${found.title} cannot write`, { at: { file: paths.modelsFile } });
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
  return { kind: 'generation', ...header, ...askedHeader(run, paths), answer: ANSWER_VERSION };
}

/** Its record: as a run's, in the folder `generations`. */
export const generationName = (run: Run): string => runName(run).replace(/^runs/, 'generations');

/**
 * What a model answers in words about every row of a build, in the build's order: replayed from its record, or
 * written now, each row kept as soon as it is there. The texts themselves lie in `build/generations`; see `Generation`.
 *
 * @param limits default: as many tokens as the prompt's entry says, or the model's, and no stop strings.
 * @throws UserError where the model is behind an endpoint and key, address or budget are missing.
 */
export async function answerRun(
  run: Run,
  limits: Partial<Limits> = {},
  paths: Paths = projectPaths(),
): Promise<SealedRecord<Generation>> {
  const provider = writerOf(run, limits, paths);
  await provider.prepare();
  const header = generationHeader(run, limits, paths);
  const name = generationName(run);
  return openRecords(paths).ensure<Generation>({
    header,
    name,
    async compute(partial) {
      const examples = await loadBuild(run.test, { paths });
      const missing = examples.filter(({ id }) => !partial.rows.has(id));
      if (missing.length > 0) {
        const question = await questionOf(run, paths);
        const rows = new Map(missing.map((row) => [row.id, row]));
        const keepText = textKeeper(header, name, paths);
        const writer = await provider.open();
        const shown = progress(name, examples.length, 'rows', { already: examples.length - missing.length });
        const place = { name, stem: partial.path.replace(/\.jsonl$/, '') };
        partial.computeOn(writer.device);
        try {
          await writer.write(
            question,
            missing,
            provider.limits,
            (id, text, milliseconds) => {
              keepText(id, text.text);
              const row = rows.get(id);
              if (row) partial.append(generationRow(row, text, question.prompt), milliseconds);
              shown.advance(1);
            },
            place,
          );
        } finally {
          shown.done();
          await writer.dispose();
        }
      }
      return examples.map(({ id }) => {
        const timed = partial.rows.get(id);
        if (!timed) throw new Error(`${id} was not asked about`);
        return timed.row;
      });
    },
  });
}
