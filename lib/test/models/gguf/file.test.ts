import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readGguf } from 'small-claims/models/gguf/file';
import { UserError } from 'small-claims/project/error';
import { field, type GgufDraft, ggufBytes, rawField, text, u32, u64 } from './draft.js';

const folder = mkdtempSync(join(tmpdir(), 'gguf-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const whole: GgufDraft = {
  fields: [
    field.text('general.architecture', 'llama'),
    field.u32('llama.block_count', 1),
    field.f32('llama.rope.freq_base', 10_000),
    field.texts('tokenizer.ggml.tokens', ['<s>', 'é']),
    rawField('big', 10, u64(2n ** 60n)),
    rawField('yes', 7, Buffer.from([1])),
  ],
  tensors: [
    { name: 'a', shape: [32, 2], data: Buffer.alloc(256) },
    { name: 'b', shape: [32], type: 3, data: Buffer.alloc(20) },
  ],
};

function written(bytes: Uint8Array): string {
  const path = join(folder, 'model.gguf');
  writeFileSync(path, bytes);
  return path;
}

/** What is said of a broken file, and how long that took. */
function flawOf(path: string): UserError {
  const started = performance.now();
  try {
    readGguf(path);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.at.file, path);
    assert.ok(performance.now() - started < 2000, 'within two seconds');
    return error;
  }
  throw new assert.AssertionError({ message: 'the file was taken for whole' });
}

test('a GGUF file says where each entry and each tensor lies', () => {
  const { version, alignment, fields, tensors, dataBegin, size } = readGguf(written(ggufBytes(whole)));
  assert.deepEqual([version, alignment, size - dataBegin], [3, 32, 256 + 32]);
  assert.deepEqual(
    [...fields.values()].map(({ key, type, value }) => [key, type, value]),
    [
      ['general.architecture', 'string', 'llama'],
      ['llama.block_count', 'u32', 1],
      ['llama.rope.freq_base', 'f32', 10_000],
      ['tokenizer.ggml.tokens', 'string', ['<s>', 'é']],
      ['big', 'u64', 2n ** 60n],
      ['yes', 'bool', true],
    ],
  );
  // What lies there is the entry as it was written.
  const block = fields.get('llama.block_count');
  const bytes = ggufBytes(whole).subarray(block?.begin, block?.end);
  assert.deepEqual(bytes, field.u32('llama.block_count', 1));
  assert.deepEqual(
    tensors.map(({ name, shape, type, begin, bytes: length }) => [
      name,
      shape,
      type.name,
      begin - dataBegin,
      length,
    ]),
    [
      ['a', [32, 2], 'F32', 0, 256],
      ['b', [32], 'Q4_1', 256, 20],
    ],
  );
});

test('a header larger than what is read at a time is read whole', () => {
  const words = Array.from({ length: 200_000 }, (_, index) => `word ${index}`);
  const { fields } = readGguf(written(ggufBytes({ fields: [field.texts('words', words)], tensors: [] })));
  assert.deepEqual(fields.get('words')?.value, words);
});

const NO_DATA = Buffer.alloc(32);
const tensor = { name: 'a', shape: [8], data: NO_DATA };
const BROKEN: Readonly<Record<string, readonly [GgufDraft, RegExp]>> = {
  'another magic': [{ ...whole, magic: 'GGML' }, /not a GGUF file: it begins with "GGML"/],
  'a version of the other byte order': [{ ...whole, version: 0x03000000 }, /version: .*other byte order/],
  'version 1': [{ ...whole, version: 1 }, /version: GGUF of version 1/],
  'version 0': [{ ...whole, version: 0 }, /version: GGUF of version 0/],
  'a version of the future': [{ ...whole, version: 4 }, /version: GGUF of version 4/],
  'more entries than the file holds': [
    { ...whole, fieldCount: 2n ** 40n },
    /metadata_kv_count: .*the file ends/,
  ],
  'a negative count of entries': [{ ...whole, fieldCount: 2n ** 64n - 1n }, /more than a file can hold/],
  'a few entries too many': [{ ...whole, fieldCount: 8n }, /metadata\[\d\]: /],
  'more tensors than the file holds': [{ ...whole, tensorCount: 2n ** 40n }, /tensor_count: .*the file ends/],
  'a negative count of tensors': [{ ...whole, tensorCount: 2n ** 63n }, /tensor_count: .*more than a file/],
  'a text longer than the file': [
    { fields: [rawField('name', 8, u64(10 ** 12))], tensors: [] },
    /name: 1000000000000 bytes should follow/,
  ],
  'a text of negative length': [
    { fields: [rawField('name', 8, u64(2n ** 64n - 8n))], tensors: [] },
    /name: /,
  ],
  'a name longer than the file': [{ fields: [u64(10 ** 9)], tensors: [tensor] }, /metadata\[0\]: /],
  'a name that is not UTF-8': [
    { fields: [Buffer.concat([u64(2), Buffer.from([0xc3, 0x28]), u32(4), u32(1)])], tensors: [] },
    /metadata\[0\]: its name is not UTF-8/,
  ],
  'an empty name': [{ fields: [field.u32('', 1)], tensors: [] }, /metadata\[0\]: it has no name/],
  'a name twice': [{ fields: [field.u32('a', 1), field.u32('a', 2)], tensors: [] }, /"a" is there twice/],
  'an unknown type': [{ fields: [rawField('a', 77, u64(0))], tensors: [] }, /a: no type has the number 77/],
  'a truth value of 2': [
    { fields: [rawField('a', 7, Buffer.from([2]))], tensors: [tensor] },
    /neither true nor false/,
  ],
  'an array longer than the file': [
    { fields: [rawField('a', 9, Buffer.concat([u32(4), u64(2 ** 40)]))], tensors: [] },
    /a: 1099511627776 elements should follow/,
  ],
  'an array of arrays': [
    { fields: [rawField('a', 9, Buffer.concat([u32(9), u64(1), u32(4), u64(1), u32(1)]))], tensors: [] },
    /an array of arrays/,
  ],
  'an array of an unknown type': [
    { fields: [rawField('a', 9, Buffer.concat([u32(99), u64(1)]))], tensors: [tensor] },
    /no type has the number 99/,
  ],
  'an alignment of 0': [{ fields: [field.u32('general.alignment', 0)], tensors: [] }, /power of two.* is 0/],
  'an alignment of 24': [
    { fields: [field.u32('general.alignment', 24)], tensors: [] },
    /power of two.* is 24/,
  ],
  'an alignment in words': [{ fields: [field.text('general.alignment', '32')], tensors: [] }, /power of two/],
  'a tensor without a name': [
    { fields: [], tensors: [{ ...tensor, name: '' }] },
    /tensors\[0\]: its name has 0/,
  ],
  'a name of a tensor that is too long': [
    { fields: [], tensors: [{ ...tensor, name: 'a'.repeat(64) }] },
    /its name has 64 bytes/,
  ],
  'two tensors of one name': [{ fields: [], tensors: [tensor, tensor] }, /a: two tensors have this name/],
  'no dimensions': [{ fields: [], tensors: [{ ...tensor, shape: [] }] }, /a: it has 0 dimensions/],
  'five dimensions': [
    { fields: [], tensors: [{ ...tensor, shape: [8, 1, 1, 1, 1] }] },
    /a: it has 5 dimensions/,
  ],
  'a dimension of 0': [{ fields: [], tensors: [{ ...tensor, shape: [8, 0] }] }, /a: it is empty: 8 x 0/],
  'a product beyond 64 bits': [
    { fields: [], tensors: [{ ...tensor, shape: [2 ** 40, 2 ** 40] }] },
    /more bytes than the file has/,
  ],
  'a tensor of an unknown type': [
    { fields: [], tensors: [{ ...tensor, type: 4 }] },
    /a: no type of tensor has the number 4/,
  ],
  'a row that is no whole number of blocks': [
    { fields: [], tensors: [{ ...tensor, shape: [33], type: 3 }] },
    /a row of 33 is no whole number of blocks of 32/,
  ],
  'a tensor at no multiple of the alignment': [
    { fields: [], tensors: [{ ...tensor, offset: 4 }] },
    /a: it begins at byte 4 of the data/,
  ],
  'a tensor beyond the end': [
    { fields: [], tensors: [{ ...tensor, offset: 64 }] },
    /a: it ends at byte \d+; the file has/,
  ],
  'a tensor far beyond the end': [
    { fields: [], tensors: [{ ...tensor, offset: 2 ** 52 }] },
    /a: it ends at byte/,
  ],
  'tensors over each other': [
    { fields: [], tensors: [tensor, { ...tensor, name: 'b', offset: 0 }] },
    /lie over each other/,
  ],
};

for (const [what, [draft, message]] of Object.entries(BROKEN)) {
  test(`a GGUF file with ${what} is refused by name`, () => {
    assert.match(flawOf(written(ggufBytes(draft))).message, message);
  });
}

test('a GGUF file that ends anywhere in its header is refused', () => {
  const bytes = ggufBytes(whole);
  const header = readGguf(written(bytes)).dataBegin;
  for (let end = 0; end < header; end += 1) flawOf(written(bytes.subarray(0, end)));
});

test('a GGUF file whose last tensor is cut off is refused', () => {
  const path = written(ggufBytes({ fields: [], tensors: [tensor] }));
  truncateSync(path, ggufBytes({ fields: [], tensors: [tensor] }).length - 1);
  assert.match(flawOf(path).message, /a: it ends at byte/);
});

test('what is no file is told without being opened: a pipe, a device, a folder, nothing', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  mkdirSync(join(folder, 'folder'));
  const zeros = join(folder, 'zeros');
  symlinkSync('/dev/zero', zeros);
  assert.match(flawOf(pipe).message, /not a file but a pipe/);
  assert.match(flawOf(zeros).message, /not a file but a device/);
  assert.match(flawOf(join(folder, 'folder')).message, /not a file but a folder/);
  assert.match(flawOf(join(folder, 'nothing')).message, /no such file/);
  assert.match(flawOf(written(Buffer.concat([text('x')]))).message, /not a GGUF file/);
});
