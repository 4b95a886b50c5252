import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { z } from 'zod';
import { UserError } from '../../project/error.js';
import { interruption } from '../../project/interruption.js';
import { visible } from '../../project/visible.js';
import { line, type Request } from './protocol.js';

/** A program that speaks the protocol. */
export interface WorkerProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds without a sign of life after which it is given up. Default: two minutes. */
  readonly silence?: number;
}

/** A process that is asked one thing at a time. It ends with this process, whatever ends that. */
export interface Worker {
  /** Of its process; undefined where that could not be started. */
  readonly pid: number | undefined;
  /** Whether it has ended, by itself or by a fault. */
  readonly ended: boolean;
  /**
   * Asks, and hands on each row as it comes.
   *
   * @returns what the worker says at the end.
   * @throws UserError with what the worker said, or of how it ended; whatever `onRow` throws. The worker may then be gone, as where the user wants an end.
   */
  ask<Row>(request: Request, row: z.ZodType<Row>, onRow: (row: Row) => void): Promise<unknown>;
  /** Ends it. */
  stop(): Promise<void>;
}

/** Characters of a line, more than any answer has: of a longer one the worker has lost its way. */
const LONGEST_LINE = 2 ** 22;
const LAST_WORDS = 4000;

/** Starts a worker. What it says besides the protocol is kept for when it fails. */
export function startWorker({ program, args, env, silence = 120_000 }: WorkerProgram): Worker {
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let waiting:
    | { row: (value: unknown) => void; done: (value: unknown) => void; failed: (error: unknown) => void }
    | undefined;
  let fault: unknown;
  let lastWords = '';
  let heard = performance.now();

  /** Whether this process waits for the worker before it ends: not for one that nobody asks anything. */
  const hold = (held: boolean) => {
    const sockets = [child.stdin, child.stdout, child.stderr].filter((each) => each instanceof Socket);
    for (const handle of [child, ...sockets]) held ? handle.ref() : handle.unref();
  };
  hold(false);

  /** Ends the worker, and the request under way with the first fault. */
  const fail = (error: unknown) => {
    fault ??= error;
    child.kill('SIGKILL');
    waiting?.failed(fault);
  };
  const take = (text: string) => {
    heard = performance.now();
    const said = parsed(text);
    if (!said) return fail(strange(text));
    if ('alive' in said) return;
    if (!waiting) return fail(strange(text));
    try {
      if ('row' in said) waiting.row(said.row);
      else if ('done' in said) waiting.done(said.done);
      else waiting.failed(refusal(said.error));
    } catch (error) {
      fail(error);
    }
  };
  readLines(child.stdout, take, () => fail(new UserError('the Python worker said a line that does not end')));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS);
  });
  // That nobody reads any more, its end tells.
  child.stdin.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    child.on('error', (cause) => {
      fail(new UserError(`the Python worker cannot be started: ${cause.message}`, { cause }));
      resolve();
    });
    child.on('close', (code, signal) => {
      clearInterval(watch);
      fail(endedBy(code, signal, lastWords));
      resolve();
    });
  });
  let beats = 0;
  const watch = setInterval(() => {
    // Beats are counted: a machine that slept has not been silent.
    beats = waiting && performance.now() - heard > silence / 4 ? beats + 1 : 0;
    if (beats > 3)
      fail(
        new UserError(`the Python worker has said nothing for ${Math.round(silence / 1000)} seconds`, GO_ON),
      );
  }, silence / 4);
  watch.unref();

  return {
    pid: child.pid,
    get ended() {
      return fault !== undefined;
    },
    async ask(request, row, onRow) {
      if (fault !== undefined) throw fault;
      if (waiting) throw new Error('the worker is asked one thing at a time');
      heard = performance.now();
      const signal = interruption();
      const interrupted = () => fail(signal.reason);
      signal.addEventListener('abort', interrupted);
      hold(true);
      try {
        return await new Promise<unknown>((done, failed) => {
          const hand = (value: unknown) => {
            const read = row.safeParse(value);
            if (!read.success) throw strange(JSON.stringify(value));
            onRow(read.data);
          };
          waiting = { row: hand, done, failed };
          child.stdin.write(`${JSON.stringify(request)}\n`);
        });
      } finally {
        signal.removeEventListener('abort', interrupted);
        waiting = undefined;
        hold(false);
      }
    },
    async stop() {
      fault ??= new Error('the worker was stopped');
      hold(true);
      child.kill('SIGKILL');
      await closed;
      hold(false);
    },
  };
}

const GO_ON = { hint: 'What was finished is kept: run it again to go on.' };

function endedBy(code: number | null, signal: NodeJS.Signals | null, lastWords: string): UserError {
  const words = visible(lastWords.trim().split('\n').slice(-5).join('\n'), '\n');
  if (signal === null)
    return new UserError(`the Python worker ended with status ${code}${words && `:\n${words}`}`, GO_ON);
  const hint =
    signal === 'SIGKILL' ? `${GO_ON.hint} The system ends a program so where memory is short.` : GO_ON.hint;
  return new UserError(`the Python worker was ended by ${signal}`, { hint });
}

const refusal = ({ message, hint }: { readonly message: string; readonly hint: string | null }) =>
  new UserError(
    `the Python worker: ${visible(message, '\n')}`,
    hint === null ? {} : { hint: visible(hint, '\n') },
  );

const strange = (text: string) =>
  new UserError(`the Python worker said what is no part of its protocol: ${visible(text.slice(0, 200))}`);

function parsed(text: string): z.output<typeof line> | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Whole lines, each handed on as it ends. @param onOverflow called once, of a line that grows too long. */
function readLines(stream: Readable, onLine: (text: string) => void, onOverflow: () => void): void {
  const decoder = new StringDecoder('utf8');
  let begun = '';
  stream.on('data', (chunk: Buffer) => {
    const [first = '', ...rest] = decoder.write(chunk).split('\n');
    const lines = [begun + first, ...rest];
    begun = lines.pop() ?? '';
    for (const each of lines) onLine(each);
    if (begun.length <= LONGEST_LINE) return;
    stream.removeAllListeners('data');
    onOverflow();
  });
}
