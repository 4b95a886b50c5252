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
  readonly hint: string | undefined;

  constructor(message: string, options: { at?: Location; hint?: string; cause?: unknown } = {}) {
    const at = options.at ?? {};
    super(
      [locationText(at), message].filter(Boolean).join(' ') + (options.hint ? `\n  ${options.hint}` : ''),
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'UserError';
    this.at = at;
    this.hint = options.hint;
  }
}

function locationText({ file, line, field }: Location): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  return [place && `${place}:`, field && `${field}:`].filter(Boolean).join(' ');
}

/** An error as the terminal shows it: a user's mistake in its own words, where a file is quoted none of its control characters; a bug with its stack. */
export function errorText(error: unknown): string {
  return error instanceof UserError
    ? visible(error.message, '\n\t')
    : `This is a bug in Small Claims:\n${inspect(error)}`;
}
