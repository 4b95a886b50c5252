import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { withLock } from 'small-claims/project/lock';
import { projectPaths } from 'small-claims/project/paths';
import { llamaSource } from 'small-claims/scoring/llama-tools';

/** A model's weights as plain 32-bit floats, which every peer can read without rounding. */
export interface PlainWeights {
  /** For Hugging Face's transformers. */
  readonly folder: string;
  /** For llama.cpp. */
  readonly gguf: string;
}

/** Dequantises a GGUF file, once: both forms are kept beside the models, in the cache. */
export async function plainWeights(python: string, gguf: string, sha256: string): Promise<PlainWeights> {
  const folder = join(projectPaths().modelCache, `${sha256.slice(0, 12)}.f32`);
  const made: PlainWeights = { folder, gguf: join(folder, 'model-f32.gguf') };
  return withLock(`${folder}.lock`, async () => {
    if (existsSync(folder)) return made;
    process.stderr.write('dequantising the model (once) ...\n');
    const half = `${folder}.half`;
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half, { recursive: true });
    const env = { HF_HUB_OFFLINE: '1' };
    await execa(python, ['-c', DEQUANTISE, gguf, half], { env });
    const convert = join(await llamaSource(), 'convert_hf_to_gguf.py');
    await execa(python, [convert, half, '--outtype', 'f32', '--outfile', join(half, 'model-f32.gguf')], {
      env,
    });
    renameSync(half, folder);
    return made;
  });
}

const DEQUANTISE = `
import os, sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
path, out = sys.argv[1:]
given = dict(pretrained_model_name_or_path=os.path.dirname(path), gguf_file=os.path.basename(path))
try:
    from transformers import GgufConfig
    dequantise = dict(quantization_config=GgufConfig(dequantize=True))
except ImportError:
    dequantise = {}
AutoModelForCausalLM.from_pretrained(**given, **dequantise, dtype=torch.float32).save_pretrained(out)
AutoTokenizer.from_pretrained(**given).save_pretrained(out)
`;
