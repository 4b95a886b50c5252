import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { canonicalJson } from '../project/digest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { askPython } from '../project/python.js';
import { llamaSource } from '../scoring/llama-tools.js';
import { type Checkpoint, STATE } from './checkpoints.js';

/** The file of weights in PEFT's layout. */
export const PEFT_WEIGHTS = 'adapter_model.safetensors';

/** An adapter in both forms, of the same 16-bit weights. */
export interface ExportedAdapter {
  /** In PEFT's layout. */
  readonly folder: string;
  /** For llama.cpp. */
  readonly gguf: string;
}

/**
 * Exports the adapter of a checkpoint: PEFT's layout in 16-bit floats, and from it a GGUF file by llama.cpp's own
 * converter. Neither holds a path of this machine.
 *
 * @param baseName what the adapter says it was made for.
 * @param base its weights in Hugging Face's layout, for their shapes.
 */
export async function exportAdapter(
  python: string,
  { folder: from }: Checkpoint,
  to: { readonly folder: string; readonly name: string },
  { baseName, base }: { readonly baseName: string; readonly base: string },
  paths: Paths = projectPaths(),
): Promise<ExportedAdapter> {
  const gguf = join(to.folder, `${to.name}.gguf`);
  rmSync(to.folder, { recursive: true, force: true });
  mkdirSync(to.folder, { recursive: true });
  const half = join(paths.python, 'half_adapter.py');
  await askPython(python, [half, join(from, PEFT_WEIGHTS), join(to.folder, PEFT_WEIGHTS)]);
  writePeftConfig(from, to.folder, baseName);
  const convert = join(await llamaSource(paths), 'convert_lora_to_gguf.py');
  await askPython(python, [convert, to.folder, '--base', base, '--outtype', 'f16', '--outfile', gguf]);
  return { folder: to.folder, gguf };
}

/** What transformers scores: the files, and that of weights among them. */
export interface ExportedWeights {
  readonly folder: string;
  readonly file: string;
}

/**
 * What transformers scores of a checkpoint, as it was trained: PEFT's files, or whole weights with the base's tokeniser, in a
 * folder that names no path of this machine.
 */
export function exportWeights(
  { folder: from }: Checkpoint,
  folder: string,
  { baseName, base }: { readonly baseName: string; readonly base: string },
): ExportedWeights {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(from, PEFT_WEIGHTS))) {
    copyFileSync(join(from, PEFT_WEIGHTS), join(folder, PEFT_WEIGHTS));
    writePeftConfig(from, folder, baseName);
    return { folder, file: PEFT_WEIGHTS };
  }
  for (const file of readdirSync(from).filter((name) => name !== STATE))
    copyFileSync(join(from, file), join(folder, file));
  for (const file of readdirSync(base).filter((name) => TOKENISER.test(name)))
    copyFileSync(join(base, file), join(folder, file));
  return { folder, file: WEIGHTS };
}

function writePeftConfig(from: string, to: string, baseName: string): void {
  const config: unknown = JSON.parse(readFileSync(join(from, 'adapter_config.json'), 'utf8'));
  const named = { ...asObject(config), base_model_name_or_path: baseName, inference_mode: true };
  writeFileAtomic(
    join(to, 'adapter_config.json'),
    `${JSON.stringify(JSON.parse(canonicalJson(sorted(named))), null, 2)}\n`,
  );
}

const WEIGHTS = 'model.safetensors';
const TOKENISER =
  /^(tokenizer.*|special_tokens_map|added_tokens|vocab|merges|chat_template)\.(json|txt|model|jinja)$/;

const asObject = (value: unknown): object => (value !== null && typeof value === 'object' ? value : {});

/** PEFT keeps names of modules in sets, whose order changes from one run to the next. */
function sorted(config: object): object {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      Array.isArray(value) && value.every((item) => typeof item === 'string') ? value.toSorted() : value,
    ]),
  );
}
