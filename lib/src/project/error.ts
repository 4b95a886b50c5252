import { inspect } from 'node:util';
import { visible } from './visible.js';

/** Where in the user's input something is wrong. */
export interface Location {
  readonly file?: string;
  readonly line?: number;
  readonly field?: string;
}

/**
 * An error the user can cause and mend: bad input, a missing file, an unset variable.
 * `message` says what is wrong, `at` where, `hint` what to do next. Anything else that throws is a bug.
 *
 * @example
 * new UserError('must be positive', { at: { file: 'small.yaml', field: 'size' } }).message; // -> 'small.yaml: size: must be positive'
 */
export class UserError extends Error {
  readonly at: Location;
  /** What is wrong, without place and hint. */
  readonly reason: string;
  readonly hint: string | undefined;

  constructor(message: string, options: { at?: Location; hint?: string; cause?: unknown } = {}) {
    const at = options.at ?? {};
    const hint = options.hint && bounded(options.hint);
    super(
      [locationText(at), bounded(message)].filter(Boolean).join(' ') + (hint ? `\n  ${hint}` : ''),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'UserError';
    this.at = at;
    this.reason = message;
    this.hint = hint;
  }
}

/** What a user can still read: a text of somebody's own, quoted in an error, may have a megabyte. */
function bounded(text: string, most = 2000): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most / 2)} … (${(text.length - most).toLocaleString('en')} characters) … ${text.slice(-most / 2)}`;
}

function locationText({ file, line, field }: Location): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  return [place && `${place}:`, field && `${bounded(field, 200)}:`].filter(Boolean).join(' ');
}

/** What the machine refuses, by the system's own word for it (errno(3)), and what to do about it. */
const REFUSALS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOSPC: [
    'no space is left on the disk',
    'Make room there, and run it again: what was there before is whole.',
  ],
  EDQUOT: [
    'your share of the disk is used up',
    'Make room there, and run it again: what was there before is whole.',
  ],
  EFBIG: ['the file would be larger than is allowed', 'See ulimit -f, and run it again.'],
  EROFS: [
    'the disk cannot be written',
    'Copy the checkout to a folder that you may write, and run it there.',
  ],
  EACCES: [
    'you may not',
    'Change who may do so, or copy the checkout to a folder of your own and run it there.',
  ],
  EPERM: [
    'you may not',
    'Change who may do so, or copy the checkout to a folder of your own and run it there.',
  ],
  EMFILE: [
    'too many files are open',
    'Allow more, as with ulimit -n 4096, or fewer at a time with --jobs 1.',
  ],
  ENFILE: ['too many files are open on the machine', 'Close other programs, and run it again.'],
  ENAMETOOLONG: [
    'the name is too long',
    'Take a shorter name, or move the checkout to a folder with a shorter one.',
  ],
  ELOOP: ['links lead in a circle', 'Remove the link that leads back.'],
  ENOTDIR: ['a part of it is a file and no folder', 'Move that file away.'],
  EISDIR: ['it is a folder and no file', 'Move the folder away, or name a file.'],
  EIO: ['the disk fails', 'See that it is whole, and run it again.'],
  ESTALE: ['the disk is no longer there', 'Mount it again, and run it again.'],
  ENXIO: ['the device is not there', 'Name a file.'],
  EPIPE: ['whoever read it has ended', 'Read it to its end, or write it into a file.'],
};

/** The user's error that an error is: itself, or what the machine refused put into words; undefined for a bug. */
export function userErrorOf(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error;
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return undefined;
  const [what, hint] = (Object.hasOwn(REFUSALS, error.code) ? REFUSALS[error.code] : undefined) ?? [];
  if (what === undefined || hint === undefined) return undefined;
  const file = ['dest', 'path']
    .map((field): unknown => Reflect.get(error, field))
    .find((path) => typeof path === 'string');
  const call =
    'syscall' in error && typeof error.syscall === 'string'
      ? ` (${error.code}, ${error.syscall})`
      : ` (${error.code})`;
  return new UserError(`${what}${call}`, {
    at: typeof file === 'string' ? { file } : {},
    hint,
    cause: error,
  });
}

/** An error as the terminal shows it: a user's mistake in its own words, where a file is quoted none of its control characters; a bug with its stack. */
export function errorText(error: unknown): string {
  const told = userErrorOf(error);
  return told ? visible(told.message, '\n\t') : `This is a bug in Small Claims:\n${inspect(error)}`;
}
