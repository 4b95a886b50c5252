import { UserError } from '../../project/error.js';
import { MOST_LEVELS } from '../../project/json.js';

/**
 * Holds the objects of a JSON text, which is valid, to keys of their own: `JSON.parse` keeps the last value of a key that is
 * given twice, and what the others said would be lost unseen.
 *
 * @param line that the text begins on.
 * @throws UserError naming the line and the key, or what lies over 200 levels deep.
 */
export function refuseRepeatedKeys(json: string, file: string, line = 1): void {
  const open: (Set<string> | undefined)[] = [];
  for (const { 0: token, 1: quoted, 2: colon, index } of json.matchAll(TOKEN)) {
    if (open.length > MOST_LEVELS)
      throw new UserError(`lists and objects ${MOST_LEVELS} deep in one another`, {
        at: { file, line: line + json.slice(0, index).split('\n').length - 1 },
        hint: 'No table is written so: the file may be damaged.',
      });
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (quoted === undefined) open.pop();
    else if (colon !== undefined) {
      const [keys, key] = [open.at(-1), String(JSON.parse(quoted))];
      if (keys?.has(key))
        throw new UserError('given twice in one object', {
          at: { file, line: line + json.slice(0, index).split('\n').length - 1, field: key },
          hint: 'One value would be taken and the other lost: rename one of the two, or take it out.',
        });
      keys?.add(key);
    }
  }
}

/** Brackets, and strings with the colon that makes a key of one. */
const TOKEN = /[[\]{}]|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g;
