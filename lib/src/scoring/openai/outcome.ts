import type { TokenPrice } from '../../models/prices.js';
import type { Budget } from './budget.js';
import type { Completion } from './completion.js';
import type { Endpoint } from './endpoint.js';
import type { ApiOptions } from './options.js';

/** An example that was asked about in vain. */
export interface Failed {
  readonly id: string;
  readonly reason: string;
}

/** How a run of requests ended. An example is in its record, or in `failed`, or was not asked about because it stopped. */
export interface Outcome {
  readonly failed: readonly Failed[];
  /** Why no more was asked; undefined where all was. */
  readonly stopped: string | undefined;
}

/** What requests are sent with, and where their responses go. */
export interface Exchange<Row> {
  readonly endpoint: Endpoint;
  readonly budget: Budget;
  readonly price: TokenPrice | undefined;
  readonly options: ApiOptions;
  /** Tells a person what goes wrong while it goes on, the same words once. */
  readonly tell: (text: string) => void;
  /** Makes a row of a response. @throws MalformedResponseError where the response lacks what the row needs. */
  readonly read: (id: string, completion: Completion) => Row;
  /** Keeps a row for good, with the milliseconds that its request took. */
  readonly keep: (row: Row, milliseconds: number) => void;
}

/** The completion that stands for a prompt which a filter would not have. */
export const FILTERED: Completion = {
  model: '',
  text: '',
  finish: 'content_filter',
  refused: true,
  top: undefined,
  usage: { prompt: 0, cached: 0, completion: 0 },
};

/** How often each reason occurs, most frequent first, with an example's id. */
export function failureText(failed: readonly Failed[]): string {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of failed) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  return [...byReason]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([reason, ids]) => `${ids.length} × ${reason} (first: ${ids[0]})`)
    .join('\n  ');
}
