import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { withLock } from '../project/lock.js';
import type { Paths } from '../project/paths.js';
import { fileHash } from './fingerprint.js';
import { type Notebook, notebookPath, readNotebook, shortPath } from './notebook.js';
import type { RunDisplay } from './run-display.js';
import type { runNotebook } from './runner.js';
import { filesUnder, stage } from './staging.js';
import { readSurroundings, recordRun, type Surroundings, staleReason } from './staleness.js';

export interface ExecutionOptions {
  readonly paths: Paths;
  readonly study: string;
  /** Run also what is up to date. */
  readonly force: boolean;
  /** How many notebooks run at the same time. */
  readonly jobs: number;
  readonly timeoutSeconds: number;
  readonly display: RunDisplay;
  /** Runs one notebook; default: in a kernel. */
  readonly run?: typeof runNotebook;
}

/**
 * Brings the outputs of notebooks up to date, several at a time; a failure stops none of the others.
 *
 * Two of these at once don't disturb each other: each notebook runs under a lock, and the second then finds it up
 * to date.
 *
 * @returns what each failed notebook threw, by name.
 */
export async function bringUpToDate(
  names: readonly string[],
  options: ExecutionOptions,
): Promise<ReadonlyMap<string, unknown>> {
  const { paths, study, jobs } = options;
  const surroundings = readSurroundings(paths, study);
  const failures = new Map<string, unknown>();
  const queue = names.map((name) => notebookPath(name, paths.notebooks)).map(readNotebook);
  const worker = async () => {
    for (let notebook = queue.shift(); notebook; notebook = queue.shift()) {
      try {
        await bringOneUpToDate(notebook, surroundings, options);
      } catch (error) {
        failures.set(notebook.name, error);
        options.display.failed(notebook.name, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, worker));
  return failures;
}

async function bringOneUpToDate(notebook: Notebook, surroundings: Surroundings, options: ExecutionOptions) {
  const { paths, force, display } = options;
  const copied = () => copyFigures(join(paths.published, notebook.name), paths);
  if (!force && staleReason(notebook, paths, surroundings) === undefined) {
    copied();
    return display.upToDate(notebook.name);
  }
  await withLock(
    join(paths.build, 'locks', notebook.name),
    async () => {
      const reason = staleReason(notebook, paths, surroundings) ?? (force ? 'forced' : undefined);
      if (reason === undefined) display.upToDate(notebook.name);
      else await execute(notebook, surroundings, options, reason);
      copied();
    },
    (pid) => display.note(notebook.name, `waiting for process ${pid}, which is running it`),
  );
}

async function execute(
  notebook: Notebook,
  surroundings: Surroundings,
  { paths, timeoutSeconds, display, run }: ExecutionOptions,
  reason: string,
): Promise<void> {
  // Loaded only here: with the kernel comes ZeroMQ, which a run that has nothing to do should not wait for.
  const runInKernel = run ?? (await import('./runner.js')).runNotebook;
  const { name } = notebook;
  const folder = join(paths.published, name);
  const staging = stage(folder, join(paths.build, 'staging'));
  try {
    const listener = display.started(name, reason);
    const { study } = surroundings;
    const ended = await runInKernel(notebook, paths, {
      staging: staging.folder,
      study,
      timeoutSeconds,
      listener,
    });
    const executed = join(paths.executed, `${name}.ipynb`);
    writeFileAtomic(executed, ended.executed);
    recordRun(notebook, paths, staging.folder, surroundings);
    staging.putInPlace();
    display.ended(name, ended, shortPath(executed));
  } finally {
    staging.discard();
  }
}

/** Puts the notebook's figures where the README and a reader look for them. */
function copyFigures(published: string, paths: Paths): void {
  const folder = join(published, 'figures');
  for (const file of filesUnder(folder)) {
    const [from, to] = [join(folder, file), join(paths.figures, file)];
    if (!file.endsWith('.svg') || fileHash(from) === fileHash(to)) continue;
    writeFileAtomic(to, readFileSync(from));
  }
}
