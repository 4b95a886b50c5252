import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { Interrupted, interruptedText } from '../project/interruption.js';
import { noteInput, noteMissing } from '../project/ledger.js';
import { LockLostError, withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { headerChanges, type RecordHeader, recordKey } from './header.js';
import { thisMachine } from './machine.js';
import { type Making, readMaking } from './making.js';
import { PartialRecord } from './partial.js';
import { damage, decode, encode, headerOf, RESTORE } from './record-file.js';
import type { Identified } from './row.js';
import { sealFiles, sealState } from './seals.js';

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
  /** Whether to leave unsaid why it is computed. Default false. */
  readonly quiet?: boolean;
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

/**
 * Opens the store under `paths.records`.
 *
 * @param options.noted whether a notebook depends on the records that it reads; not where it makes them anew whenever they
 *   are gone, of what it depends on already. Default true.
 */
export function openRecords(
  paths: Paths = projectPaths(),
  { noted = true }: { readonly noted?: boolean } = {},
): Records {
  const stem = (header: RecordHeader, name: string) => join(paths.records, recordName(header, name));

  function find<Row extends Identified>(header: RecordHeader, name: string): SealedRecord<Row> | undefined {
    const place = stem(header, name);
    const path = `${place}.jsonl.gz`;
    if (!existsSync(path)) {
      if (noted) noteMissing(paths.root, path);
      return undefined;
    }
    const compressed = readFileSync(path);
    const hash = sha256(compressed);
    if (noted) noteInput(paths.root, path, hash);
    const makingFile = `${place}.making.json`;
    const { making, sha256: makingHash } = readMaking(makingFile);
    if (noted) noteInput(paths.root, makingFile, makingHash);
    const state = sealState(paths, [
      [path, hash],
      [makingFile, makingHash],
    ]);
    // That no id is there twice was seen when it was sealed, and takes a sixth of the time of reading.
    const decoded = decode<Row>(path, compressed, header, state !== 'sealed');
    if (decoded.rows.length !== making.milliseconds.length) {
      throw damage(
        `it has ${decoded.rows.length} rows, and was made with ${making.milliseconds.length}`,
        path,
      );
    }
    // Last, since what is wrong with a row says more.
    if (typeof state === 'object') {
      throw new UserError('it has been changed since it was made: it is not what SHA256SUMS has', {
        at: { file: state.changed },
        hint: RESTORE,
      });
    }
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
    const waiting = (pid: number) => {
      // This one itself: what was interrupted is about to end.
      if (pid !== process.pid) process.stderr.write(`${name}: process ${pid} is computing it, waiting\n`);
    };
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
    if (!request.quiet) process.stderr.write(`${name}: ${reason(header, name)}\n`);
    const partial = new PartialRecord<Row>(`${stem(header, name)}.jsonl`, header, assertHeld);
    const kept = () => {
      const count = partial.rows.size;
      const rows = `${count} ${count === 1 ? 'row is' : 'rows are'} kept in ${relative(paths.root, partial.path)}`;
      return interruptedText(name, count === 0 ? 'no row was finished yet' : rows);
    };
    const told = () => process.stderr.write(`\n${kept()}\n`);
    process.once('exit', told);
    try {
      const started = performance.now();
      const rows = await request.compute(partial);
      const each = (performance.now() - started) / Math.max(1, rows.length);
      const milliseconds = rows.map(({ id }) => round(partial.rows.get(id)?.milliseconds ?? each));
      assertHeld();
      const machine = thisMachine(partial.device);
      const making: Making = { madeAt: new Date().toISOString(), machine, milliseconds };
      const [file, makingFile] = [`${stem(header, name)}.jsonl.gz`, `${stem(header, name)}.making.json`];
      const encoded = encode(partial.path, header, rows);
      writeFileAtomic(makingFile, `${JSON.stringify(making)}\n`);
      writeFileAtomic(file, encoded);
      await sealFiles(paths, [file, makingFile]);
    } catch (error) {
      if (partial.rows.size === 0) {
        // Nothing came of it, so nothing is left of it.
        assertHeld();
        rmSync(partial.path, { force: true });
      }
      throw partial.interrupted ? new Interrupted(kept(), { cause: error }) : error;
    } finally {
      process.off('exit', told);
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

const round = (milliseconds: number) => Math.round(milliseconds * 10) / 10;
