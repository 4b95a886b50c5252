import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { randomStream } from 'small-claims/project/random';
import { completionOf, fakeEndpoint, type Got, json } from './fake-endpoint.js';

/** Ways in which an endpoint, or the way to it, fails. */
const FAULTS: Readonly<Record<string, (got: Got, response: ServerResponse) => void>> = {
  'too many requests': (_, response) =>
    json(
      response,
      429,
      { error: { code: 'rate_limit_exceeded', message: 'slow down' } },
      { 'retry-after': '7' },
    ),
  'too many, by the millisecond': (_, response) =>
    json(response, 429, { error: { message: 'slow down' } }, { 'retry-after-ms': '30' }),
  'no tokens left': (got, response) =>
    json(response, 200, completionOf(got.body), {
      'x-ratelimit-remaining-tokens': '3',
      'x-ratelimit-reset-tokens': '1m2.5s',
    }),
  'server error': (got, response) =>
    // Some proxies repeat what they were sent.
    json(response, 500, { error: { message: `failed on ${got.authorization}`, code: null } }),
  overloaded: (_, response) => void response.writeHead(503).end('<html>overloaded</html>'),
  'connection cut at once': (_, response) => void response.destroy(),
  'connection cut in the body': (got, response) => {
    const body = JSON.stringify(completionOf(got.body));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.write(body.slice(0, 40), () => response.destroy());
  },
  // Longer than anyone waits.
  slow: () => {},
  'JSON that is none': (_, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('{"choices": [{"mess'),
  'a page of a proxy': (_, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
  'an answer without choices': (_, response) =>
    json(response, 200, { object: 'chat.completion', choices: [] }),
  'no log-probabilities': (got, response) => json(response, 200, withTop(got, undefined)),
  'log-probabilities above 0': (got, response) =>
    json(response, 200, withTop(got, [{ token: 'True', logprob: 0.7 }])),
  'probabilities that sum to more than 1': (got, response) =>
    json(
      response,
      200,
      withTop(
        got,
        ['True', 'False'].map((token) => ({ token, logprob: -0.1 })),
      ),
    ),
  'log-probabilities that are none': (got, response) =>
    json(response, 200, withTop(got, [{ token: 'True', logprob: null }])),
};

function withTop(got: Got, top: readonly object[] | undefined): object {
  const completion = completionOf(got.body);
  const logprobs = top && { content: [{ token: 'True', logprob: -0.1, top_logprobs: top }] };
  return { ...completion, choices: completion.choices.map((choice) => ({ ...choice, logprobs })) };
}

/**
 * An endpoint of which a share of the responses go wrong in one of these ways, drawn at random with a seed, and which
 * refuses the requests that `hopeless` picks, every time.
 */
export async function faultProxy(
  t: TestContext,
  { share, seed, hopeless }: { share: number; seed: number; hopeless: (body: string) => boolean },
) {
  const random = randomStream('faults', seed);
  const names = Object.keys(FAULTS);
  const counts = new Map<string, number>();
  const endpoint = await fakeEndpoint(t, (got, response) => {
    if (hopeless(got.body)) {
      json(response, 400, { error: { code: 'context_length_exceeded', message: 'too long' } });
      return true;
    }
    if (random.next() >= share) return false;
    const name = names[random.below(names.length)] ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
    FAULTS[name]?.(got, response);
    return true;
  });
  return { ...endpoint, counts, names };
}
