import type { Clock } from './clock.js';

/** What a response's headers say of the endpoint's limits. */
export interface RateLimit {
  /** Milliseconds that the endpoint asks to wait before the next request; undefined where it does not. */
  readonly wait: number | undefined;
}

/**
 * Reads `retry-after-ms` and `retry-after`, and OpenAI's `x-ratelimit-*`: with no request left, or fewer tokens than
 * the next one needs, the wait is until they are given back.
 *
 * @param tokens that a request needs.
 */
export function rateLimit(headers: Headers | undefined, tokens: number): RateLimit {
  if (!headers) return { wait: undefined };
  const asked = milliseconds(headers.get('retry-after-ms'), 1) ?? retryAfter(headers.get('retry-after'));
  const left = (what: string, needed: number) => {
    const remaining = headers.get(`x-ratelimit-remaining-${what}`);
    if (remaining === null || !(Number(remaining) < needed)) return undefined;
    return duration(headers.get(`x-ratelimit-reset-${what}`));
  };
  const waits = [asked, left('requests', 1), left('tokens', tokens)].filter((wait) => wait !== undefined);
  return { wait: waits.length > 0 ? Math.max(...waits) : undefined };
}

/** Seconds, or the date until which to wait. */
function retryAfter(text: string | null): number | undefined {
  const seconds = milliseconds(text, 1000);
  if (text === null || seconds !== undefined) return seconds;
  const until = Date.parse(text);
  return Number.isNaN(until) ? undefined : Math.max(0, until - Date.now());
}

function milliseconds(text: string | null, unit: number): number | undefined {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value * unit : undefined;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `1s`, `6m0s`, `20ms`, `1h2m3.5s`; a bare number is in seconds. */
function duration(text: string | null): number | undefined {
  if (text === null) return undefined;
  if (!/^(?:[\d.]+(?:ms|[smh]))+$/.test(text)) return milliseconds(text, 1000);
  return [...text.matchAll(/(?<![\d.])([\d.]+)(ms|[smh])/g)].reduce(
    (sum, [, value, unit = '']) => sum + Number(value) * (UNITS[unit] ?? 0),
    0,
  );
}

/** Where all requests of a run wait once the endpoint has asked one of them to. */
export class RateGate {
  private opens = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** Lets nobody through for so long. */
  close(wait: number): void {
    this.opens = Math.max(this.opens, this.clock.now() + wait);
  }

  /** Resolves when the gate is open; those that wait leave one after another, not all at once. */
  async pass(): Promise<void> {
    for (let wait = this.opens - this.clock.now(); wait > 0; wait = this.opens - this.clock.now()) {
      await this.clock.sleep(wait * (1 + 0.1 * this.random()));
    }
  }
}
