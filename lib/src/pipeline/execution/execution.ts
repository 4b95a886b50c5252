import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../project/atomic.js';
import { filesUnder, stage } from '../../project/folder.js';
import { isInterrupted } from '../../project/interruption.js';
import { withLock } from '../../project/lock.js';
import type { Paths } from '../../project/paths.js';
import {
  type CellResult,
  executedText,
  type Notebook,
  notebookPath,
  readNotebook,
  shortPath,
} from '../notebook/notebook.js';
import type { runNotebook } from '../notebook/runner.js';
import { fileHash } from '../staleness/fingerprint.js';
import { readSnapshot, type Snapshot } from '../staleness/ingredients.js';
import { findOutputs, keepOutputs } from '../staleness/output-cache.js';
import {
  changeSince,
  executedFile,
  type Freshness,
  freshness,
  readRunState,
  recordRun,
  recordText,
} from '../staleness/staleness.js';
import type { RunDisplay } from './run-display.js';

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
  /** The compiled lib that the notebooks import; default: the one this process runs from. */
  readonly lib?: string;
}

/** What would be done about a notebook, and why. */
export type Plan = Freshness | { readonly is: 'restorable'; readonly reason: string };

/** What `bringUpToDate` would do about each notebook, by name, without doing it. */
export function planRun(
  names: readonly string[],
  { paths, study, force, lib }: Pick<ExecutionOptions, 'paths' | 'study' | 'force' | 'lib'>,
): ReadonlyMap<string, Plan> {
  const snapshot = readSnapshot(paths, study, lib);
  const plans = names.map((name): [string, Plan] => {
    const notebook = readNotebook(notebookPath(name, paths.notebooks));
    return [notebook.name, planOne(notebook, snapshot, { paths, force })];
  });
  return new Map(plans);
}

function planOne(
  notebook: Notebook,
  snapshot: Snapshot,
  { paths, force }: Pick<ExecutionOptions, 'paths' | 'force'>,
): Plan {
  const now = freshness(notebook, paths, snapshot);
  if (force) return { is: 'stale', reason: now.is === 'stale' ? now.reason : 'forced' };
  if (now.is !== 'stale') return now;
  return former(notebook, paths, snapshot) ? { is: 'restorable', reason: now.reason } : now;
}

const former = (notebook: Notebook, paths: Paths, snapshot: Snapshot) =>
  findOutputs(
    outputCache(paths),
    notebook,
    (state) => changeSince(state, notebook, paths, snapshot) === undefined,
  );

const outputCache = ({ build }: Paths) => join(build, 'cache', 'outputs');

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
  const snapshot = readSnapshot(paths, study, options.lib);
  const failures = new Map<string, unknown>();
  const queue = names.map((name) => notebookPath(name, paths.notebooks)).map(readNotebook);
  const worker = async () => {
    for (let notebook = queue.shift(); notebook; notebook = queue.shift()) {
      try {
        await bringOneUpToDate(notebook, snapshot, options);
      } catch (error) {
        if (isInterrupted(error)) throw error;
        failures.set(notebook.name, error);
        options.display.failed(notebook.name, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, worker));
  return failures;
}

async function bringOneUpToDate(notebook: Notebook, snapshot: Snapshot, options: ExecutionOptions) {
  const { paths, force, display } = options;
  const { name } = notebook;
  const copied = () => copyFigures(join(paths.published, name), paths);
  if (!force && freshness(notebook, paths, snapshot).is === 'fresh') {
    copied();
    return display.upToDate(name, shortPath(executedFile(notebook, paths)));
  }
  await withLock(
    join(paths.build, 'locks', name),
    async () => {
      const plan = planOne(notebook, snapshot, options);
      if (plan.is === 'fresh') display.upToDate(name, shortPath(executedFile(notebook, paths)));
      else if (plan.is === 'stale') await execute(notebook, snapshot, options, plan.reason);
      else if (plan.is === 'restorable') {
        restore(notebook, paths, snapshot);
        display.note(name, `restored, as it has run like this before (${plan.reason})`);
      } else {
        reword(notebook, paths);
        display.note(name, 'not run: only its prose or comments have changed, and are shown anew');
      }
      copied();
    },
    (pid) => display.note(name, `waiting for process ${pid}, which is running it`),
  );
}

/** Puts outputs made earlier, from the same code and inputs, in their place. */
function restore(notebook: Notebook, paths: Paths, snapshot: Snapshot): void {
  const found = former(notebook, paths, snapshot);
  if (!found) throw new Error(`${notebook.name}: its former outputs are gone`);
  const staging = stage(join(paths.published, notebook.name), join(paths.build, 'staging'));
  try {
    cpSync(found.published, staging.folder, { recursive: true });
    writeFileAtomic(executedFile(notebook, paths), readFileSync(found.executed));
    staging.putInPlace();
  } finally {
    staging.discard();
  }
  found.renew();
  reword(notebook, paths);
}

/** Shows the outputs that are there under the notebook's present text. */
function reword(notebook: Notebook, paths: Paths): void {
  const folder = join(paths.published, notebook.name);
  const state = readRunState(folder);
  if (!state) return;
  const executed = executedFile(notebook, paths);
  const results = new Map(
    readNotebook(executed).cells.flatMap(({ number, raw }): [number, CellResult][] =>
      number === undefined || !Array.isArray(raw['outputs'])
        ? []
        : [[number, { executionCount: number, outputs: raw['outputs'] }]],
    ),
  );
  writeFileAtomic(executed, executedText(notebook, results));
  recordText(notebook, paths, folder, state);
}

async function execute(
  notebook: Notebook,
  snapshot: Snapshot,
  { paths, timeoutSeconds, display, run }: ExecutionOptions,
  reason: string,
): Promise<void> {
  // Loaded only here: with the kernel comes ZeroMQ, which a run that has nothing to do should not wait for.
  const runInKernel = run ?? (await import('../notebook/runner.js')).runNotebook;
  const { name } = notebook;
  const folder = join(paths.published, name);
  const staging = stage(folder, join(paths.build, 'staging'));
  try {
    const listener = display.started(name, reason);
    const { study } = snapshot;
    const ended = await runInKernel(notebook, paths, {
      staging: staging.folder,
      study,
      timeoutSeconds,
      listener,
    });
    const executed = executedFile(notebook, paths);
    writeFileAtomic(executed, ended.executed);
    recordRun(notebook, paths, staging.folder, snapshot);
    staging.putInPlace();
    keepOutputs(outputCache(paths), notebook, folder, executed);
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
