import assert from 'node:assert/strict';
import { UserError } from 'small-claims/project/error';

/** The user's error that something ends in. @param otherwise what is said where it does not. */
export function flawOf(use: () => unknown, otherwise = 'nothing was wrong'): UserError {
  try {
    use();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: otherwise });
}
