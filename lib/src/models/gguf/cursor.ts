import { readSync } from 'node:fs';
import { UserError } from '../../project/error.js';

const CHUNK_BYTES = 2 ** 20;

/** Reads the numbers and texts of an open file one after another, little-endian, and holds one piece of it at a time. */
export class Cursor {
  private piece = Buffer.alloc(0);
  /** Where the piece begins in the file, and where in the piece the next byte is. */
  private begin = 0;
  private next = 0;
  /** What is being read, for errors. */
  field: string | undefined;

  /** @param most bytes that may be read of the `size` there are. */
  constructor(
    private readonly path: string,
    private readonly descriptor: number,
    readonly size: number,
    private readonly most: number,
  ) {}

  /** Bytes read so far. */
  get position(): number {
    return this.begin + this.next;
  }

  /** Bytes that can still be read. */
  get left(): number {
    return Math.min(this.size, this.most) - this.position;
  }

  /** What is wrong with the file, where it has been read to. */
  flaw(message: string, field: string | undefined = this.field): UserError {
    return new UserError(message, {
      at: { file: this.path, ...(field !== undefined && { field }) },
      hint: 'Fetch the file again, or have it written again: this one cannot be used.',
    });
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  /** @throws UserError for a number beyond 2^53: no file holds so much. */
  u64(): number {
    const value = this.take(8).readBigUInt64LE();
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    throw this.flaw(`the number ${value} is more than a file can hold`);
  }

  /** As many bytes as the number before them says; valid until the next call. */
  bytes(): Buffer {
    return this.take(this.u64());
  }

  /** @throws UserError unless so many things, each of `bytes` or more, can still follow. */
  expect(count: number, bytes: number, what: string): void {
    if (count * bytes <= this.left) return;
    const end =
      this.size <= this.most ? `the file ends ${this.left} bytes later` : `a header may take ${this.most}`;
    throw this.flaw(`${count} ${what} should follow at byte ${this.position}, and ${end}`);
  }

  /** The next bytes, valid until the next call. @throws UserError where the file ends before. */
  take(count: number): Buffer {
    this.expect(count, 1, 'bytes');
    if (this.next + count > this.piece.length) this.fill(count);
    this.next += count;
    return this.piece.subarray(this.next - count, this.next);
  }

  private fill(count: number): void {
    this.begin = this.position;
    this.next = 0;
    this.piece = Buffer.alloc(Math.min(Math.max(count, CHUNK_BYTES), this.left));
    for (let filled = 0; filled < this.piece.length; ) {
      const [free, place] = [this.piece.length - filled, this.begin + filled];
      const read = readSync(this.descriptor, this.piece, filled, free, place);
      if (read === 0) throw this.flaw('the file became shorter while it was read');
      filled += read;
    }
  }
}
