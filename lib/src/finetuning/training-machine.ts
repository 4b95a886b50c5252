import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { UserError } from '../project/error.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { TrainingPrograms } from '../project/python.js';

const schema = z.object({
  gpu: z.boolean(),
  /** Whether it multiplies 16-bit floats fast. */
  bfloat16: z.boolean(),
  name: z.string(),
  bytes: z.number(),
  versions: z.record(z.string(), z.string()),
  /** Multiplications and additions a second, of large matrices in the floats that it trains in, on the GPU or on one core. */
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
