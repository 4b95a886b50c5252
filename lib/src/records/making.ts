import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { fitted } from '../project/schema.js';
import type { Machine } from './machine.js';

const isDurations = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'number' && each >= 0 && each < Infinity);

const schema = z.object({
  madeAt: z.iso.datetime(),
  machine: z.object({
    cpu: z.string(),
    cores: z.int().nonnegative(),
    memoryGiB: z.number().nonnegative(),
    system: z.string(),
    node: z.string(),
    device: z.string().optional(),
  }),
  // One a row, and records are read often: by an array's schema it would take as long as the rows themselves.
  milliseconds: z.custom<readonly number[]>(isDurations, 'must be a list of milliseconds, 0 or more'),
});

/** When, where and how fast a record was made: kept beside it, so that the record's own bytes depend on its header alone. */
export interface Making {
  /** ISO 8601, UTC. */
  readonly madeAt: string;
  readonly machine: Machine;
  /** One number a row, in the rows' order. */
  readonly milliseconds: readonly number[];
}

/** Reads how a record was made. @throws UserError if the file is missing or damaged. */
export function readMaking(file: string): { readonly making: Making; readonly sha256: Sha256 } {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
    value = JSON.parse(text);
  } catch (cause) {
    throw unusable(file, 'it is missing, or not JSON', cause);
  }
  const checked = fitted(value, schema);
  if (checked.success) return { making: checked.data, sha256: sha256(text) };
  const [flaw] = checked.flaws;
  throw unusable(file, `${flaw?.field}: ${flaw?.message}`, checked.error);
}

function unusable(file: string, why: string, cause: unknown): UserError {
  return new UserError(`the file that says when and where a record was made cannot be used: ${why}`, {
    at: { file },
    hint: 'Restore it from git, or remove the record beside it to compute it again.',
    cause,
  });
}
