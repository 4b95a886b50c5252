import assert from 'node:assert/strict';
import { UserError } from 'small-claims/project/error';

/** Holds what is done to an error of the user's that says so. */
export const refusing = (act: () => Promise<unknown>, says: RegExp): Promise<void> =>
  assert.rejects(act, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, says);
    return true;
  });
