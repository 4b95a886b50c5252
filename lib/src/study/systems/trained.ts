import {
  encoderAvailability,
  encoderHeader,
  encoderRun,
  encoderRunName,
  knowsTask,
} from '../../finetuning/encoder-run.js';
import { releasedAdapter } from '../../finetuning/entry-adapter.js';
import { findEncoder, type Model } from '../../models/catalogue.js';
import type { EncoderEntry } from '../../models/encoder-entry.js';
import { adapterId, type TrainingEntry } from '../../models/training-entry.js';
import { folderHash } from '../../models/weights-folder.js';
import type { Paths } from '../../project/paths.js';
import { type Asking, adapted } from './asked.js';
import type { ModelSystem, TestSet } from './system.js';

/** What systems are called that are trained by each method. */
export const METHODS = {
  qlora: 'QLoRA',
  lora: 'LoRA',
  full: 'full fine-tuning',
  'p-tuning': 'P-tuning',
  'prompt-tuning': 'prompt tuning',
  'prefix-tuning': 'prefix tuning',
  encoder: 'fine-tuned encoder',
} as const;

/** A model as an entry of `training` makes it with one of its seeds. @param trainedOn for people. */
export function trainedSystem(
  model: Model,
  entry: TrainingEntry | EncoderEntry,
  seed: number,
  trainedOn: string,
  prompt: string,
  asking: Asking,
): ModelSystem {
  const described = { model, method: METHODS[entry.method], trainedOn, entry: entry.id, seed };
  if (entry.method === 'encoder') return encoderSystem(described, entry, seed, asking.paths);
  const released = releasedAdapter({ entry, seed, prompt }, asking.paths);
  const own = entry.prompt !== undefined && { prompt: entry.prompt };
  return released
    ? adapted(described, { id: released.id, ...own }, asking)
    : untrained(described, adapterId(entry, seed));
}

function encoderSystem(
  described: Pick<ModelSystem, 'model' | 'method' | 'trainedOn' | 'entry' | 'seed'>,
  entry: EncoderEntry,
  seed: number,
  paths: Paths,
): ModelSystem {
  const run = ({ test }: TestSet) => ({ entry, seed, test });
  return {
    ...described,
    records(test) {
      if (folderHash(findEncoder(entry.model, paths), paths) === undefined) return [];
      if (!knowsTask(run(test), paths)) return [];
      return [{ header: encoderHeader(run(test), paths), name: encoderRunName(run(test)) }];
    },
    missing: (test) => encoderAvailability(run(test), paths).missing,
    answers: (test) => encoderRun(run(test), paths),
  };
}

/** A system that nobody has made yet. */
export function untrained(
  described: Pick<ModelSystem, 'model' | 'method' | 'trainedOn' | 'entry' | 'seed'>,
  what: string,
): ModelSystem {
  const missing = `${what}, which nobody has trained`;
  return {
    ...described,
    records: () => [],
    missing: () => [missing],
    answers: () => Promise.reject(new Error(missing)),
  };
}
