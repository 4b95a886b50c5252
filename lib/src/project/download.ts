import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Sha256, sha256File } from './digest.js';
import { UserError } from './error.js';
import { Interrupted, interruptedText, interruption } from './interruption.js';
import { withLock } from './lock.js';
import { type Progress, progress } from './progress.js';
import { visible } from './visible.js';

/** A file to be had from one of several places. */
export interface Download {
  /** Tried in order: a local file, a local folder holding a file of the destination's name, or an http(s) URL. */
  readonly sources: readonly string[];
  /** What the file must hash to; undefined pins it on first download: the caller keeps the returned hash. */
  readonly sha256: Sha256 | undefined;
  readonly destination: string;
  /** What the file is, for progress and errors, e.g. `SciFact release`. */
  readonly title: string;
}

/** A file whose content is what was asked for. */
export interface VerifiedFile {
  readonly path: string;
  readonly sha256: Sha256;
  /** The source it came from; undefined if it was there already. */
  readonly source: string | undefined;
}

/** No source had the file; `failures` says of each what was wrong. */
export class NoSourceError extends UserError {
  readonly failures: readonly string[];

  constructor(title: string, failures: readonly string[]) {
    super(`${title} could not be had`, { hint: ['Tried:', ...failures].join('\n    ') });
    this.failures = failures;
  }
}

/** The outside world of a download, given in tests. */
export interface Web {
  readonly fetch: typeof fetch;
  readonly pause: (ms: number) => Promise<unknown>;
}

const ATTEMPTS = 4;
/** A server that is there says something within this time; on the way, nothing may come for so long. */
const SILENT_MS = 20_000;
const STALL_MS = 60_000;
/** Of a server that sends without end: larger than any file that is asked for. */
const MOST_BYTES = 2 ** 37;

/**
 * Brings a file to `destination` from the first source that has it, and only if its SHA-256 is the expected one.
 * It is written to `destination.part` and renamed once verified; an interrupted download of a pinned file goes on
 * where it stopped. A file already there is verified, never replaced. Of several processes one downloads.
 *
 * @throws NoSourceError naming every source tried and what was wrong with it.
 * @throws UserError if a file is there with another hash, or the disk is full.
 */
export async function fetchVerified(
  download: Download,
  web: Web = { fetch: globalThis.fetch, pause },
): Promise<VerifiedFile> {
  const { destination } = download;
  if (existsSync(destination)) return verifyPresent(download);
  const waiting = (pid: number) =>
    process.stderr.write(`${download.title}: process ${pid} is fetching it, waiting\n`);
  return withLock(
    `${destination}.lock`,
    () => (existsSync(destination) ? verifyPresent(download) : fetchFirst(download, web)),
    waiting,
  );
}

async function verifyPresent({ sha256, destination, title }: Download): Promise<VerifiedFile> {
  const found = await sha256File(destination);
  if (sha256 !== undefined && found !== sha256) {
    throw new UserError(`${title} has another content: sha256 is ${found}, expected ${sha256}`, {
      at: { file: destination },
      hint: 'Remove the file and run again to fetch it.',
    });
  }
  return { path: destination, sha256: found, source: undefined };
}

async function fetchFirst(download: Download, web: Web): Promise<VerifiedFile> {
  const { sources, destination, title } = download;
  const part = `${destination}.part`;
  mkdirSync(dirname(destination), { recursive: true });
  // Without a pinned hash nothing would notice that the rest came from another version.
  if (download.sha256 === undefined) rmSync(part, { force: true });

  const failures: string[] = [];
  for (const source of sources) {
    try {
      const sha256 = await fetchFrom(source, part, download, web);
      renameSync(part, destination);
      return { path: destination, sha256, source };
    } catch (error) {
      if (isDiskError(error, part)) {
        throw new UserError(`${title} cannot be written: ${reason(error)}`, {
          at: { file: part },
          cause: error,
        });
      }
      if (!(error instanceof SourceFailure)) throw error;
      failures.push(`${source}: ${error.message}`);
    }
  }
  throw new NoSourceError(title, failures.length > 0 ? failures : ['no source is known']);
}

/** One source cannot give the file; the next may. */
class SourceFailure extends Error {}

async function fetchFrom(source: string, part: string, download: Download, web: Web): Promise<Sha256> {
  const isUrl = /^https?:\/\//.test(source);
  const resumed = isUrl && sizeOf(part) > 0;
  if (isUrl) await downloadUrl(source, part, download, web);
  else await copyLocal(source, part, download);

  const found = await sha256File(part);
  if (download.sha256 === undefined || found === download.sha256) return found;
  rmSync(part);
  // The part may have been of another source or version: once more, from the beginning.
  if (resumed) return fetchFrom(source, part, download, web);
  throw new SourceFailure(`sha256 is ${found}, expected ${download.sha256}`);
}

async function copyLocal(source: string, part: string, { destination, title }: Download): Promise<void> {
  const stats = statSync(source, { throwIfNoEntry: false });
  const file = stats?.isDirectory() ? join(source, basename(destination)) : source;
  const size = statSync(file, { throwIfNoEntry: false });
  if (!size?.isFile()) throw new SourceFailure('no such file');
  const shown = progress(title, size.size, 'bytes');
  try {
    await pipeline(createReadStream(file), counting(shown), createWriteStream(part));
  } catch (error) {
    if (isDiskError(error, part)) throw error;
    throw new SourceFailure(reason(error), { cause: error });
  } finally {
    shown.done();
  }
}

async function downloadUrl(url: string, part: string, download: Download, web: Web): Promise<void> {
  const signal = interruption();
  for (let attempt = 1; ; attempt++) {
    try {
      return await downloadOnce(url, part, download, web);
    } catch (error) {
      if (signal.aborted) throw new Interrupted(interruptedText(download.title, keptOf(part, download)));
      if (error instanceof SourceFailure || isDiskError(error, part)) throw error;
      if (isUnreachable(error)) throw new SourceFailure(reason(error), { cause: error });
      if (attempt === ATTEMPTS)
        throw new SourceFailure(`${reason(error)} (${ATTEMPTS} attempts)`, { cause: error });
      if (download.sha256 === undefined) rmSync(part, { force: true });
      process.stderr.write(`${download.title}: ${visible(reason(error))}; trying again\n`);
      await web.pause(1000 * 4 ** (attempt - 1));
    }
  }
}

async function downloadOnce(url: string, part: string, { title }: Download, web: Web): Promise<void> {
  const stall = new AbortController();
  const silent = setTimeout(
    () => stall.abort(new SourceFailure(`no answer within ${SILENT_MS / 1000} s`)),
    SILENT_MS,
  );
  const ended = AbortSignal.any([stall.signal, interruption()]);
  const timer = setTimeout(() => stall.abort(new Error(`nothing came for ${STALL_MS / 1000} s`)), STALL_MS);
  try {
    const have = sizeOf(part);
    const headers = { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) };
    const response = await web.fetch(url, { headers, signal: ended }).finally(() => clearTimeout(silent));
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
    if (response.status === 416 && have > 0) {
      await response.body?.cancel();
      // Either all of it is here already, or the part is of something longer: the hash tells.
      if (range && Number(range[2]) === have) return;
      rmSync(part);
      throw new Error('the server could not resume');
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw httpFailure(response);
    }
    const resumes = response.status === 206;
    if (resumes && Number(range?.[1]) !== have) {
      await response.body.cancel();
      rmSync(part, { force: true });
      throw new Error('the server resumed at another place');
    }
    const already = resumes ? have : 0;
    const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
    const total = length === null ? undefined : already + Number(length);
    const shown = progress(title, total, 'bytes', { already });
    try {
      await pipeline(
        response.body,
        counting(shown, () => timer.refresh()),
        createWriteStream(part, { flags: resumes ? 'a' : 'w' }),
        { signal: ended },
      );
    } finally {
      shown.done();
    }
    if (total !== undefined && sizeOf(part) !== total) throw new Error('the connection closed early');
  } finally {
    clearTimeout(timer);
  }
}

/** Of a file whose hash is not known nothing is kept. */
const keptOf = (part: string, { sha256 }: Download) =>
  sha256 === undefined ? 'nothing is kept' : `${(sizeOf(part) / 1e6).toFixed(1)} MB are kept`;

function httpFailure(response: Response): Error {
  const message = `HTTP ${response.status} ${response.statusText}`.trim();
  const mayPass = response.status >= 500 || response.status === 408 || response.status === 429;
  return mayPass ? new Error(message) : new SourceFailure(message);
}

function counting(shown: Progress, onBytes?: () => void): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, next) {
      bytes += chunk.length;
      shown.advance(chunk.length);
      onBytes?.();
      if (bytes > MOST_BYTES) next(new SourceFailure(`it sends more than ${MOST_BYTES / 2 ** 30} GiB`));
      else next(null, chunk);
    },
  });
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** A full or read-only disk is no fault of the source: no other source would do better. */
function isDiskError(error: unknown, part: string): boolean {
  if (!(error instanceof Error)) return false;
  return ('path' in error && error.path === part) || ('syscall' in error && error.syscall === 'write');
}

/** Without a network one should not wait to be told so; a connection that breaks is another matter. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const codes = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'];
  return ('code' in error && codes.includes(String(error.code))) || isUnreachable(error.cause);
}

/** What went wrong, with what lay beneath: Node's fetch says only `fetch failed`. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${reason(error.cause)}` : error.message;
}
