import { UserError } from '../../project/error.js';
import type { GgufFile, GgufTensor } from './file.js';
import type { GgufValue } from './metadata.js';

/** llama.cpp's: LLAMA_MAX_LAYERS. */
const MOST_LAYERS = 512;

/**
 * Refuses a GGUF file that is no model, or says of itself what cannot be: llama.cpp takes such numbers as they are, and
 * many of them end the process.
 *
 * @throws UserError naming file and key or tensor.
 */
export function assertModel(file: GgufFile): void {
  const fail = failing(file);
  const type = file.fields.get('general.type')?.value ?? 'model';
  if (type !== 'model') throw fail('general.type', `it is no model but of the type ${type}`);
  const parts = numberAt(file, 'split.count') ?? 1;
  if (parts > 1)
    throw fail(
      'split.count',
      `it is one of ${parts} parts, which have to be joined (llama-gguf-split --merge)`,
    );
  const architecture = textAt(file, 'general.architecture');
  assertLayers(file, architecture);
  assertNumbers(file);
  assertVocabulary(file);
  const embedding = file.tensors.find(({ name }) => name === 'token_embd.weight');
  if (!embedding) throw fail('token_embd.weight', 'there is no such tensor: it has no weights');
  for (const tensor of file.tensors) {
    const flat = /(_norm\.weight|\.bias)$/.test(tensor.name) && tensor.shape.length === 1;
    if (flat && tensor.type.name !== 'F32')
      throw fail(tensor.name, `must be F32, and is ${tensor.type.name}`);
  }
}

/**
 * Refuses a GGUF file that is no LoRA adapter of a model.
 *
 * @throws UserError naming file and key or tensor.
 */
export function assertAdapter(file: GgufFile, model: GgufFile): void {
  const fail = failing(file);
  const said = {
    'general.type': 'adapter',
    'adapter.type': 'lora',
    'general.architecture': textAt(model, 'general.architecture'),
  };
  for (const [key, wanted] of Object.entries(said)) {
    const found = textAt(file, key);
    if (found !== wanted) throw fail(key, `must be "${wanted}", and is "${found}"`);
  }
  const alpha = numberAt(file, 'adapter.lora.alpha');
  if (!(alpha !== undefined && alpha > 0 && alpha < Infinity))
    throw fail('adapter.lora.alpha', `must be above 0, and is ${alpha}`);
  if (file.tensors.length === 0) throw fail('tensor_count', 'it has no tensors');
  const [weights, own] = [byName(model), byName(file)];
  for (const { name, shape } of file.tensors) {
    const [, base = '', half] = /^(.+)\.lora_([ab])$/.exec(name) ?? [];
    if (half === undefined) continue;
    const [a, b, weight] = [own.get(`${base}.lora_a`), own.get(`${base}.lora_b`), weights.get(base)];
    if (!a || !b) throw fail(name, 'its other half is not there');
    if (!weight) throw fail(name, `the model has no tensor ${base}`);
    const [input, output] = weight.shape;
    // Of an embedding the first half is transposed.
    const fits = base === 'token_embd.weight' || (a.shape[0] === input && b.shape[1] === output);
    if (!fits || a.shape[1] !== b.shape[0]) {
      throw fail(name, `${shape.join(' x ')} is no half of a change of ${weight.shape.join(' x ')}`);
    }
  }
}

function assertLayers(file: GgufFile, architecture: string): void {
  const fail = failing(file);
  const has = (part: RegExp) => file.tensors.some(({ name }) => part.test(name));
  const numbers = (name: string, wanted: boolean): readonly number[] => {
    const key = `${architecture}.${name}`;
    const value = file.fields.get(key)?.value;
    if (value === undefined && !wanted) return [];
    const all = [value ?? []].flat();
    const whole = all
      .filter((each) => typeof each === 'number')
      .filter((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 31);
    if (whole.length === all.length && whole.some((each) => each > 0)) return whole;
    throw fail(
      key,
      value === undefined ? 'is missing' : `must be a whole number above 0, and is ${shown(value)}`,
    );
  };
  const [layers = 0] = numbers('block_count', true);
  if (layers > MOST_LAYERS)
    throw fail(`${architecture}.block_count`, `${layers} layers; at most ${MOST_LAYERS} are read`);
  const [width = 0] = numbers('embedding_length', true);
  numbers('feed_forward_length', has(/\.ffn_(up|down|gate)\./));
  const heads = numbers('attention.head_count', has(/\.attn_(q|qkv|output)\./));
  const keys = numbers('attention.head_count_kv', false);
  const keyLength = numberAt(file, `${architecture}.attention.key_length`);
  for (const [layer, count] of heads.entries()) {
    if (count > 0 && keyLength === undefined && width % count !== 0) {
      throw fail(`${architecture}.attention.head_count`, `${count} heads do not divide a width of ${width}`);
    }
    const groups = keys[layer] ?? keys[0] ?? count;
    if (count > 0 && groups > 0 && count % groups !== 0) {
      throw fail(`${architecture}.attention.head_count_kv`, `${groups} do not divide ${count} heads`);
    }
  }
}

/** Small numbers that are added, and those that angles are made of. */
function assertNumbers(file: GgufFile): void {
  for (const { key, value } of file.fields.values()) {
    const least = /epsilon$/.test(key) ? 0 : /\.rope\.freq_base/.test(key) ? Number.MIN_VALUE : undefined;
    if (least === undefined || (typeof value === 'number' && value >= least && value < Infinity)) continue;
    throw failing(file)(
      key,
      `must be a finite number, ${least === 0 ? '0 or more' : 'above 0'}, and is ${shown(value)}`,
    );
  }
}

function assertVocabulary(file: GgufFile): void {
  const fail = failing(file);
  const key = 'tokenizer.ggml.tokens';
  const tokens = file.fields.get(key)?.value;
  if (!Array.isArray(tokens) || tokens.length === 0 || typeof tokens[0] !== 'string')
    throw fail(key, 'must be a list of texts, and not empty');
  const known = new Set(tokens);
  if (known.size < tokens.length)
    throw fail(key, `${tokens.length - known.size} of its ${tokens.length} tokens are there twice`);
  if (textAt(file, 'tokenizer.ggml.model') === 'llama' && !known.has('<0x0A>') && !known.has('\n')) {
    throw fail(key, 'there is no token for the byte 0x0A, which a vocabulary of this kind needs');
  }
  for (const name of ['tokenizer.ggml.scores', 'tokenizer.ggml.token_type']) {
    const values = file.fields.get(name)?.value;
    if (values === undefined || (Array.isArray(values) && values.length === tokens.length)) continue;
    throw fail(name, `must be ${tokens.length} numbers, one a token`);
  }
  for (const { key: name, value } of file.fields.values()) {
    if (
      /^tokenizer\.ggml\.\w+_token_id$/.test(name) &&
      !(typeof value === 'number' && value < tokens.length)
    ) {
      throw fail(name, `there is no token ${shown(value)}: there are ${tokens.length}`);
    }
  }
  const embedding = file.tensors.find((tensor) => tensor.name === 'token_embd.weight');
  if (embedding && embedding.shape[1] !== tokens.length) {
    throw fail(
      embedding.name,
      `${embedding.shape.join(' x ')} is not one row for each of ${tokens.length} tokens`,
    );
  }
}

const byName = ({ tensors }: GgufFile): ReadonlyMap<string, GgufTensor> =>
  new Map(tensors.map((tensor) => [tensor.name, tensor]));

const failing = (file: GgufFile) => (field: string, message: string) =>
  new UserError(message, {
    at: { file: file.path, field },
    hint: 'Have the file converted again, or fetch another one: llama.cpp cannot use this.',
  });

function textAt(file: GgufFile, key: string): string {
  const value = file.fields.get(key)?.value;
  if (typeof value === 'string') return value;
  throw failing(file)(key, value === undefined ? 'is missing' : `must be a text, and is ${shown(value)}`);
}

function numberAt(file: GgufFile, key: string): number | undefined {
  const value = file.fields.get(key)?.value;
  return value === undefined ? undefined : Number(value);
}

const shown = (value: GgufValue | undefined) => String(value).slice(0, 60);
