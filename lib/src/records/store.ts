import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../project/atomic.js';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { noteInput } from '../project/ledger.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { headerChanges, type Json, type RecordHeader, recordKey } from './header.js';
import { type Machine, thisMachine } from './machine.js';
import { type Identified, PartialRecord } from './partial.js';

/** When, where and how fast a record was made: kept beside it, so that the record's own bytes depend on its header alone. */
export interface Making {
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly machine: Machine;
  /** One number a row, in the rows' order. */
  readonly milliseconds: readonly number[];
}

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
export interface RecordRequest<Row extends Identified> {
  readonly header: RecordHeader;
  /** For people: folder and stem of the file, e.g. `facts/scifact-rationales-dev`. */
  readonly name: string;
  /** Gives all rows in their final order. Rows that took long are appended to `partial` one by one, and those there are not computed again. */
  readonly compute: (partial: PartialRecord<Row>) => Promise<readonly Row[]>;
}

/** The content-addressed store: what is expensive, or needs text, a GPU or a key, is computed once and replayed. */
export interface Records {
  /** The record with this header, if it is there. @throws UserError if its file is damaged. */
  find<Row extends Identified>(header: RecordHeader, name: string): SealedRecord<Row> | undefined;
  /** Replays the record, or computes and seals it, one process at a time. */
  ensure<Row extends Identified>(request: RecordRequest<Row>): Promise<SealedRecord<Row>>;
}

/** Opens the store under `paths.records`. */
export function openRecords(paths: Paths = projectPaths()): Records {
  const stem = (header: RecordHeader, name: string) =>
    join(paths.records, `${name}.${recordKey(header).slice(0, 12)}`);

  function find<Row extends Identified>(header: RecordHeader, name: string): SealedRecord<Row> | undefined {
    const path = `${stem(header, name)}.jsonl.gz`;
    if (!existsSync(path)) return undefined;
    const compressed = readFileSync(path);
    noteInput(paths.root, path, sha256(compressed));
    const makingFile = `${stem(header, name)}.making.json`;
    const makingText = readText(makingFile);
    noteInput(paths.root, makingFile, sha256(makingText));
    return {
      ...decode<Row>(path, compressed, header),
      making: JSON.parse(makingText),
      path,
      origin: 'replayed',
    };
  }

  async function ensure<Row extends Identified>(request: RecordRequest<Row>): Promise<SealedRecord<Row>> {
    const { header, name } = request;
    const found = find<Row>(header, name);
    if (found) return found;
    const waiting = (pid: number) =>
      process.stderr.write(`${name}: process ${pid} is computing it, waiting\n`);
    return withLock(
      `${stem(header, name)}.lock`,
      async () => find<Row>(header, name) ?? compute(request),
      waiting,
    );
  }

  async function compute<Row extends Identified>(request: RecordRequest<Row>): Promise<SealedRecord<Row>> {
    const { header, name } = request;
    process.stderr.write(`${name}: ${reason(header, name)}\n`);
    const partial = new PartialRecord<Row>(`${stem(header, name)}.jsonl`, header);
    try {
      const started = performance.now();
      const rows = await request.compute(partial);
      const each = (performance.now() - started) / Math.max(1, rows.length);
      const milliseconds = rows.map(({ id }) => round(partial.rows.get(id)?.milliseconds ?? each));
      seal(stem(header, name), header, rows, {
        madeAt: new Date().toISOString(),
        machine: thisMachine(),
        milliseconds,
      });
    } finally {
      partial.close();
    }
    rmSync(partial.path);
    const sealed = find<Row>(header, name);
    if (!sealed) throw new Error(`${name}: sealed, yet not there`);
    return { ...sealed, origin: 'computed' };
  }

  /** Says why a record is computed: nothing like it is there, or what changed since the one that is. */
  function reason(header: RecordHeader, name: string): string {
    if (existsSync(`${stem(header, name)}.jsonl`)) return 'going on where an earlier run stopped';
    const folder = dirname(join(paths.records, name));
    const siblings = existsSync(folder) ? readdirSync(folder) : [];
    const changes = siblings
      .filter((file) => file.startsWith(`${basename(name)}.`) && file.endsWith('.jsonl.gz'))
      .map((file) => headerChanges(headerOf(join(folder, file)), header))
      .sort((a, b) => a.length - b.length)[0];
    return changes ? `computing, because this changed: ${changes.join('; ')}` : 'computing, no record yet';
  }

  return { find, ensure };
}

/** The sealed records under a folder, at any depth. */
export function listRecords(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.jsonl.gz'))
    .sort()
    .map((file) => join(folder, file));
}

/** The header of a sealed record. @throws UserError if the file is damaged. */
export function headerOf(path: string): RecordHeader {
  return parseLine(path, unzip(path, readFileSync(path)).split('\n', 1)[0] ?? '', 1);
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
  const text = unzip(path, compressed);
  const [first, ...lines] = text.split('\n').slice(0, -1);
  if (first !== canonicalJson(header)) {
    throw new UserError('the record’s header is not the one its name stands for', {
      at: { file: path, line: 1 },
      hint: 'Restore the file from git, or remove it to compute it again.',
    });
  }
  const rows = lines.map((line, index): Row => parseLine(path, line, index + 2));
  return { header, rows, sha256: sha256(text) };
}

function unzip(path: string, compressed: Uint8Array): string {
  try {
    return gunzipSync(compressed).toString('utf8');
  } catch (cause) {
    throw new UserError('the record is damaged: it cannot be decompressed', {
      at: { file: path },
      hint: 'Restore the file from git, or remove it to compute it again.',
      cause,
    });
  }
}

function parseLine<T extends Json | object>(path: string, line: string, number: number): T {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UserError('the record is damaged: not JSON', {
      at: { file: path, line: number },
      hint: 'Restore the file from git, or remove it to compute it again.',
      cause,
    });
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UserError('a record has lost the file that says when and where it was made', {
      at: { file: path },
      hint: 'Restore it from git, or remove the record beside it to compute it again.',
      cause,
    });
  }
}

const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
