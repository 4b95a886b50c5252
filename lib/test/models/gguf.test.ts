import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { convertGguf } from 'small-claims/models/gguf/conversion';
import { ENCODINGS } from 'small-claims/models/gguf/formats';
import { readLayout } from 'small-claims/models/gguf/layout';
import { WEIGHT_TYPES } from 'small-claims/models/gguf/weights';
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
    const read = WEIGHT_TYPES[type];
    assert.equal(read?.name, name);
    assert.ok(read);
    const found = new Float32Array(floats.length / 4);
    read.dequantise(blocks, blocks.length / read.bytes, found);
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

for (const name of format.options) {
  test(`a file turned into ${name} has its tensors in it, vectors in F32, and all metadata but the format's number`, async () => {
    const { source, target } = smallFile();
    let written = 0;
    const hash = await convertGguf(source, target, name, (more) => {
      written += more;
    });
    assert.equal(written, 3 * 64 + 5 + 2 * 5);
    assert.equal(hash, await sha256File(target));
    const [from, to] = await Promise.all([open(source), open(target)]);
    const [before, after] = [await readLayout(from, source), await readLayout(to, target)];
    await Promise.all([from.close(), to.close()]);
    const [kept, turned] = [Buffer.from(before.metadata), Buffer.from(after.metadata)];
    assert.ok(before.fileTypeAt !== undefined && after.fileTypeAt === before.fileTypeAt);
    assert.equal(kept.readUInt32LE(before.fileTypeAt), 3);
    assert.equal(turned.readUInt32LE(after.fileTypeAt), ENCODINGS[name].fileType);
    for (const metadata of [kept, turned]) metadata.writeUInt32LE(0, before.fileTypeAt);
    assert.deepEqual(turned, kept);
    const all = readFileSync(target);
    const wanted = Object.entries(reference.file.turned[name]);
    assert.deepEqual(
      after.tensors.map((tensor) => tensor.name),
      wanted.map(([tensor]) => tensor),
    );
    for (const [index, [tensor, { type, bytes: content }]] of wanted.entries()) {
      const found = after.tensors[index];
      assert.ok(found);
      assert.equal(found.type, type, tensor);
      assert.equal(found.offset % after.alignment, 0);
      const at = after.dataAt + found.offset;
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
