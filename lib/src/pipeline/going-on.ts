import { UserError } from '../project/error.js';

/**
 * Does the same with each item, one after the other. What one of them wants (a UserError) is told, the same words once,
 * and keeps no other from being done.
 *
 * @returns how many wanted something.
 */
export async function goingOn<Item>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<number> {
  const told = new Set<string>();
  let wanting = 0;
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!told.has(error.message)) console.error(error.message);
      told.add(error.message);
      wanting += 1;
    }
  }
  return wanting;
}
