/**
 * The process a notebook's cells run in: tslab, with TypeScript lines in its stack traces. JupyterLab starts it, and so
 * does the runner, which then also hears what went wrong and what is unfinished, over the IPC channel.
 *
 * Usage: node kernel-process.js --config-path CONNECTION_FILE [--parent PID]
 */
import { dirname } from 'node:path';
import { format, parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type * as ts from 'typescript';
import type * as Zeromq from 'zeromq';
import type { Watch } from './parent-watch.js';
import { noticeStuck } from './stuck.js';
import { type FindSource, hookTslabCompiler, requireFromTslab } from './tslab-compiler.js';
import { hookTslabExecutor } from './tslab-executor.js';
import { MOST_PRINTED } from './wire.js';

/** What the kernel tells the runner beside the Jupyter protocol. */
export type KernelReport =
  /** A cell threw, did not compile, rejected with no handler, or called `console.error`. */
  | { readonly kind: 'error'; readonly text: string }
  /** A cell prints more than a notebook may hold. */
  | { readonly kind: 'flooded' }
  /** A cell is running, and nothing is under way in the process that could ever end what it awaits. */
  | { readonly kind: 'stuck'; readonly asked: boolean }
  /** Answer to `settle`: the kinds of work that were still unfinished when the wait ended. */
  | { readonly kind: 'settled'; readonly id: number; readonly unfinished: readonly string[] };

/** Asks the kernel to say when what the cell started has ended, or `withinMs` is over. */
export interface SettleRequest {
  readonly kind: 'settle';
  readonly id: number;
  readonly withinMs: number;
}

const SCRIPT = 'tslab-cell-';
const HERE = new URL('.', import.meta.url).href;
const cells = new Map<string, FindSource>();
let execution = 0;

function startKernel(configPath: string, editor: boolean): void {
  let program: ts.Program | undefined;
  hookTslabCompiler({
    undocumented: !editor,
    onProgram(latest) {
      program = latest;
    },
    nameCell(findSource) {
      const name = `${SCRIPT}${execution}`;
      cells.set(name, findSource);
      return name;
    },
  });
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map((site) => stackFrame(site)).filter((frame) => frame !== undefined);
    return [headline(error), ...frames.map((frame) => `    at ${frame}`)].join('\n');
  };
  reportErrors();
  showWarnings();
  process.on('message', (request: SettleRequest) => void settle(request));

  queueOutput();
  hookTslabExecutor(() => program);
  const running = editor
    ? undefined
    : noticeStuck((asked) => process.send?.({ kind: 'stuck', asked } satisfies KernelReport));
  const { JupyterHandlerImpl } = requireFromTslab('./jupyter.js');
  const execute = JupyterHandlerImpl.prototype.handleExecuteImpl;
  JupyterHandlerImpl.prototype.handleExecuteImpl = function (...request: unknown[]) {
    execution = this.execCount + 1;
    const run = (): unknown => Reflect.apply(execute, this, request);
    return running ? running(run) : run();
  };
  if (editor) {
    const { createWriteToIopub } = JupyterHandlerImpl.prototype;
    JupyterHandlerImpl.prototype.createWriteToIopub = (
      name: string,
      write: (name: string, text: string) => void,
    ) =>
      // What a long task says of itself is no error: JupyterLab has red ground for all of standard error.
      createWriteToIopub(name, (to: string, text: string) =>
        write(to === 'stderr' && !red ? 'stdout' : to, text),
      );
  }
  requireFromTslab('./main.js').startKernel({ configPath, enableFindLocal: false });
}

/** A frame with the cell's own line instead of that of the JavaScript made from it; undefined for what runs the cells. */
function stackFrame(site: NodeJS.CallSite): string | undefined {
  const script = site.getScriptNameOrSourceURL() ?? '';
  if (script.startsWith(HERE) || /[\\/]node_modules[\\/]@?tslab[\\/]|^node:(vm|internal)/.test(script)) {
    return undefined;
  }
  const findSource = cells.get(script);
  if (!findSource) return String(site);
  const at = findSource(site.getLineNumber() ?? 0, site.getColumnNumber() ?? 0);
  if (!at) return undefined;
  const place = `cell [${script.slice(SCRIPT.length)}]:${at.line}:${at.column}`;
  const name = site.getFunctionName();
  return name ? `${name} (${place})` : place;
}

function headline(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'an error that cannot be shown';
  }
}

/**
 * Passes on what tslab and cells write with `console.error`. tslab writes every failure that way, also those it then
 * reports as a success: a rejection nobody handles, an exception in a callback.
 */
let red = false;

function reportErrors(): void {
  const write = console.error;
  const { warn } = console;
  console.warn = (...values: unknown[]) => {
    red = true;
    warn(...values);
    red = false;
  };
  console.error = (...values: unknown[]) => {
    const shown = values.map((value) => (value instanceof Error ? presentable(value) : value));
    process.send?.({ kind: 'error', text: format(...shown) } satisfies KernelReport);
    red = true;
    write(...shown);
    red = false;
  };
}

/** What tslab, or Node, says of a cell that was ended from outside. */
const INTERRUPTED = /^Interrupted asynchronously$|^Script execution was interrupted by `SIGINT`$/;

/** An error as a reader of the notebook needs it. */
function presentable(error: Error): Error | string {
  // node:vm puts the line of JavaScript before the message.
  const stack = error.stack?.replace(new RegExp(`^${SCRIPT}\\d+:\\d+\\n[^]*?\\n\\n`), '') ?? '';
  if (INTERRUPTED.test(error.message))
    return 'interrupted; what was finished is kept: run the cell again to go on';
  if ('code' in error && error.code === 'ERR_REQUIRE_ASYNC_MODULE')
    return `a package that is imported here awaits at its top level: write const { name } = await import('package')\n${stack}`;
  if (error.name !== 'UserError') {
    error.stack = stack;
    return error;
  }
  const frame = stack.split('\n').find((line) => /^ {4}at .*cell \[\d+\]/.test(line));
  return [error.message, ...(frame ? [frame] : [])].join('\n');
}

/** Shows warnings without the process id, and not the one that every import of the lib gives on Node 20 and 22. */
function showWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') process.stderr.write(`${name}: ${message}\n`);
  });
}

/**
 * Lets a cell print without a pause as much as a notebook may. ZeroMQ takes 512 messages without a pause, then `send` throws into
 * the cell's console.log, and a slow reader loses those beyond 1000: with either, the message that the cell has ended is
 * lost too.
 */
function queueOutput(): void {
  const zeromq = requireFromTslab('zeromq');
  const Publisher: typeof Zeromq.Publisher = zeromq.Publisher;
  type Message = Parameters<Zeromq.Publisher['send']>[0];
  zeromq.Publisher = class extends Publisher {
    readonly #waiting: Message[] = [];
    #waitingBytes = 0;
    #flooded = false;
    #sent: Promise<void> = Promise.resolve();

    constructor() {
      super({ sendHighWaterMark: 0 });
    }

    override send(message: Message): Promise<void> {
      if (this.#waiting.length === 0) {
        try {
          this.#sent = super.send(message);
          return this.#sent;
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
          this.#sent = this.#sent.then(() => this.#sendWaiting());
        }
      }
      if (this.#waitingBytes > MOST_PRINTED) {
        // An exception would not end a loop that nothing awaits.
        if (!this.#flooded) process.send?.({ kind: 'flooded' } satisfies KernelReport);
        this.#flooded = true;
        return this.#sent;
      }
      this.#waitingBytes += bytesOf(message);
      this.#waiting.push(message);
      return this.#sent;
    }

    async #sendWaiting(): Promise<void> {
      for (let message = this.#waiting[0]; message !== undefined; message = this.#waiting[0]) {
        await super.send(message);
        this.#waiting.shift();
        this.#waitingBytes -= bytesOf(message);
      }
    }
  };
}

const bytesOf = (message: Parameters<Zeromq.Publisher['send']>[0]): number =>
  [message]
    .flat()
    .reduce(
      (sum: number, frame) => sum + (typeof frame === 'string' || Buffer.isBuffer(frame) ? frame.length : 0),
      0,
    );

/** Work that a cell has begun and not ended. Sockets, ports and child processes may rightly outlive a cell. */
const WORK = new Set(['Timeout', 'Immediate', 'FSReqCallback', 'FSReqPromise', 'WorkRequest']);

async function settle({ id, withinMs }: SettleRequest): Promise<void> {
  const end = performance.now() + withinMs;
  let unfinished: string[];
  do {
    await new Promise((resolve) => setTimeout(resolve, 5).unref());
    unfinished = process.getActiveResourcesInfo().filter((resource) => WORK.has(resource));
  } while (unfinished.length > 0 && performance.now() < end);
  process.send?.({ kind: 'settled', id, unfinished } satisfies KernelReport);
}

/**
 * Ends this process with the one that started it. Who that is has to be told from outside: asked here, the system names
 * a stranger if that process has ended meanwhile.
 */
function watchParent(runner: string | undefined, connectionFile: string): void {
  const parent = Number(runner ?? process.env['JPY_PARENT_PID'] ?? process.ppid);
  const left = runner === undefined ? undefined : dirname(connectionFile);
  const workerData: Watch = { parent, left };
  new Worker(new URL('./parent-watch.js', import.meta.url), { workerData }).unref();
}

const { values } = parseArgs({ options: { 'config-path': { type: 'string' }, parent: { type: 'string' } } });
const connectionFile = values['config-path'];
if (connectionFile === undefined)
  throw new Error('usage: kernel-process --config-path CONNECTION_FILE [--parent PID]');
// First of all: what follows takes a second, and its parent may be killed in it.
watchParent(values.parent, connectionFile);
startKernel(connectionFile, values.parent === undefined);
