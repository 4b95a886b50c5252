import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readGguf } from 'small-claims/models/gguf/file';
import { assertAdapter, assertModel } from 'small-claims/models/gguf/usable';
import { UserError } from 'small-claims/project/error';
import { loadGguf } from 'small-claims/scoring/llama/loading';
import { flawOf } from '../../project/flaw.js';
import { field, type GgufDraft, ggufBytes, rawField } from './draft.js';
import { TINY_TENSORS, tinyModel } from './tiny-model.js';

const folder = mkdtempSync(join(tmpdir(), 'gguf-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function written(draft: GgufDraft, name = 'model.gguf'): string {
  const path = join(folder, name);
  writeFileSync(path, ggufBytes(draft));
  return path;
}

const u32 = (key: string, value: number) => ({ [key]: field.u32(key, value) });
const f32 = (key: string, value: number) => ({ [key]: field.f32(key, value) });
const text = (key: string, value: string) => ({ [key]: field.text(key, value) });
const texts = (key: string, values: readonly string[]) => ({ [key]: field.texts(key, values) });
const TOKENS = 'tokenizer.ggml.tokens';
const EPSILON = 'llama.attention.layer_norm_rms_epsilon';

/** What llama.cpp 0.5.0 does with each: most end the process by a failed assertion, the others are read and mean nothing. */
const CHANGED: readonly (readonly [Readonly<Record<string, Buffer | undefined>>, RegExp])[] = [
  [{ 'general.architecture': undefined }, /general\.architecture: is missing/],
  [u32('general.architecture', 1), /general\.architecture: must be a text/],
  [text('general.type', 'adapter'), /general\.type: it is no model/],
  [u32('split.count', 3), /split\.count: it is one of 3 parts/],
  [{ 'llama.block_count': undefined }, /llama\.block_count: is missing/],
  [u32('llama.block_count', 0), /llama\.block_count: must be a whole number above 0/],
  [u32('llama.block_count', 1000), /llama\.block_count: 1000 layers/],
  [u32('llama.block_count', 2 ** 32 - 1), /llama\.block_count/],
  [text('llama.block_count', 'one'), /llama\.block_count: must be a whole number/],
  [{ 'llama.feed_forward_length': undefined }, /llama\.feed_forward_length: is missing/],
  [u32('llama.feed_forward_length', 0), /llama\.feed_forward_length/],
  [{ 'llama.attention.head_count': undefined }, /llama\.attention\.head_count: is missing/],
  [u32('llama.attention.head_count', 0), /llama\.attention\.head_count/],
  [u32('llama.attention.head_count', 3), /3 heads do not divide a width of 32/],
  [u32('llama.attention.head_count_kv', 0), /llama\.attention\.head_count_kv/],
  [u32('llama.attention.head_count_kv', 3), /3 do not divide 4 heads/],
  [u32('llama.attention.head_count_kv', 2 ** 31), /llama\.attention\.head_count_kv/],
  [f32(EPSILON, -1), /epsilon: must be a finite number, 0 or more, and is -1/],
  [f32(EPSILON, Number.NaN), /epsilon: .* is NaN/],
  [f32('llama.rope.freq_base', 0), /freq_base: must be a finite number, above 0/],
  [f32('llama.rope.freq_base', Number.POSITIVE_INFINITY), /freq_base/],
  [{ [TOKENS]: undefined }, /tokens: must be a list of texts/],
  [texts(TOKENS, []), /tokens: must be a list of texts, and not empty/],
  [texts(TOKENS, Array(260).fill('a')), /259 of its 260 tokens are there twice/],
  [texts(TOKENS, ['a', 'b']), /tokenizer\.ggml\.token_type: must be 2 numbers/],
  [{ [TOKENS]: field.i32s(TOKENS, [1, 2]) }, /tokens: must be a list of texts/],
  [
    { 'tokenizer.ggml.token_type': field.i32s('tokenizer.ggml.token_type', [1]) },
    /token_type: must be 260 numbers/,
  ],
  [{ 'tokenizer.ggml.scores': field.f32s('tokenizer.ggml.scores', [1]) }, /scores: must be 260 numbers/],
  [{ 'tokenizer.ggml.model': undefined }, /tokenizer\.ggml\.model: is missing/],
  [text('tokenizer.ggml.model', 'llama'), /no token for the byte 0x0A/],
  [u32('tokenizer.ggml.bos_token_id', 260), /bos_token_id: there is no token 260: there are 260/],
  [u32('tokenizer.ggml.eos_token_id', 2 ** 32 - 1), /eos_token_id: there is no token/],
  [
    { 'llama.embedding_length': rawField('llama.embedding_length', 6, Buffer.from([0, 0, 0x20, 0x41])) },
    /heads do not divide|embedding_length/,
  ],
];

for (const [changed, message] of CHANGED) {
  test(`a model is refused by key: ${message.source.replaceAll('\\', '')}`, () => {
    const flaw = flawOf(() => assertModel(readGguf(written(tinyModel(changed)))));
    assert.match(flaw.message, message);
    assert.ok(flaw.at.file && flaw.at.field);
  });
}

test('a model without weights, or with weights in a type they cannot have, is refused by tensor', () => {
  const tensors = (changed: GgufDraft['tensors']) =>
    flawOf(() => assertModel(readGguf(written({ ...tinyModel(), tensors: changed }))));
  assert.equal(tensors([]).at.field, 'token_embd.weight');
  const half = TINY_TENSORS.map((each) =>
    each.name === 'output_norm.weight' ? { ...each, type: 1, data: Buffer.alloc(64) } : each,
  );
  assert.match(tensors(half).message, /output_norm\.weight: must be F32, and is F16/);
  const turned = TINY_TENSORS.map((each) =>
    each.name === 'token_embd.weight' ? { ...each, shape: each.shape.toReversed() } : each,
  );
  assert.match(tensors(turned).message, /token_embd\.weight: 260 x 32 is not one row for each of 260 tokens/);
});

test('the model that these are changes of is loaded, and one of them is not given to llama.cpp', async () => {
  const context = { contextSize: 256, batchSize: 64, sequences: 1 };
  const loaded = await loadGguf(written(tinyModel()), context);
  assert.equal(loaded.model.tokenize('the').length, 2);
  await loaded.dispose();
  await assert.rejects(loadGguf(written(tinyModel(u32('llama.block_count', 0))), context), UserError);
  // What only llama.cpp knows, it says.
  const unknown = loadGguf(written(tinyModel(text('tokenizer.ggml.pre', 'of nobody'))), context);
  await assert.rejects(
    unknown,
    (error) => error instanceof UserError && /llama\.cpp does not load the model/.test(error.message),
  );
});

const KEY = 'blk.0.attn_k.weight';
const LORA: GgufDraft = {
  fields: [
    field.text('general.type', 'adapter'),
    field.text('general.architecture', 'llama'),
    field.text('adapter.type', 'lora'),
    field.f32('adapter.lora.alpha', 4),
  ],
  tensors: [
    { name: `${KEY}.lora_a`, shape: [32, 2], data: Buffer.alloc(256) },
    { name: `${KEY}.lora_b`, shape: [2, 16], data: Buffer.alloc(128) },
  ],
};

test('an adapter is refused by key or tensor where it is none of this model', () => {
  const model = readGguf(written(tinyModel()));
  const use = (draft: GgufDraft) => assertAdapter(readGguf(written(draft, 'adapter.gguf')), model);
  const { fields, tensors } = LORA;
  use({ fields, tensors });
  const [type, architecture, kind, alpha] = fields;
  assert.ok(type && architecture && kind && alpha);
  const [a, b] = tensors;
  assert.ok(a && b);
  for (const [draft, message] of [
    [{ fields: [architecture, kind, alpha], tensors }, /general\.type: is missing/],
    [{ fields: [type, architecture, alpha], tensors }, /adapter\.type: is missing/],
    [
      { fields: [type, field.text('general.architecture', 'qwen2'), kind, alpha], tensors },
      /must be "llama", and is "qwen2"/,
    ],
    [
      { fields: [type, architecture, kind, field.f32('adapter.lora.alpha', Number.NaN)], tensors },
      /alpha: must be above 0/,
    ],
    [{ fields, tensors: [] }, /it has no tensors/],
    [{ fields, tensors: [a] }, /lora_a: its other half is not there/],
    [{ fields, tensors: [{ ...a, shape: [16, 4] }, b] }, /is no half of a change of 32 x 16/],
    [{ fields, tensors: [a, { ...b, shape: [4, 8] }] }, /is no half of a change/],
    [
      { fields, tensors: tensors.map((each) => ({ ...each, name: each.name.replace('blk.0', 'blk.7') })) },
      /the model has no tensor blk\.7/,
    ],
  ] as const) {
    assert.match(flawOf(() => use(draft)).message, message);
  }
  assert.match(flawOf(() => use(tinyModel())).message, /general\.type/);
});
