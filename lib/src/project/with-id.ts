import { UserError } from './error.js';

/**
 * The one of some items with this id. @throws UserError where none has it, which names some of those there are.
 *
 * @example
 * withId([{ id: 'a', score: 0.5 }], 'a').score; // -> 0.5
 * withId([{ id: 'a' }], 'b'); // throws nothing has the id b
 */
export function withId<Item extends { readonly id: string }>(items: readonly Item[], id: string): Item {
  const found = items.find((item) => item.id === id);
  if (found) return found;
  const shown = items.slice(0, 5).map((item) => item.id);
  const more = items.length > shown.length ? ` and ${items.length - shown.length} more` : '';
  throw new UserError(`nothing has the id ${id}`, {
    hint: items.length === 0 ? 'The list is empty.' : `There are ${shown.join(', ')}${more}.`,
  });
}
