import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { field, ggufBytes } from '../../models/gguf/draft.js';
import { tinyModel } from '../../models/gguf/tiny-model.js';

/** So that an answer begins its turn: of one after a space the first letter would be the space, whatever the label. */
const TEMPLATE =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant\n';

/** Writes a model of 33 kB that has learnt nothing and reads a token a letter, with room for so many. @returns its path. */
export function tinyFile(folder: string, tokens = 2048): string {
  const path = join(folder, 'tiny.gguf');
  const model = tinyModel({
    'llama.context_length': field.u32('llama.context_length', tokens),
    'tokenizer.chat_template': field.text('tokenizer.chat_template', TEMPLATE),
  });
  writeFileSync(path, ggufBytes(model));
  return path;
}

/** Writes an adapter of the tiny model's first projection, which says that it is of an architecture. @returns its path. */
export function tinyLora(folder: string, architecture: string): string {
  const path = join(folder, `lora-${architecture}.gguf`);
  const half = (name: string, ...shape: readonly number[]) => {
    const length = shape.reduce((product, each) => product * each, 1);
    const numbers = Float32Array.from({ length }, (_, index) => Math.cos(index + 1));
    return { name: `blk.0.attn_q.weight.${name}`, shape, data: Buffer.from(numbers.buffer) };
  };
  writeFileSync(
    path,
    ggufBytes({
      fields: [
        field.text('general.type', 'adapter'),
        field.text('general.architecture', architecture),
        field.text('adapter.type', 'lora'),
        field.f32('adapter.lora.alpha', 4),
      ],
      tensors: [half('lora_a', 32, 4), half('lora_b', 4, 32)],
    }),
  );
  return path;
}
