import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { convertGguf } from 'small-claims/models/gguf/conversion';
import { readGguf } from 'small-claims/models/gguf/file';
import { ENCODINGS } from 'small-claims/models/gguf/formats';
import { metadataRange } from 'small-claims/models/gguf/header';
import { TENSOR_TYPES } from 'small-claims/models/gguf/tensor-type';
import { dequantiser } from 'small-claims/models/gguf/weights';
import { sha256File } from 'small-claims/project/digest';
import { z } from 'zod';
import { temporaryFolder } from '../datasets/fixture.js';
import { expected } from '../reference/expected.js';

const bytes = z.base64().transform((text) => Buffer.from(text, 'base64'));
const format = z.enum(['f32', 'f16', 'bf16', 'q8_0']);
const reference = expected(
  'gguf_weights',
  z.object({
    read: z.array(z.object({ type: z.int(), name: z.string(), blocks: bytes, floats: bytes })).min(10),
    written: z.object({ floats: bytes, bytes: z.partialRecord(format, bytes) }),
    file: z.object({
      bytes,
      turned: z.record(format, z.record(z.string(), z.object({ type: z.int(), bytes }))),
    }),
  }),
);
const floatsOf = (buffer: Buffer) => new Float32Array(new Uint8Array(buffer).buffer);

for (const { type, name, blocks, floats } of reference.read) {
  test(`weights in ${name} are the floats, to the bit, that ggml's own package reads`, () => {
    const read = TENSOR_TYPES.get(type);
    assert.equal(read?.name, name);
    assert.ok(read);
    const found = new Float32Array(floats.length / 4);
    const dequantise = dequantiser(read);
    assert.ok(dequantise);
    dequantise(blocks, blocks.length / read.blockBytes, found);
    assert.deepEqual(found, floatsOf(floats));
  });
}

for (const name of format.options.filter((each) => each !== 'f32')) {
  test(`floats become the bytes in ${name} that ggml's own package writes`, () => {
    const written = reference.written.bytes[name];
    assert.ok(written && written.length > 500);
    assert.deepEqual(Buffer.from(ENCODINGS[name].encode(floatsOf(reference.written.floats))), written);
  });
}

test('what is no number stays none in sixteen bits', () => {
  const none = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY);
  assert.deepEqual([...ENCODINGS.f16.encode(none)], [0x00, 0x7e, 0x00, 0x7c]);
  assert.deepEqual([...ENCODINGS.bf16.encode(none)], [0xc0, 0x7f, 0x80, 0x7f]);
});

/** A made-up file of three tensors: a matrix in Q4_1, a vector, and a matrix whose rows fill no block. */
function smallFile(content: Buffer = reference.file.bytes): {
  readonly source: string;
  readonly target: string;
} {
  const folder = temporaryFolder('gguf');
  const source = join(folder, 'small.gguf');
  writeFileSync(source, content);
  return { source, target: join(folder, 'turned.gguf') };
}

/** The metadata of a file as it stands there, and where in it the number of the format is. */
function metadataOf(path: string) {
  const { fields } = readGguf(path);
  const { begin, end } = metadataRange(fields.values());
  const place = fields.get('general.file_type')?.end;
  return {
    bytes: Buffer.from(readFileSync(path).subarray(begin, end)),
    fileTypeAt: place === undefined ? undefined : place - 4 - begin,
  };
}

for (const name of format.options) {
  test(`a file turned into ${name} has its tensors in it, vectors in F32, and all metadata but the format's number`, async () => {
    const { source, target } = smallFile();
    let written = 0;
    const hash = await convertGguf(source, target, name, (more) => {
      written += more;
    });
    assert.equal(written, 3 * 64 + 5 + 2 * 5);
    assert.equal(hash, await sha256File(target));
    const after = readGguf(target);
    const [kept, turned] = [metadataOf(source), metadataOf(target)];
    assert.ok(kept.fileTypeAt !== undefined && turned.fileTypeAt === kept.fileTypeAt);
    assert.equal(kept.bytes.readUInt32LE(kept.fileTypeAt), 3);
    assert.equal(turned.bytes.readUInt32LE(turned.fileTypeAt), ENCODINGS[name].fileType);
    for (const { bytes } of [kept, turned]) bytes.writeUInt32LE(0, kept.fileTypeAt);
    assert.deepEqual(turned.bytes, kept.bytes);
    const all = readFileSync(target);
    const wanted = Object.entries(reference.file.turned[name]);
    assert.deepEqual(
      after.tensors.map((tensor) => tensor.name),
      wanted.map(([tensor]) => tensor),
    );
    for (const [index, [tensor, { type, bytes: content }]] of wanted.entries()) {
      const found = after.tensors[index];
      assert.ok(found);
      assert.equal(found.type.number, type, tensor);
      assert.equal((found.begin - after.dataBegin) % after.alignment, 0);
      const at = found.begin;
      assert.deepEqual(all.subarray(at, at + content.length), content, tensor);
    }
    assert.equal(all.length % after.alignment, 0);
  });
}

test('a file that is no GGUF, is cut off, or holds a type that cannot be read is refused, and nothing is left of it', async () => {
  const whole = reference.file.bytes;
  const strange = Buffer.from(whole);
  // The type of the first tensor stands after its name, two dimensions and their sizes.
  strange.writeUInt32LE(20, whole.indexOf('token_embd.weight') + 'token_embd.weight'.length + 4 + 16);
  const cases = [
    [Buffer.from('GGML and more bytes'), /not a GGUF file/],
    [whole.subarray(0, 100), /the file ends 2 bytes later/],
    [whole.subarray(0, whole.length - 60), /odd\.weight: it ends at byte/],
    [strange, /token_embd\.weight is of ggml's type 20[\s\S]*compute: as-is/],
  ] as const;
  for (const [content, refused] of cases) {
    const { source, target } = smallFile(content);
    await assert.rejects(convertGguf(source, target, 'f32'), refused, String(refused));
    assert.throws(() => readFileSync(target), /ENOENT/);
    assert.throws(() => readFileSync(`${target}.half`), /ENOENT/);
  }
});
