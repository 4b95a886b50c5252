import { z } from 'zod';
import { sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { readText } from '../project/input-file.js';
import { noteInput } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { Source } from './publication.js';

const shares = z.record(z.string(), z.number().min(0).max(1));

const schema = z.strictObject({
  draws: z.int().positive(),
  replicates: z.int().positive(),
  alpha: z.number(),
  results: z.record(
    z.string(),
    z.strictObject({
      rows: z.int().positive(),
      groups: z.int().positive(),
      effective: z.number(),
      findings: z.array(
        z.strictObject({ case: z.string(), lead: z.number(), tests: shares, intervals: shares }),
      ),
    }),
  ),
});

/** What lib/test/reference/exchange.ts found, by test set, and its file as a source of what is made from it. */
export type Simulations = z.output<typeof schema> & { readonly source: Source };

/**
 * How often tests rejected and intervals held the truth in simulations with the groups of each test set, in shares of
 * the draws, by case and test or interval: `data/simulations/size-and-power.json`.
 *
 * @throws UserError naming the file where it is not there, or is not what the simulation writes.
 *
 * @example
 * const { results } = readSimulations();
 * results['healthver/rows/test']?.groups; // -> 50
 */
export function readSimulations(paths: Paths = projectPaths()): Simulations {
  const path = paths.simulationsFile;
  const text = readText(path);
  noteInput(paths.root, path, sha256(text));
  try {
    return { ...schema.parse(JSON.parse(text)), source: { path, sha256: sha256(text) } };
  } catch (cause) {
    throw new UserError('not what the simulation writes', {
      at: { file: path },
      hint: 'Make it again: node build/test/reference/exchange.js.',
      cause,
    });
  }
}
