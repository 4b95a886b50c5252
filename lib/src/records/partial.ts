import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { canonicalJson } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { interruption } from '../project/interruption.js';
import type { RecordHeader } from './header.js';
import { type Identified, isRow } from './row.js';

/** A row as it lies in an unfinished record, with what it cost. */
export interface TimedRow<Row extends Identified> {
  readonly row: Row;
  readonly milliseconds: number;
  /** What it was computed on, if that was said. */
  readonly device?: string;
}

/**
 * A record in the making: a header line, then one line a row as each is computed. Whatever ends the process,
 * every whole line counts; a torn last line is cut off and its row computed again.
 */
export class PartialRecord<Row extends Identified> {
  private readonly done = new Map<string, TimedRow<Row>>();
  private readonly file: number;
  private computedOn: string | undefined;
  private readonly signal = interruption();

  /**
   * @param assertHeld throws if this process may no longer write the file.
   * @throws UserError if the file holds another record, or a damaged line that is not the last.
   */
  constructor(
    readonly path: string,
    header: RecordHeader,
    private readonly assertHeld: () => void = () => {},
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
    for (const [index, line] of lines.slice(1).entries()) this.keep(line, index + 2);
    this.file = openSync(path, 'a');
    if (lines.length === 0) this.write(first);
  }

  /** Rows computed so far, by id. */
  get rows(): ReadonlyMap<string, TimedRow<Row>> {
    return this.done;
  }

  /** What the rows are computed on; undefined where nobody said. */
  get device(): string | undefined {
    return this.computedOn;
  }

  /**
   * Says what the rows to come are computed on, e.g. `cuda`. A record is computed on one device: another gives other
   * last digits.
   *
   * @throws UserError if rows computed on another are there.
   */
  computeOn(device: string): void {
    const before = this.computedOn;
    if (before !== undefined && before !== device) {
      throw new UserError(
        `this unfinished record was begun on "${before}"; here it would go on with "${device}"`,
        {
          at: { file: this.path },
          hint: `Go on where there is "${before}", or remove the file to compute all its rows with "${device}".`,
        },
      );
    }
    this.computedOn = device;
  }

  /**
   * Adds a row for good.
   *
   * @throws UserError when the disk is full; what was there stays whole.
   * @throws LockLostError when another process has taken the record over; nothing was written.
   * @throws Interrupted when the user wants it to end; the row is kept.
   */
  append(row: Row, milliseconds: number): void {
    const device = this.computedOn;
    const timed: TimedRow<Row> = { row, milliseconds: tenths(milliseconds), ...(device && { device }) };
    this.assertHeld();
    this.write(JSON.stringify(timed));
    this.done.set(row.id, timed);
    this.signal.throwIfAborted();
  }

  /** Whether the user has asked for an end since this was begun. */
  get interrupted(): boolean {
    return this.signal.aborted;
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

  private keep(line: string, number: number): void {
    const timed = parseLine<Row>(line);
    if (!timed) throw this.damage('a damaged line', number);
    const same = this.done.get(timed.row.id);
    if (same && canonicalJson(same.row) !== canonicalJson(timed.row)) {
      throw this.damage(`another row with the id "${timed.row.id}"`, number);
    }
    if (timed.device !== undefined) this.computeOn(timed.device);
    this.done.set(timed.row.id, same ?? timed);
  }

  private damage(what: string, line: number): UserError {
    return new UserError(`${what} in an unfinished record`, {
      at: { file: this.path, line },
      hint: 'Remove that line and run again; a row that is then missing is computed anew.',
    });
  }
}

function parseLine<Row extends Identified>(line: string): TimedRow<Row> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isTimedRow<Row>(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTimedRow<Row extends Identified>(value: unknown): value is TimedRow<Row> {
  if (value === null || typeof value !== 'object') return false;
  if (!('row' in value && isRow<Row>(value.row))) return false;
  if (!('milliseconds' in value && typeof value.milliseconds === 'number')) return false;
  return !('device' in value) || typeof value.device === 'string';
}

const tenths = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
