import { UserError } from '../../project/error.js';

/** The name of the variable that allows spending. */
export const CAP_VARIABLE = 'SMALL_CLAIMS_MAX_DOLLARS';

/** How much a command may spend, in dollars, over all its runs. What is under way is counted as if it cost the most it can. */
export class Budget {
  private paid = 0;
  private held = 0;

  constructor(readonly cap: number) {}

  /** Dollars spent so far. */
  get spent(): number {
    return this.paid;
  }

  /** Dollars still free. */
  get left(): number {
    return this.cap - this.paid - this.held;
  }

  /** Puts money aside for a request; false where there is not enough left, and nothing is put aside. */
  hold(dollars: number): boolean {
    // Sums of many small amounts do not come out exactly.
    if (dollars > this.left + 1e-9) return false;
    this.held += dollars;
    return true;
  }

  /** The request that `held` was put aside for has cost `cost`. */
  settle(held: number, cost: number): void {
    this.held -= held;
    this.paid += cost;
  }
}

/** The budget that SMALL_CLAIMS_MAX_DOLLARS gives: none, if it is not set. @internal */
export function budgetOf(env: NodeJS.ProcessEnv = process.env): Budget {
  const text = env[CAP_VARIABLE] ?? '';
  const dollars = text === '' ? 0 : Number(text);
  if (Number.isFinite(dollars) && dollars >= 0) return new Budget(dollars);
  throw new UserError(`${CAP_VARIABLE} is "${text}"`, {
    hint: 'Give the most that one command may spend, in US dollars, such as 2.50.',
  });
}

let shared: Budget | undefined;

/** The budget of this command, the same one for all its runs. */
export function budgetOfCommand(): Budget {
  shared ??= budgetOf();
  return shared;
}

/** Dollars as a person reads them. */
export function dollarText(dollars: number): string {
  return dollars > 0 && dollars < 0.01 ? 'less than $0.01' : `$${dollars.toFixed(2)}`;
}
