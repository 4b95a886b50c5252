import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';

/** The programs that train. */
export interface TrainingPrograms {
  readonly python: string;
}

/**
 * What is in the virtual environment.
 *
 * @throws UserError if `make train-python` has not made it, or made it of other packages than are asked for now.
 */
export function trainingPrograms(paths: Paths = projectPaths()): TrainingPrograms {
  const found = findTrainingPrograms(paths);
  const installed = join(paths.trainVenv, '.installed');
  if (found && readFileSync(installed, 'utf8') !== readFileSync(paths.trainRequirements, 'utf8')) {
    throw new UserError('the Python that trains has other packages than requirements/train.txt asks for', {
      at: { file: paths.trainVenv },
      hint: 'make train-python installs them.',
    });
  }
  if (found) return found;
  throw new UserError('the Python that trains is not installed', {
    at: { file: paths.trainVenv },
    hint: 'make train-python installs it (once, some minutes, 2 GB, with CUDA several more; Python 3.10 or newer).',
  });
}

/** The same, or undefined. */
export function findTrainingPrograms({ trainVenv }: Paths = projectPaths()): TrainingPrograms | undefined {
  if (!existsSync(join(trainVenv, '.installed'))) return undefined;
  return { python: join(trainVenv, 'bin', 'python') };
}

const schema = z.object({
  gpu: z.boolean(),
  name: z.string(),
  bytes: z.number(),
  processes: z.int().positive(),
  versions: z.record(z.string(), z.string()),
  /** Multiplications and additions a second, of large matrices in the floats that it trains in, on one device. */
  flops: z.number().positive(),
});

/** What a training would run on here. */
export type TrainingMachine = z.output<typeof schema>;

/** Asks Python, and takes a second to measure how fast the device is. @throws UserError if a package is missing. */
export async function trainingMachine(
  { python }: TrainingPrograms,
  paths: Paths = projectPaths(),
): Promise<TrainingMachine> {
  const asked = await execa(python, [join(paths.python, 'training_machine.py')], { reject: false });
  if (!asked.failed) return schema.parse(JSON.parse(asked.stdout));
  throw new UserError(`the Python that trains does not work: ${asked.stderr.split('\n').at(-1)}`, {
    at: { file: paths.trainVenv },
    hint: 'Delete the folder, and make train-python installs it again.',
    cause: asked,
  });
}
