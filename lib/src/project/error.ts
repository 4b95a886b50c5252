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

/** An error as the terminal shows it: a user's mistake in its own words, where a file is quoted none of its control characters; a bug with its stack. */
export function errorText(error: unknown): string {
  return error instanceof UserError
    ? visible(error.message, '\n\t')
    : `This is a bug in Small Claims:\n${inspect(error)}`;
}
