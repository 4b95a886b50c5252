import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';

/**
 * A load balancer that does what nginx does unless told otherwise: servers are asked in turn, one that refuses connections
 * is passed over, and a request that was under way at one that died gets status 502.
 */
export async function loadBalancer(t: TestContext, urls: readonly string[]) {
  const answered = urls.map(() => 0);
  let turn = 0;
  let cut = 0;

  function forward(asked: IncomingMessage, body: Buffer, response: ServerResponse, tries: number): void {
    const at = turn++ % urls.length;
    const { origin } = new URL(urls[at] ?? '');
    const { method, headers } = asked;
    const onward = request(new URL(asked.url ?? '', origin), { method, headers, agent: false }, (reply) => {
      answered[at] = (answered[at] ?? 0) + 1;
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    });
    onward.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' && tries > 1) return forward(asked, body, response, tries - 1);
      cut += 1;
      response.writeHead(502).end('<html>502 Bad Gateway</html>');
    });
    onward.end(body);
  }

  const server = createServer(async (asked, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk);
    forward(asked, Buffer.concat(chunks), response, urls.length);
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    /** The requests that each server answered. */
    answered: () => answered,
    /** The requests that no server answered. */
    cut: () => cut,
  };
}
