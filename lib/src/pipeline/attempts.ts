import { errorText, UserError } from '../project/error.js';
import { isInterrupted } from '../project/interruption.js';

/**
 * Does the same with each item, one after the other, and goes on where one fails. Its UserError is told, the same words
 * once; any other error is a bug and ends it, as an interruption does.
 *
 * @returns how many failed.
 */
export async function attemptEach<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<number> {
  const told = new Set<string>();
  let failed = 0;
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (!(error instanceof UserError) || isInterrupted(error)) throw error;
      if (!told.has(error.message)) console.error(errorText(error));
      told.add(error.message);
      failed += 1;
    }
  }
  return failed;
}
