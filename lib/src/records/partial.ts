import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { canonicalJson } from '../project/digest.js';
import { UserError } from '../project/error.js';
import type { RecordHeader } from './header.js';

/** The least a row holds. */
export interface Identified {
  readonly id: string;
}

/** A row as it lies in an unfinished record, with what it cost. */
export interface TimedRow<Row extends Identified> {
  readonly row: Row;
  readonly milliseconds: number;
}

/**
 * A record in the making: a header line, then one line a row as each is computed. Whatever ends the process,
 * every whole line counts; a torn last line is cut off and its row computed again.
 */
export class PartialRecord<Row extends Identified> {
  private readonly done = new Map<string, TimedRow<Row>>();
  private readonly file: number;

  /** @throws UserError if the file holds another record, or a damaged line that is not the last. */
  constructor(
    readonly path: string,
    header: RecordHeader,
  ) {
    mkdirSync(dirname(path), { recursive: true });
    const first = canonicalJson(header);
    const lines = existsSync(path) ? this.recover() : [];
    if (lines.length > 0 && lines[0] !== first) {
      throw new UserError('this unfinished record has another header', {
        at: { file: path, line: 1 },
        hint: 'Remove the file and run again.',
      });
    }
    for (const [index, line] of lines.slice(1).entries()) {
      const timed = this.parse(line, index + 2);
      this.done.set(timed.row.id, timed);
    }
    this.file = openSync(path, 'a');
    if (lines.length === 0) this.write(first);
  }

  /** Rows computed so far, by id. */
  get rows(): ReadonlyMap<string, TimedRow<Row>> {
    return this.done;
  }

  /** Adds a row for good. @throws UserError when the disk is full; what was there stays whole. */
  append(row: Row, milliseconds: number): void {
    this.write(JSON.stringify({ row, milliseconds: Math.round(milliseconds * 10) / 10 }));
    this.done.set(row.id, { row, milliseconds });
  }

  close(): void {
    closeSync(this.file);
  }

  private write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    try {
      for (let start = 0; start < bytes.length; ) start += writeSync(this.file, bytes, start);
    } catch (cause) {
      throw new UserError(`the record cannot be written: ${cause instanceof Error ? cause.message : cause}`, {
        at: { file: this.path },
        hint: 'Make room on the disk and run again; what was computed is kept.',
        cause,
      });
    }
  }

  private recover(): string[] {
    const bytes = readFileSync(this.path);
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end < bytes.length) truncateSync(this.path, end);
    return bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  }

  private parse(line: string, number: number): TimedRow<Row> {
    try {
      return JSON.parse(line);
    } catch (cause) {
      throw new UserError('a damaged line in an unfinished record', {
        at: { file: this.path, line: number },
        hint: 'Remove that line and run again; its row is computed anew.',
        cause,
      });
    }
  }
}
