import { field, type GgufDraft, type TensorDraft } from './draft.js';

const WIDTH = 32;
const FEED_FORWARD = 64;
const KEY_WIDTH = 16;

/** The characters by which byte-level vocabularies write the 256 bytes (GPT-2's `bytes_to_unicode`). */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte).reduce<{
  readonly characters: string[];
  next: number;
}>(
  (found, byte) => {
    const printable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    found.characters.push(String.fromCodePoint(printable ? byte : 256 + found.next));
    if (!printable) found.next += 1;
    return found;
  },
  { characters: [], next: 0 },
).characters;
const TOKENS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', ...BYTES, 'th'];

function tensor(name: string, ...shape: readonly number[]): TensorDraft {
  const length = shape.reduce((product, each) => product * each, 1);
  const numbers = Float32Array.from({ length }, (_, index) => Math.sin(index + 1) / 8);
  return { name, shape, data: Buffer.from(numbers.buffer) };
}

/** What a llama of one layer and 33 kB consists of, which llama.cpp loads and which has learnt nothing. */
export const TINY_FIELDS: Readonly<Record<string, Buffer>> = Object.fromEntries(
  [
    field.text('general.architecture', 'llama'),
    field.u32('llama.block_count', 1),
    field.u32('llama.context_length', 128),
    field.u32('llama.embedding_length', WIDTH),
    field.u32('llama.feed_forward_length', FEED_FORWARD),
    field.u32('llama.attention.head_count', 4),
    field.u32('llama.attention.head_count_kv', 2),
    field.f32('llama.rope.freq_base', 10_000),
    field.f32('llama.attention.layer_norm_rms_epsilon', 1e-5),
    field.u32('llama.vocab_size', TOKENS.length),
    field.u32('llama.rope.dimension_count', 8),
    field.text('tokenizer.ggml.model', 'gpt2'),
    field.text('tokenizer.ggml.pre', 'smollm'),
    field.texts('tokenizer.ggml.tokens', TOKENS),
    field.i32s(
      'tokenizer.ggml.token_type',
      TOKENS.map((_, index) => (index < 3 ? 3 : 1)),
    ),
    field.texts('tokenizer.ggml.merges', ['t h']),
    field.u32('tokenizer.ggml.bos_token_id', 1),
    field.u32('tokenizer.ggml.eos_token_id', 2),
  ].map((bytes) => [bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())), bytes]),
);

export const TINY_TENSORS: readonly TensorDraft[] = [
  tensor('token_embd.weight', WIDTH, TOKENS.length),
  tensor('blk.0.attn_norm.weight', WIDTH),
  tensor('blk.0.attn_q.weight', WIDTH, WIDTH),
  tensor('blk.0.attn_k.weight', WIDTH, KEY_WIDTH),
  tensor('blk.0.attn_v.weight', WIDTH, KEY_WIDTH),
  tensor('blk.0.attn_output.weight', WIDTH, WIDTH),
  tensor('blk.0.ffn_norm.weight', WIDTH),
  tensor('blk.0.ffn_gate.weight', WIDTH, FEED_FORWARD),
  tensor('blk.0.ffn_up.weight', WIDTH, FEED_FORWARD),
  tensor('blk.0.ffn_down.weight', FEED_FORWARD, WIDTH),
  tensor('output_norm.weight', WIDTH),
];

/** The tiny model with other entries in place of its own; undefined leaves one out. */
export function tinyModel(changed: Readonly<Record<string, Buffer | undefined>> = {}): GgufDraft {
  const fields = Object.values({ ...TINY_FIELDS, ...changed }).filter((each) => each !== undefined);
  return { fields, tensors: TINY_TENSORS };
}
