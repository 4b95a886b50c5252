import { inspect } from 'node:util';
import { UserError } from '../project/error.js';

/** An error as the terminal shows it: a user's mistake in its own words, a bug with its stack. */
export function errorText(error: unknown): string {
  return error instanceof UserError ? error.message : `This is a bug in Small Claims:\n${inspect(error)}`;
}
