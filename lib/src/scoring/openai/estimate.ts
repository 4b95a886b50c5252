import type { TokenPrice } from '../../models/prices.js';
import { UserError } from '../../project/error.js';
import { type Budget, CAP_VARIABLE, dollarText } from './budget.js';
import type { Pending } from './pending.js';

/**
 * Tells what requests will cost at most, before any is sent. Nothing is told where the model has no price.
 *
 * @throws UserError, with the estimate, where nothing may be spent.
 */
export function announceCost(
  name: string,
  requests: readonly Pending[],
  price: TokenPrice | undefined,
  batch: boolean,
  { cap, left }: Budget,
): void {
  if (!price) return;
  const dollars = requests.reduce((sum, request) => sum + request.dollars, 0);
  const tokens = requests.reduce((sum, request) => sum + request.tokens, 0);
  const estimate =
    `${name}: ${requests.length} requests${batch ? ' by batch' : ''}, at most about ` +
    `${tokens.toLocaleString('en-US')} tokens and ${dollarText(dollars)} (prices of ${price.read}, ${price.verified})`;
  if (cap === 0) {
    throw new UserError(`this costs money: ${estimate}`, {
      hint: `Set ${CAP_VARIABLE} to the most that this command may spend, in dollars, to go on.`,
    });
  }
  const enough = dollars <= left ? '' : `; it stops when the ${dollarText(cap)} allowed are spent`;
  process.stderr.write(`${estimate}${enough}\n`);
}
