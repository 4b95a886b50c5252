import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { isLocalRequest, listenLocally } from '../project/local-server.js';

/** Pages being served. */
export interface ServedPages {
  /** By page, in their order: `http://localhost:4322/SECRET/NAME`. */
  readonly addresses: readonly string[];
  close(): void;
}

/**
 * Serves pages to browsers on this machine that know the address: it holds a secret, so that neither another user of the
 * machine nor a page of another site can read texts. Does not keep the process alive.
 *
 * @param pages by name
 * @param port 0 takes any that is free
 * @throws UserError where the port is taken.
 */
export async function servePages(
  pages: readonly { readonly name: string; readonly html: string }[],
  port: number,
): Promise<ServedPages> {
  const secret = randomBytes(12).toString('base64url');
  const byPath = new Map(pages.map(({ name, html }) => [`/${secret}/${name}`, html]));
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split(/[?#]/, 1);
    const html = isLocalRequest(request) && request.method === 'GET' ? byPath.get(path) : undefined;
    response.writeHead(html === undefined ? 404 : 200, {
      'content-type': html === undefined ? 'text/plain; charset=utf-8' : 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-site',
    });
    response.end(html ?? 'There is no such page.');
  });
  const at = await listenLocally(server, port, 'Choose another: --port 5000.');
  server.unref();
  return {
    addresses: [...byPath.keys()].map((path) => `http://localhost:${at}${path}`),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
