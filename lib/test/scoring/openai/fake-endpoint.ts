import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { sha256 } from 'small-claims/project/digest';
import { z } from 'zod';

/** A request that an endpoint got. */
export interface Got {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** Answers a request itself, or (false) leaves it to the endpoint. */
export type Interference = (got: Got, response: ServerResponse) => boolean;

const bodySchema = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().optional(),
});

/** An endpoint whose answers depend on the prompt alone, in a way no model's do: from the prompt's hash. */
export async function fakeEndpoint(t: TestContext, interfere: Interference = () => false) {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    const seen = { path, authorization: request.headers.authorization, body: await bodyOf(request) };
    got.push(seen);
    if (interfere(seen, response)) return;
    if (path !== '/v1/chat/completions') return json(response, 404, { error: { message: 'no such path' } });
    json(response, 200, completionOf(seen.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, got };
}

export async function bodyOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export function json(response: ServerResponse, status: number, body: object, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** The response to a request, as OpenAI writes it. */
export function completionOf(request: string) {
  const { model, messages, logprobs, top_logprobs = 20 } = bodySchema.parse(JSON.parse(request));
  const prompt = messages.map(({ content }) => content).join('\n');
  const [answer, tokens] = answerTo(prompt);
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        message: { role: 'assistant', content: answer, refusal: null },
        ...(logprobs && {
          logprobs: {
            content: [{ token: answer, logprob: -0.1, top_logprobs: tokens.slice(0, top_logprobs) }],
          },
        }),
      },
    ],
    usage: { prompt_tokens: Math.ceil(prompt.length / 4), completion_tokens: 1, total_tokens: 0 },
  };
}

/** An answer word, and the most probable tokens with it in front. */
function answerTo(prompt: string) {
  const digits = Number.parseInt(sha256(prompt).slice(0, 8), 16);
  const words = ['True', 'False', 'Unknown'];
  const ordered = words.map((_, index) => words[(index + digits) % 3] ?? '');
  const share = 0.5 + (digits % 1000) / 4000;
  const rest = 1 - share;
  const probabilities = [share, rest * 0.6, rest * 0.3];
  const tokens = ordered.map((token, index) => ({ token, logprob: Math.log(probabilities[index] ?? 0) }));
  return [ordered[0] ?? '', [...tokens, { token: ' The', logprob: Math.log(rest * 0.05) }]] as const;
}
