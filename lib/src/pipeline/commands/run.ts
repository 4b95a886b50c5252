import { existsSync } from 'node:fs';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { studyFile } from '../../study/study-file.js';
import { type Arguments, type Command, jobCount, positiveInteger, positiveNumber } from '../command.js';
import { bringUpToDate, planRun } from '../execution/execution.js';
import { runDisplay } from '../execution/run-display.js';
import { makeRefusal } from '../notebook/make-name.js';
import { leftAlone, paperNotebooks } from '../notebook/paper-notebooks.js';

export const DEFAULT_TIMEOUT_SECONDS = 1800;

/** The options of every command that runs notebooks. */
export const RUN_OPTIONS = {
  force: { help: 'run also what is up to date' },
  'dry-run': { help: 'run nothing; say what would run, and why' },
  jobs: { value: 'N', help: 'notebooks at a time (default: as make -j was told, or one a core, at most 4)' },
  timeout: {
    value: 'SECONDS',
    help: `stop a cell that shows no progress for so long (default: ${DEFAULT_TIMEOUT_SECONDS})`,
  },
} as const;

const run: Command = {
  usage: 'run [NAME...]',
  summary: 'run notebooks (all, if none is named) whose outputs are not up to date',
  options: RUN_OPTIONS,
  async run(given) {
    if (given.options['dry-run']) await showPlan(given.names, given);
    else await runNotebooks(given.names, given);
  },
};
export default run;

const WOULD = {
  fresh: () => 'up to date',
  reworded: () => 'would not run: only prose or comments have changed, and would be shown anew',
  restorable: (reason: string) => `would be restored, as it has run like this before (${reason})`,
  stale: (reason: string) => `would run (${reason})`,
};

/** Says what `runNotebooks` would do, and does nothing. @returns whether anything would be done. */
export async function showPlan(names: readonly string[], given: Arguments): Promise<boolean> {
  const paths = projectPaths();
  const wanted = wantedNotebooks(names, paths);
  const plans = planRun(wanted, { paths, study: studyWanted(paths), force: given.options['force'] === true });
  for (const [name, plan] of plans) {
    console.log(`${name}: ${WOULD[plan.is]('reason' in plan ? plan.reason : '')}`);
    const refusal = makeRefusal(name, paths);
    if (refusal !== undefined) console.log(`  ${refusal}`);
  }
  return [...plans.values()].some((plan) => plan.is !== 'fresh');
}

/** Those named, or those of the paper; what is left alone is told. */
function wantedNotebooks(names: readonly string[], paths: Paths): readonly string[] {
  if (names.length > 0) return names;
  const { named, others } = paperNotebooks(paths);
  if (others.length > 0) console.error(leftAlone(others));
  return named;
}

/** The study that STUDY names. Told here, a wrong name is one error; told by the notebooks, one of each. */
function studyWanted(paths: Paths): string {
  const study = process.env['STUDY'] || 'small';
  if (existsSync(paths.studies)) studyFile(study, paths);
  return study;
}

/**
 * Brings notebooks up to date as the command line says; STUDY names the study.
 *
 * @throws UserError when one or more failed, after all have ended.
 */
export async function runNotebooks(
  names: readonly string[],
  given: Arguments,
  paths: Paths = projectPaths(),
): Promise<void> {
  const wanted = wantedNotebooks(names, paths);
  const failures = await bringUpToDate(wanted, {
    paths,
    study: studyWanted(paths),
    force: given.options['force'] === true,
    jobs: jobCount(positiveInteger(given, 'jobs')),
    timeoutSeconds: positiveNumber(given, 'timeout') ?? DEFAULT_TIMEOUT_SECONDS,
    display: runDisplay(),
  });
  if (failures.size > 0) {
    throw new UserError(
      `${failures.size} of ${wanted.length} notebooks failed: ${[...failures.keys()].join(', ')}`,
    );
  }
}
