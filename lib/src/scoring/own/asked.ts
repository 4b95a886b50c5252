import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import {
  type Adapter,
  type AdapterFile,
  adapterIds,
  findAdapter,
  locateAdapter,
} from '../../models/adapters.js';
import { findGguf, type Model } from '../../models/catalogue.js';
import { type EndpointOptions, namedModel } from '../../models/named-model.js';
import { tunedAdapter } from '../../models/tuned-model.js';
import { sha256File } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import type { Paths } from '../../project/paths.js';
import { findPrompt, firstPromptOf, type Prompt, promptNames } from '../../tasks/prompt.js';
import { findTask } from '../../tasks/task.js';
import { assertRunsHere, madeForAnother } from '../asked-model.js';

/** What a user says of who is asked, and how. */
export interface AskedOptions extends EndpointOptions {
  /** An id of `data/models.yaml`, a GGUF file or the address of an endpoint. Default: the model that the adapter was made for. */
  readonly model?: string | undefined;
  /** An id of `data/adapters`, or the path of a GGUF file of the kind LoRA. */
  readonly adapter?: string | undefined;
  /** A name of `data/prompts.yaml`, or a YAML file with one such entry. Default: the one the adapter was trained under, else the first of the task. */
  readonly prompt?: string | undefined;
  /** A name of `data/tasks.yaml`. Default: the task of the prompt, else claim verification. */
  readonly task?: string | undefined;
}

/** Who is asked, and how. */
export interface Asked {
  readonly model: Model;
  readonly adapter?: AdapterFile;
  readonly prompt: Prompt;
}

const DEFAULT_TASK = 'claim-verification';

/**
 * Finds what is asked for. Nothing is loaded yet; files of a user's own are hashed.
 *
 * @throws UserError for what there is not, with the nearest; for an adapter of another model, and a prompt of another task.
 */
export async function askedOf(options: AskedOptions, paths: Paths): Promise<Asked> {
  const adapter = options.adapter === undefined ? undefined : await namedAdapter(options.adapter, paths);
  const name = options.model ?? adapter?.manifest?.model;
  if (name === undefined)
    throw new UserError('no model is named', {
      hint: 'Name an id of data/models.yaml, a GGUF file or the address of an endpoint.',
    });
  const prompt = promptOf(options, adapter?.manifest, paths);
  const model = await namedModel(name, options, paths);
  if (!adapter) return { model, prompt };
  assertRunsHere(adapter.file.id, model, paths);
  const { manifest, file } = adapter;
  // A file of the user's own may be the same model in another form: what does not fit is seen when it is loaded.
  if (manifest && manifest.model !== model.id && name === model.id)
    throw madeForAnother(manifest, name, paths);
  if (manifest?.provider === 'transformers')
    return { model: tunedAdapter(manifest, findGguf(manifest.model, paths)), prompt };
  return { model, prompt, adapter: file };
}

/** Both in a line, for people. */
export const modelAndPrompt = ({ model, adapter, prompt }: Asked): string =>
  `${model.title}${adapter ? ` with ${adapter.id}` : ''}, prompt ${prompt.name}`;

async function namedAdapter(
  name: string,
  paths: Paths,
): Promise<{ readonly file: AdapterFile; readonly manifest?: Adapter }> {
  const path = resolve(name);
  if (adapterIds(paths).includes(name) || !(/[\\/]|\.gguf$/i.test(name) || existsSync(path))) {
    const manifest = findAdapter(name, paths);
    return { manifest, file: await locateAdapter(manifest, paths) };
  }
  return { file: { id: basename(path, extname(path)), path, sha256: await sha256File(path) } };
}

function promptOf({ prompt, task }: AskedOptions, adapter: Adapter | undefined, paths: Paths): Prompt {
  const trained = adapter?.training?.prompt.template;
  if (prompt === undefined && (trained === undefined || task !== undefined)) {
    const { name } = findTask(task ?? DEFAULT_TASK, paths);
    const own = trained === undefined ? undefined : findPrompt(trained, paths);
    if (own?.task.name === name) return own;
    const first = firstPromptOf({ name }, paths);
    if (first !== undefined) return findPrompt(first, paths);
    throw new UserError(`no prompt asks for ${name}`, {
      at: { file: paths.promptsFile },
      hint: 'Write one there, or name a file with one: --prompt FILE.',
    });
  }
  const found = namedPrompt(prompt ?? trained ?? '', paths);
  if (task === undefined || found.task.name === findTask(task, paths).name) return found;
  throw new UserError(`the prompt "${found.name}" asks for ${found.task.name}, not for ${task}`, {
    hint: 'Leave the task out, or name a prompt of it.',
  });
}

function namedPrompt(name: string, paths: Paths): Prompt {
  if (!/\.ya?ml$/i.test(name)) return findPrompt(name, paths);
  const own = { ...paths, promptsFile: resolve(name) };
  const [only, ...others] = promptNames(own);
  if (only !== undefined && others.length === 0) return findPrompt(only, own);
  throw new UserError(`${only === undefined ? 'no prompt' : `${others.length + 1} prompts`}, not one`, {
    at: { file: name },
    hint: 'It holds one entry, as data/prompts.yaml has them.',
  });
}
