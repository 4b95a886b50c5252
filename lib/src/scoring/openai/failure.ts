import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { MalformedResponseError } from './completion.js';
import { type Endpoint, harmless } from './endpoint.js';

/** Why a request brought nothing. */
export interface Failure {
  /** For people, the same text for the same cause, so that causes can be counted. Holds no key and no address. */
  readonly reason: string;
  /** `again`: another attempt may succeed; `never`: not for this example; `stop`: for no example. */
  readonly hope: 'again' | 'never' | 'stop';
  readonly headers: Headers | undefined;
  /** The model may have done its work, and its work may be billed. */
  readonly perhapsPaid: boolean;
  /** The endpoint responded, but not with what was asked for. */
  readonly malformed: boolean;
  /** A filter at the endpoint would not have the prompt: an answer of its kind, and no failure. */
  readonly refused: boolean;
}

/** Codes of errors with which an endpoint refuses a prompt for what it says. */
const REFUSALS: readonly unknown[] = ['content_filter', 'content_policy_violation', 'invalid_prompt'];
const PASSING: readonly unknown[] = [408, 409, 425, 429];
const HOPELESS: readonly unknown[] = [401, 402, 403, 404];

/** What an error of a request means; undefined for one that is a bug. */
export function failureOf(error: unknown, endpoint: Endpoint): Failure | undefined {
  const failure = { headers: undefined, perhapsPaid: false, malformed: false, refused: false };
  const paid = { ...failure, hope: 'again', perhapsPaid: true } as const;
  if (error instanceof MalformedResponseError) {
    return { ...paid, reason: harmless(`malformed response: ${error.message}`, endpoint), malformed: true };
  }
  if (error instanceof SyntaxError) {
    return { ...paid, reason: 'malformed response: it is not JSON', malformed: true };
  }
  if (error instanceof APIConnectionTimeoutError || isAbort(error)) {
    return { ...paid, reason: 'no response in time' };
  }
  if (error instanceof APIConnectionError) {
    return { ...paid, reason: 'no connection' };
  }
  if (error instanceof APIError) {
    const { status, code, type } = error;
    if (status !== undefined && status >= 300 && status < 400) {
      const reason = `HTTP ${status}: the endpoint leads to another address, where nothing is sent; name that one`;
      return { ...failure, reason, hope: 'stop', headers: undefined };
    }
    const hope = hopeOf(status, code);
    const word = [code, type].find((each) => typeof each === 'string' && /^[\w.-]{1,60}$/.test(each));
    // A passing fault needs no explanation; what has to be mended does.
    const message = hope === 'again' ? '' : error.message.replace(/\breq_\w+/g, '').replace(/^\d+ /, '');
    const reason = harmless(['HTTP', status ?? '?', word ?? '', message].join(' '), endpoint);
    return { ...failure, reason, hope, headers: error.headers, refused: REFUSALS.includes(code) };
  }
  // The response was cut while its body was read, as Node's fetch says it.
  if (error instanceof TypeError && /terminated|fetch failed/.test(error.message)) {
    return { ...paid, reason: 'connection cut' };
  }
  return undefined;
}

/** Given up after the time allowed: before the response, or while its body was read. */
function isAbort(error: unknown): boolean {
  return (
    error instanceof APIUserAbortError || (error instanceof DOMException && /Timeout|Abort/.test(error.name))
  );
}

function hopeOf(status: number | undefined, code: unknown): Failure['hope'] {
  if (code === 'insufficient_quota' || HOPELESS.includes(status)) return 'stop';
  return status === undefined || status >= 500 || PASSING.includes(status) ? 'again' : 'never';
}
