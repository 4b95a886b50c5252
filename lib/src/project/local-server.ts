import type { IncomingMessage, Server } from 'node:http';
import { UserError } from './error.js';

/**
 * Lets a server hear this machine alone.
 *
 * @param port 0 takes any that is free. @param hint how another is chosen, as a sentence.
 * @returns the port.
 * @throws UserError where it is taken.
 */
export async function listenLocally(server: Server, port: number, hint: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new UserError(`cannot listen on port ${port}: ${cause.message}`, { hint, cause })),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : port;
}

/** Whether a request names this machine: a page of another site could have its own name lead here. */
export const isLocalRequest = ({ headers }: IncomingMessage): boolean =>
  /^(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(headers.host ?? '');
