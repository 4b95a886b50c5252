import { closeSync, openSync, rmSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../../project/atomic.js';
import { UserError } from '../../project/error.js';
import { Interrupted, interruptedText, interruption } from '../../project/interruption.js';
import type { Paths } from '../../project/paths.js';
import { type Execution, type Kernel, KernelDied, startKernel } from '../kernel/kernel.js';
import { type CellFailure, NotebookFailure, placeOf } from './failure.js';
import { type CellResult, executedText, type Notebook, shortPath } from './notebook.js';
import { collectOutputs, type OutputListener, type Published } from './outputs.js';

export interface RunOptions {
  /** Where the notebook publishes to: an empty folder. */
  readonly staging: string;
  readonly study: string;
  /** A cell is stopped when it has run this many seconds without showing progress (a bar, or text on stderr). */
  readonly timeoutSeconds: number;
  readonly listener: RunListener;
}

/** Hears how a run goes on. */
export interface RunListener {
  onCell(cell: number, ofCells: number): void;
  /** The JSON of a `ProgressState`. */
  onProgress(state: string): void;
  onStderr(text: string): void;
}

/** A notebook run to its end. */
export interface NotebookRun {
  readonly cells: number;
  readonly published: readonly Published[];
  /** The notebook's file with outputs. */
  readonly executed: string;
}

/** After a cell has ended, what it began without awaiting it has this long to end too. */
const SETTLE_MS = 500;
/** And after the last cell this long, before it counts as lost. */
const LAST_SETTLE_MS = 5000;

/**
 * Runs the code cells of a notebook in order, in a kernel of its own, and stops at the first that fails: one that
 * does not compile, throws, leaves a rejection unhandled, calls `console.error`, ends the kernel or exceeds the time
 * limit, also where tslab itself calls that a success. Warnings (`console.warn`, Node's own, text written to stderr)
 * are shown and don't fail. A cell tagged `skip-execution` is left out, and one tagged `raises-exception` may fail: that is
 * shown, and the run goes on.
 *
 * Writes `manifest.json` into the staging folder; on failure build/notebooks/NAME.failed.ipynb, with outputs so far.
 *
 * @throws NotebookFailure
 */
export async function runNotebook(
  notebook: Notebook,
  paths: Paths,
  { staging, study, timeoutSeconds, listener }: RunOptions,
): Promise<NotebookRun> {
  const code = notebook.cells.flatMap(({ number, source, mayFail }) =>
    number === undefined ? [] : [{ number, source, mayFail }],
  );
  const outputs = collectOutputs();
  const published: Published[] = [];
  const results = new Map<number, CellResult>();
  const failedFile = join(paths.executed, `${notebook.name}.failed.ipynb`);
  rmSync(failedFile, { force: true });

  const kernel = await openKernel(notebook, paths, {
    SMALL_CLAIMS_NOTEBOOK: notebook.name,
    SMALL_CLAIMS_OUT: staging,
    STUDY: study,
  });
  const signal = interruption();
  const interrupted = () => kernel.stop('interrupted');
  signal.addEventListener('abort', interrupted);
  try {
    for (const { number: cell, source, mayFail } of code) {
      listener.onCell(cell, code.length);
      const last = cell === code.length;
      const limit = timeLimit(kernel, timeoutSeconds);
      const outputListener: OutputListener = {
        onPublished: (kind, id) => published.push({ kind, id, cell }),
        onProgress(state) {
          limit.restart();
          listener.onProgress(state);
        },
        onStderr(text) {
          limit.restart();
          listener.onStderr(text);
        },
      };
      const outcome = await kernel
        .execute(source, last ? LAST_SETTLE_MS : SETTLE_MS, (message) =>
          outputs.add(cell, message, outputListener),
        )
        .catch((error: unknown) => {
          if (error instanceof KernelDied) return error;
          throw error;
        })
        .finally(limit.stop);
      if (signal.aborted) throw new Interrupted(interruptedText(notebook.name, 'what it had scored is kept'));
      results.set(cell, { executionCount: cell, outputs: outputs.of(cell) });
      const failure = failureOf(cell, last, outcome);
      if (failure && !(mayFail && !(outcome instanceof KernelDied))) {
        writeFileAtomic(failedFile, executedText(notebook, results));
        const seen = `The outputs up to there are in ${shortPath(failedFile)}.`;
        throw new NotebookFailure(notebook, {
          ...failure,
          hint: [failure.hint, seen].filter(Boolean).join('\n  '),
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', interrupted);
    kernel.stop('the notebook has ended');
  }
  const manifest = { notebook: notebook.name, published };
  writeFileAtomic(join(staging, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return { cells: code.length, published, executed: executedText(notebook, results) };
}

async function openKernel(
  notebook: Notebook,
  paths: Paths,
  environment: Readonly<Record<string, string>>,
): Promise<Kernel> {
  assertFilesCanBeOpened();
  try {
    return await startKernel({ folder: paths.notebooks, environment });
  } catch (cause) {
    if (!(cause instanceof KernelDied)) throw cause;
    throw new UserError([`${cause.message}, at its start.`, cause.lastWords].join('\n'), {
      at: { file: shortPath(notebook.path) },
      hint: 'If packages are broken, delete node_modules and run make again.',
      cause,
    });
  }
}

/** About what a kernel with the lib and a chart has open at a time; a system's least usual limit is 256. */
const KERNEL_FILES = 180;

/**
 * Sees before a kernel starts that as many files may be open as it takes: one that meets the limit half-way ends with the
 * error of whatever was loaded just then.
 *
 * @throws the system's own error.
 */
function assertFilesCanBeOpened(): void {
  const open: number[] = [];
  try {
    while (open.length < KERNEL_FILES) open.push(openSync(devNull, 'r'));
  } finally {
    for (const file of open) closeSync(file);
  }
}

function timeLimit(kernel: Kernel, seconds: number): { restart(): void; stop(): void } {
  const timer = setTimeout(
    () => kernel.stop(`the cell was stopped: ${seconds} s without progress`),
    seconds * 1000,
  );
  return { restart: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}

const HINTS = {
  stopped: 'If it only needs longer, give it more seconds with --timeout, or let it show its progress.',
  stuck: 'Look at what it awaits: a promise that nothing resolves.',
  asked:
    'It asks for input, and there is nobody to answer: standard input is closed while a notebook is run.',
  flooded: 'Print less, or write it into a file.',
  exited: 'A cell must not call process.exit.',
  signalled:
    'SIGKILL mostly means that the machine ran out of memory; another signal, a crash in native code.',
} as const;

function failureOf(cell: number, last: boolean, outcome: Execution | KernelDied): CellFailure | undefined {
  if (outcome instanceof KernelDied) {
    const what = [outcome.message, outcome.lastWords].filter(Boolean).join('\n');
    return { cell, what, hint: HINTS[outcome.end] };
  }
  const { status, errors, unfinished } = outcome;
  if (errors.length > 0) return { ...placeOf(errors[0] ?? '', cell), what: errors.join('\n') };
  if (status !== 'ok') return { cell, what: `the kernel answered "${status}"` };
  if (last && unfinished.length > 0) {
    return {
      cell,
      what: `the notebook has ended, but work it began has not (${[...new Set(unfinished)].join(', ')})`,
      hint: 'Await every promise and clear every timer: what comes after the last cell is lost.',
    };
  }
  return undefined;
}
