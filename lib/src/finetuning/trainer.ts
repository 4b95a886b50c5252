import { join } from 'node:path';
import type { Paths } from '../project/paths.js';
import { curveLine } from './curve.js';
import { runProgram } from './program.js';

/** A run of `lib/python/trainer`. */
export interface TrainerRun {
  /** That of the virtual environment. */
  readonly python: string;
  readonly config: string;
  /** Everything the trainer says is appended to it. */
  readonly log: string;
  /** Called with each line of its curve. */
  readonly onLine: (line: NonNullable<ReturnType<typeof curveLine>>) => void;
}

/**
 * Trains, on one thread or GPU: several trainings are run side by side.
 *
 * @throws UserError with the trainer's last words if it fails.
 */
export const runTrainer = (
  { python, config, log, onLine }: TrainerRun,
  { python: programs }: Pick<Paths, 'python'>,
): Promise<void> =>
  runProgram({
    program: python,
    args: [join(programs, 'trainer'), config],
    log,
    env: {
      ...{ OMP_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1' },
      // What the curve is told to besides.
      SMALL_CLAIMS_REPORT_TO: process.env['SMALL_CLAIMS_REPORT_TO'] ?? '',
    },
    onLine(line) {
      const told = curveLine(line);
      if (told) onLine(told);
    },
  });
