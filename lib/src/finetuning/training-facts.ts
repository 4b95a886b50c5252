import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type GgufModel, sha256Field } from '../models/catalogue.js';
import type { PinnedModel } from '../models/pin.js';
import {
  beginsFromFile,
  type HyperParameters,
  optionsOf,
  RECIPE_VERSION,
  type TrainingEntry,
} from '../models/training-entry.js';
import { writeFileAtomic } from '../project/atomic.js';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { promptHash } from '../scoring/chat.js';
import { findPrompt } from '../tasks/prompt.js';
import { type Row, textOf } from '../tasks/row.js';
import { fieldsOf } from '../tasks/task.js';

/** One model to be trained once. */
export interface Training {
  /** Its folder below `build/training`, e.g. `smollm2-135m-scifact-seed1`. */
  readonly name: string;
  readonly entry: TrainingEntry;
  readonly hyper: HyperParameters;
  readonly seed: number;
  /** The study's prompt. */
  readonly prompt: string;
  readonly rows: readonly Row[];
  /** Of a trial of a grid, or with `patience`: rows it is judged on after each epoch. */
  readonly validation?: readonly Row[];
}

const schema = z.object({
  /** Of everything that determines what is learnt. */
  fingerprint: sha256Field,
  base: z.object({ folder: z.string(), from: z.enum(['hub', 'gguf']), name: z.string() }),
  precision: z.enum(['float32', 'bfloat16']),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  stepsPerEpoch: z.int(),
  /** Of all rows, their answers included, once. */
  tokens: z.int(),
  seconds: z.number(),
  done: z.boolean(),
});

/** How a training went, so far or to its end: a file in its folder. */
export type TrainingFacts = z.output<typeof schema>;

/** What a training began from, and in which floats. */
type TrainingStart = Pick<TrainingFacts, 'precision'> & {
  readonly base: Pick<TrainingFacts['base'], 'from' | 'name'>;
};

/** What a training's folder says; undefined where it says nothing. */
export function readFacts(folder: string): TrainingFacts | undefined {
  const file = join(folder, FACTS);
  if (!existsSync(file)) return undefined;
  return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
}

export function keepFacts(folder: string, facts: TrainingFacts): void {
  writeFileAtomic(join(folder, FACTS), `${JSON.stringify(facts, null, 2)}\n`);
}

/**
 * Of everything that determines what is learnt: the rows with their texts, since two builds may give one id different
 * evidence, and what the training began from. Versions of programs are told, and do not count.
 */
export function fingerprintOf(
  training: Omit<Training, 'name'>,
  model: Pick<PinnedModel, 'sha256'>,
  { base, precision }: TrainingStart,
  paths: Paths = projectPaths(),
): Sha256 {
  const { entry, hyper, seed, prompt, rows, validation } = training;
  const asked = findPrompt(prompt, paths);
  const fields = fieldsOf(asked.task);
  const texts = (some: readonly Row[]) =>
    sha256(
      canonicalJson(some.map((row) => [row.id, ...fields.map((field) => textOf(row, field)), row.gold])),
    );
  return sha256(
    canonicalJson({
      ...{ model: model.sha256, hyper, seed, prompt: promptHash(asked) },
      ...{ method: entry.method, targets: entry.targets, warmup: entry.warmup },
      ...{ rows: texts(rows), validation: texts(validation ?? []) },
      ...{ from: base.from, base: base.name, precision },
      ...{ options: optionsOf(entry) ?? null, recipe: RECIPE_VERSION },
    }),
  );
}

/**
 * Whether weights are those that a training of a model begins from now, see `baseWeights`; of a branch any commit is,
 * since a training goes on from its own.
 */
export function isBaseOf(
  { base }: Pick<GgufModel, 'base'>,
  { from, name }: TrainingStart['base'],
  entry: Pick<TrainingEntry, 'method' | 'provider'>,
): boolean {
  // The file's hash is the model's.
  if (from === 'gguf') return true;
  if (!base || beginsFromFile(entry)) return false;
  return /^[0-9a-f]{40}$/.test(base.revision)
    ? name === `${base.hub}@${base.revision}`
    : name.startsWith(`${base.hub}@`);
}

/** The file's name. */
export const FACTS = 'facts.json';
