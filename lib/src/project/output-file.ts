import {
  closeSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from './error.js';

/** A file that a command is asked to write, and the option that asks for it. */
export interface WantedFile {
  /** `--out`, for errors. */
  readonly option: string;
  readonly path: string;
  /** What a file begins with that an earlier run wrote: it may be written again. */
  readonly begins: RegExp;
}

/** How much of a file is looked at to see whose it is. */
const HEAD = 2000;

/**
 * Sees before the work that what it is asked to write can be written: into a folder that is there and lets it, to no place
 * that is a link, a folder or a device, no file twice, none that is read, and none that holds something of the user's.
 *
 * @param inputs what the command reads.
 * @throws UserError naming the file and the option.
 */
export function assertWritable(wanted: readonly WantedFile[], inputs: readonly string[]): void {
  for (const [index, { option, path, begins }] of wanted.entries()) {
    const flaw = (message: string, hint: string) =>
      new UserError(message, { at: { file: path, field: option }, hint });
    if (path.trim() === '' || path === '-') throw flaw('names no file', `For example: ${option} report.html`);
    const folder = dirname(resolve(path));
    const parent = statSync(folder, { throwIfNoEntry: false });
    if (!parent?.isDirectory())
      throw flaw(
        `${parent ? 'not a folder' : 'there is no folder'} ${folder}`,
        'Make it first, or name another.',
      );
    const there = attempt(() => lstatSync(path, { throwIfNoEntry: false }), flaw);
    if (there?.isSymbolicLink())
      throw flaw('a link, which would be replaced', 'Name the file that it leads to.');
    if (there && !there.isFile())
      throw flaw(
        `there is ${there.isDirectory() ? 'a folder' : 'a device or pipe'} of this name`,
        'Name a file.',
      );
    const place = join(realpathSync(folder), basename(path));
    const same = (other: string) => isSame(place, there, other);
    const input = inputs.find(same);
    if (input !== undefined) throw flaw('is what the command reads', 'It would be lost: name another file.');
    const twice = wanted.slice(0, index).find((other) => same(other.path));
    if (twice) throw flaw(`is what ${twice.option} names too`, 'Name two files.');
    if (there && there.size > 0 && !begins.test(headOf(path)))
      throw flaw('is there, and is none that this command has written', 'Name another file, or remove it.');
    // A file beside it, since that is how it will be written.
    const beside = `${place}.${process.pid}.try`;
    attempt(() => closeSync(openSync(beside, 'wx')), flaw);
    rmSync(beside, { force: true });
  }
}

/** Whether a path leads to a place, or to the file there under another name. */
function isSame(place: string, there: Stats | undefined, other: string): boolean {
  const found = statSync(other, { throwIfNoEntry: false });
  if (!found) return resolve(other) === place;
  return (
    realpathSync(other) === place ||
    (there !== undefined && found.ino === there.ino && found.dev === there.dev)
  );
}

function headOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEAD);
    return bytes.subarray(0, readSync(file, bytes, 0, HEAD, 0)).toString('utf8');
  } finally {
    closeSync(file);
  }
}

function attempt<Value>(look: () => Value, flaw: (message: string, hint: string) => UserError): Value {
  try {
    return look();
  } catch (cause) {
    throw flaw('cannot be written', cause instanceof Error ? cause.message : String(cause));
  }
}
