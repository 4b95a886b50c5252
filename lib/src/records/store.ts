import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../project/atomic.js';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import type { JsonObject } from '../project/json.js';
import { noteInput, noteMissing } from '../project/ledger.js';
import { LockLostError, withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { headerChanges, isHeader, type RecordHeader, recordKey } from './header.js';
import { thisMachine } from './machine.js';
import { type Making, readMaking } from './making.js';
import { PartialRecord } from './partial.js';
import { type Identified, isRow } from './row.js';
import { rowCheck } from './row-check.js';
import { assertSealed, sealFiles } from './seals.js';

/** A finished record. */
export interface SealedRecord<Row extends Identified> {
  readonly header: RecordHeader;
  readonly rows: readonly Row[];
  readonly path: string;
  /** Of the uncompressed bytes, which do not depend on the compressor's version. */
  readonly sha256: Sha256;
  /** Replayed from a record that was there, or computed by this call. */
  readonly origin: 'replayed' | 'computed';
  readonly making: Making;
}

/** A record wanted, and how to make it. */
interface RecordRequest<Row extends Identified> {
  readonly header: RecordHeader;
  /** For people: folder and stem of the file, e.g. `facts/scifact-rationales-dev`. */
  readonly name: string;
  /** Gives all rows in their final order. Rows that took long are appended to `partial` one by one, and those there are not computed again. */
  readonly compute: (partial: PartialRecord<Row>) => Promise<readonly Row[]>;
}

/** The content-addressed store: what is expensive, or needs text, a GPU or a key, is computed once and replayed. */
export interface Records {
  /**
   * The record with this header, if it is there.
   *
   * @throws UserError if its file is damaged, a row is none of its kind, or it is not what was sealed; by line and field
   *   where one is at fault.
   */
  find<Row extends Identified>(header: RecordHeader, name: string): SealedRecord<Row> | undefined;
  /** Replays the record, or computes and seals it, one process at a time. */
  ensure<Row extends Identified>(request: RecordRequest<Row>): Promise<SealedRecord<Row>>;
}

/** What a record is called below the store's folder, without ending: its name for people, and its header's key. */
export const recordName = (header: RecordHeader, name: string): string =>
  `${name}.${recordKey(header).slice(0, 12)}`;

/** Opens the store under `paths.records`. */
export function openRecords(paths: Paths = projectPaths()): Records {
  const stem = (header: RecordHeader, name: string) => join(paths.records, recordName(header, name));

  function find<Row extends Identified>(header: RecordHeader, name: string): SealedRecord<Row> | undefined {
    const path = `${stem(header, name)}.jsonl.gz`;
    if (!existsSync(path)) {
      noteMissing(paths.root, path);
      return undefined;
    }
    const compressed = readFileSync(path);
    const hash = sha256(compressed);
    noteInput(paths.root, path, hash);
    const makingFile = `${stem(header, name)}.making.json`;
    const { making, sha256: makingHash } = readMaking(makingFile);
    noteInput(paths.root, makingFile, makingHash);
    const decoded = decode<Row>(path, compressed, header);
    if (decoded.rows.length !== making.milliseconds.length) {
      throw damage(
        `it has ${decoded.rows.length} rows, and was made with ${making.milliseconds.length}`,
        path,
      );
    }
    // Last, since what is wrong with a row says more.
    assertSealed(paths, path, hash);
    assertSealed(paths, makingFile, makingHash);
    return { ...decoded, making, path, origin: 'replayed' };
  }

  async function ensure<Row extends Identified>(request: RecordRequest<Row>): Promise<SealedRecord<Row>> {
    const { header, name } = request;
    const found = find<Row>(header, name);
    if (found) {
      // Left there by a kill between sealing and removing.
      rmSync(`${stem(header, name)}.jsonl`, { force: true });
      return found;
    }
    const waiting = (pid: number) =>
      process.stderr.write(`${name}: process ${pid} is computing it, waiting\n`);
    try {
      return await withLock(
        `${stem(header, name)}.lock`,
        async (assertHeld) => find<Row>(header, name) ?? compute(request, assertHeld),
        waiting,
      );
    } catch (error) {
      if (!(error instanceof LockLostError)) throw error;
      process.stderr.write(`${name}: another process has taken it over\n`);
      return ensure(request);
    }
  }

  async function compute<Row extends Identified>(
    request: RecordRequest<Row>,
    assertHeld: () => void,
  ): Promise<SealedRecord<Row>> {
    const { header, name } = request;
    process.stderr.write(`${name}: ${reason(header, name)}\n`);
    const partial = new PartialRecord<Row>(`${stem(header, name)}.jsonl`, header, assertHeld);
    try {
      const started = performance.now();
      const rows = await request.compute(partial);
      const each = (performance.now() - started) / Math.max(1, rows.length);
      const milliseconds = rows.map(({ id }) => round(partial.rows.get(id)?.milliseconds ?? each));
      assertHeld();
      seal(stem(header, name), header, rows, {
        madeAt: new Date().toISOString(),
        machine: thisMachine(partial.device),
        milliseconds,
      });
      await sealFiles(paths, [`${stem(header, name)}.jsonl.gz`, `${stem(header, name)}.making.json`]);
    } catch (error) {
      if (partial.rows.size === 0) {
        // Nothing came of it, so nothing is left of it.
        assertHeld();
        rmSync(partial.path, { force: true });
      }
      throw error;
    } finally {
      partial.close();
    }
    rmSync(partial.path, { force: true });
    const sealed = find<Row>(header, name);
    if (!sealed) throw new Error(`${name}: sealed, yet not there`);
    return { ...sealed, origin: 'computed' };
  }

  /** Says why a record is computed: nothing like it is there, or what changed since the one that is. */
  function reason(header: RecordHeader, name: string): string {
    const folder = dirname(join(paths.records, name));
    const siblings = existsSync(folder) ? readdirSync(folder) : [];
    const changes = siblings
      .filter((file) => file.startsWith(`${basename(name)}.`) && file.endsWith('.jsonl.gz'))
      .map((file) => headerChanges(headerOf(join(folder, file)), header))
      .sort((a, b) => a.length - b.length)[0];
    const why = changes
      ? `computing, because this changed: ${changes.join('; ')}`
      : 'computing, no record yet';
    return existsSync(`${stem(header, name)}.jsonl`) ? `${why}; going on where an earlier run stopped` : why;
  }

  return { find, ensure };
}

/** The header of a sealed record. @throws UserError if the file is damaged. */
export function headerOf(path: string): RecordHeader {
  const [first = ''] = unzip(path, readFileSync(path)).toString('utf8').split('\n', 1);
  return parseLine(path, first, 1, isHeader);
}

function seal<Row extends Identified>(
  stem: string,
  header: RecordHeader,
  rows: readonly Row[],
  making: Making,
): void {
  if (new Set(rows.map(({ id }) => id)).size < rows.length) throw new Error(`${stem}: two rows share an id`);
  const lines = [canonicalJson(header), ...rows.map((row) => JSON.stringify(row))];
  writeFileAtomic(`${stem}.making.json`, `${JSON.stringify(making)}\n`);
  writeFileAtomic(`${stem}.jsonl.gz`, gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}

function decode<Row extends Identified>(path: string, compressed: Uint8Array, header: RecordHeader) {
  const bytes = unzip(path, compressed);
  const [first, ...lines] = bytes.toString('utf8').split('\n').slice(0, -1);
  if (first !== canonicalJson(header)) {
    throw new UserError('the record’s header is not the one its name stands for', {
      at: { file: path, line: 1 },
      hint: 'Restore the file from git, or remove it to compute it again.',
    });
  }
  const seen = new Set<string>();
  const check = rowCheck(header);
  const rows = lines.map((line, index) => {
    const row = parseLine(path, line, index + 2, isRow<Row & JsonObject>);
    const flaw = check(row);
    if (flaw) throw damage(flaw.what, path, index + 2, flaw.field);
    seen.add(row.id);
    if (seen.size <= index) throw damage(`the id "${row.id}" is there twice`, path, index + 2, 'id');
    return row;
  });
  return { header, rows, sha256: sha256(bytes) };
}

function unzip(path: string, compressed: Uint8Array): Buffer {
  try {
    return gunzipSync(compressed);
  } catch (cause) {
    throw damage('it cannot be decompressed', path, undefined, undefined, cause);
  }
}

function parseLine<T>(path: string, line: string, number: number, is: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw damage('not JSON', path, number, undefined, cause);
  }
  if (is(value)) return value;
  throw damage(number === 1 ? 'not a header' : 'not a row with an id', path, number);
}

function damage(what: string, file: string, line?: number, field?: string, cause?: unknown): UserError {
  return new UserError(`the record is damaged: ${what}`, {
    at: { file, ...(line !== undefined && { line }), ...(field !== undefined && { field }) },
    hint: 'Restore the file from git, or remove it to compute it again.',
    cause,
  });
}

const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
