import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { findLlamaTool } from 'small-claims/scoring/llama-tools';

/** A server: its address, and how to end it at once. */
interface LlamaServer {
  readonly url: string;
  readonly kill: () => void;
}

/** llama.cpp's own server with a model, for as long as a test runs; undefined, and skipped, where it is not built. */
export async function llamaServer(
  t: TestContext,
  model: string,
  options: readonly string[] = [],
): Promise<LlamaServer | undefined> {
  const tool = findLlamaTool('llama-server');
  if (tool === undefined) {
    t.skip('needs llama.cpp’s server (make llama-tools)');
    return undefined;
  }
  const port = await freePort();
  const where = ['--host', '127.0.0.1', '--port', String(port)];
  // As the model is run in process: no flash attention, chunks of 512 tokens. One thread, so that waiting for one
  // another costs nothing on a machine that does other work.
  const how = ['--flash-attn', 'off', '--batch-size', '512', '--ubatch-size', '512', '--threads', '1'];
  const child = spawn(
    tool,
    ['--model', model, ...where, ...how, '--ctx-size', '4096', '--parallel', '1', ...options],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const kill = () => void child.kill('SIGKILL');
  t.after(kill);
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`llama-server ended: ${said.join('').slice(-2000)}`);
  });
  await Promise.race([ended, healthy(`http://127.0.0.1:${port}/health`)]);
  ended.catch(() => {});
  return { url: `http://127.0.0.1:${port}/v1`, kill };
}

async function healthy(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    await pause(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
