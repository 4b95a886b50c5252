import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Dealer, Subscriber } from 'zeromq';
import type { JsonObject } from '../../project/json.js';
import type { KernelReport, SettleRequest } from './kernel-process.js';
import { kernelCommand } from './kernelspec.js';
import { socketFolder } from './socket-folder.js';
import { decodeMessage, encodeRequest, MOST_PRINTED, type WireMessage } from './wire.js';

/** How a kernel came to its end: by itself (`process.exit`), by a signal from elsewhere, stopped by the runner, or `stuck`: it awaited what could never come. */
export type KernelEnd = 'exited' | 'signalled' | 'stopped' | 'stuck' | 'asked' | 'flooded';

/** The kernel process ended, or was ended, while something was asked of it. */
export class KernelDied extends Error {
  readonly end: KernelEnd;
  /** The last lines the process wrote outside the protocol: a native crash's own words. */
  readonly lastWords: string;

  constructor(end: KernelEnd, message: string, lastWords: string) {
    super(message);
    this.name = 'KernelDied';
    this.end = end;
    this.lastWords = lastWords;
  }
}

/** What one cell gave. */
export interface Execution {
  /** What the kernel answered; tslab says `ok` also of failures it has only written about. */
  readonly status: string;
  /** Each thing that went wrong, as written by the kernel, in order. */
  readonly errors: readonly string[];
  /** Work the cell had begun and not ended when the wait for it was over; empty for a cell that awaits all it does. */
  readonly unfinished: readonly string[];
}

/** A running kernel. One cell at a time. */
export interface Kernel {
  readonly pid: number;
  /**
   * Runs a cell and waits until it and all it began have ended, the latter for at most `settleMs`.
   *
   * @param onOutput hears of each output message (stream, display_data, ...) as it comes.
   * @throws KernelDied at once when the process ends.
   */
  execute(code: string, settleMs: number, onOutput: (message: WireMessage) => void): Promise<Execution>;
  /** Ends the kernel and every process it started, at once; `why` is what a cell still running is told. */
  stop(why: string): void;
}

export interface KernelOptions {
  /** Where the cells run, and look for packages. */
  readonly folder: string;
  /** Added to this process's own environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const START_MS = 120_000;

const live = new Set<() => void>();
process.on('exit', () => {
  for (const end of live) end();
});

/**
 * Starts a kernel and waits until it answers. It ends with this process, however that ends: on exit it is killed, and a
 * kernel whose parent has vanished kills itself.
 *
 * @throws KernelDied when it does not come up.
 */
export async function startKernel({ folder, environment }: KernelOptions): Promise<Kernel> {
  const temporary = socketFolder();
  const connection = {
    transport: 'ipc',
    ip: join(temporary, 'kernel'),
    shell_port: 1,
    iopub_port: 2,
    control_port: 3,
    stdin_port: 4,
    hb_port: 5,
    key: randomBytes(32).toString('hex'),
    signature_scheme: 'hmac-sha256',
    kernel_name: 'tslab',
  };
  const connectionFile = join(temporary, 'connection.json');
  writeFileSync(connectionFile, JSON.stringify(connection), { mode: 0o600 });

  const [program = process.execPath, ...kernelArguments] = kernelCommand().map((part) =>
    part === '{connection_file}' ? connectionFile : part,
  );
  const child = spawn(program, [...kernelArguments, '--parent', String(process.pid)], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const lastWords = collectLastWords(child);
  const shell = new Dealer({ linger: 0 });
  const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  let stoppedBecause: { readonly end: KernelEnd; readonly why: string } | undefined;

  const end = () => {
    live.delete(end);
    if (child.pid !== undefined) killGroup(child.pid);
    rmSync(temporary, { recursive: true, force: true });
  };
  live.add(end);

  const died = new Promise<never>((_, reject) => {
    const fail = (how: KernelEnd, message: string) => {
      end();
      shell.close();
      iopub.close();
      const { end: ended, why } = stoppedBecause ?? { end: how, why: message };
      reject(new KernelDied(ended, why, lastWords()));
    };
    child.once('error', (error) => fail('exited', `the kernel could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      const ended = () =>
        signal
          ? fail('signalled', `the kernel was ended by ${signal}`)
          : fail('exited', `the kernel ended with exit code ${code}`);
      // Its last words may still be on the way; a process it left behind could hold them open for ever.
      const wait = setTimeout(ended, 200);
      child.once('close', () => {
        clearTimeout(wait);
        ended();
      });
    });
  });
  died.catch(() => {});

  let onReport: (report: KernelReport) => void = () => {};
  child.on('message', (report: KernelReport) => onReport(report));
  let onIopub: (message: WireMessage) => void = () => {};
  const session = randomBytes(8).toString('hex');
  const address = (port: number) => `${connection.transport}://${connection.ip}:${port}`;
  shell.connect(address(connection.shell_port));
  iopub.connect(address(connection.iopub_port));
  iopub.subscribe();
  void readAll(iopub, connection.key, (message) => onIopub(message));
  const replies = new Map<string, (content: JsonObject) => void>();
  void readAll(shell, connection.key, (message) => replies.get(message.parentId ?? '')?.(message.content));

  const request = async (type: string, content: JsonObject) => {
    const { id, frames } = encodeRequest(connection.key, session, type, content);
    const reply = new Promise<JsonObject>((resolve) => replies.set(id, resolve));
    await shell.send([...frames]);
    return { id, reply };
  };

  /** A subscriber that connects hears nothing of what was sent before: ask until it hears itself being answered. */
  const greet = async () => {
    let echoed = false;
    while (!echoed) {
      const { id, reply } = await request('kernel_info_request', {});
      const echo = new Promise<void>((resolve) => {
        onIopub = (message) => {
          if (message.parentId === id) resolve();
        };
      });
      await reply;
      echoed = await Promise.race([echo.then(() => true), pause(100).then(() => false)]);
    }
  };
  const stop = (why: string, how: KernelEnd = 'stopped') => {
    stoppedBecause ??= { end: how, why };
    end();
  };
  const patience = setTimeout(() => stop(`the kernel did not answer within ${START_MS / 1000} s`), START_MS);
  await Promise.race([greet(), died]).finally(() => clearTimeout(patience));
  // Connected sockets need no name any more. If this process is killed before, the kernel removes them as it ends.
  rmSync(temporary, { recursive: true, force: true });

  let settleId = 0;
  let printed = 0;
  const flooded = () => stop(`the cell prints more than ${MOST_PRINTED / 2 ** 20} MiB`, 'flooded');
  const execute: Kernel['execute'] = async (code, settleMs, onOutput) => {
    const errors: string[] = [];
    const settled = new Map<number, (unfinished: readonly string[]) => void>();
    onReport = (report) => {
      if (report.kind === 'error') errors.push(report.text);
      else if (report.kind === 'flooded') flooded();
      else if (report.kind === 'stuck') {
        if (report.asked) stop('the cell asks for input', 'asked');
        else stop('the cell awaits what can never come: nothing in its process is under way', 'stuck');
      } else settled.get(report.id)?.(report.unfinished);
    };
    const idle = new Map<string, () => void>();
    onIopub = (message) => {
      printed += message.bytes;
      if (printed > MOST_PRINTED) flooded();
      else if (message.type !== 'status') onOutput(message);
      else if (message.content['execution_state'] === 'idle') idle.get(message.parentId ?? '')?.();
    };
    /** Output comes in order, so once an idle status is heard all output before it has been. */
    const ask = async (type: string, content: JsonObject) => {
      const { id, reply } = await request(type, content);
      const quiet = new Promise<void>((resolve) => idle.set(id, resolve));
      const answer = await reply;
      await quiet;
      return answer;
    };
    const reply = await ask('execute_request', {
      code,
      silent: false,
      store_history: true,
      allow_stdin: false,
      stop_on_error: true,
    });
    const id = ++settleId;
    const unfinished = await new Promise<readonly string[]>((resolve) => {
      settled.set(id, resolve);
      child.send({ kind: 'settle', id, withinMs: settleMs } satisfies SettleRequest);
    });
    await ask('kernel_info_request', {});
    return { status: String(reply['status']), errors, unfinished };
  };

  return {
    pid: child.pid ?? 0,
    execute: (code, settleMs, onOutput) => Promise.race([execute(code, settleMs, onOutput), died]),
    stop,
  };
}

async function readAll(
  socket: Dealer | Subscriber,
  key: string,
  onMessage: (message: WireMessage) => void,
): Promise<void> {
  for await (const frames of socket) onMessage(decodeMessage(key, frames));
}

/** Keeps the end of what the process writes outside the protocol. */
function collectLastWords(child: ChildProcess): () => string {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4000);
    });
  }
  return () => words.trim();
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // No such process (or, on macOS, only zombies): already gone.
    const gone =
      error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM');
    if (!gone) throw error;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
