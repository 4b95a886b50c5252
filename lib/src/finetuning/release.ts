import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { AdapterTraining } from '../models/adapter-training.js';
import { type Adapter, findAdapter, MANIFEST } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { type PinnedModel, pinModel } from '../models/pin.js';
import { makePlainFolder } from '../models/plain-folder.js';
import { adapterId, optionsOf, RECIPE_VERSION, scoredBy } from '../models/training-entry.js';
import { tunedModel } from '../models/tuned-model.js';
import { writeFileAtomic } from '../project/atomic.js';
import { sha256File, sha256Files } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { trainingPrograms } from '../project/python.js';
import { promptHash } from '../scoring/chat.js';
import { findPrompt } from '../tasks/prompt.js';
import { plainWeights } from './base-weights.js';
import type { Checkpoint } from './checkpoints.js';
import { epochLosses, heldOutScores } from './curve.js';
import { CURVE, curveChart } from './curve-chart.js';
import { releasedAdapter } from './entry-adapter.js';
import { exportAdapter, exportWeights } from './export.js';
import { modelCard } from './model-card.js';
import { assertParity, assertWritten, type Parity, parityText, type WrittenParity } from './parity.js';
import { measureParity, parityRows } from './parity-rows.js';
import type { TrainedEntry } from './study-training.js';
import { rowsFacts } from './training-rows.js';
import { measureTuned } from './tuned-parity.js';

/** How an adapter is exported, and compared in both programs. */
export interface ReleaseSteps {
  readonly plain: typeof plainWeights;
  readonly exported: typeof exportAdapter;
  readonly compared: typeof measureParity;
  readonly comparedAsTrained: typeof measureTuned;
}

const STEPS: ReleaseSteps = {
  ...{ plain: plainWeights, exported: exportAdapter, compared: measureParity },
  comparedAsTrained: measureTuned,
};

/**
 * Exports a trained adapter, compares it in both programs, and puts it into `data/adapters` with manifest and card:
 * all or, if parity refuses it, nothing. Weights tuned in full are kept beside the models, in the cache, and only manifest and
 * card put there.
 *
 * @param steps for tests.
 * @throws UserError if the two programs differ, or if what was tuned changes nothing.
 */
export async function releaseAdapter(
  study: string,
  done: TrainedEntry,
  paths: Paths = projectPaths(),
  steps: ReleaseSteps = STEPS,
): Promise<Adapter> {
  const id = adapterId(done.entry, done.seed);
  const { trained } = done;
  const waiting = (pid: number) => process.stderr.write(`${id}: process ${pid} releases it, waiting\n`);
  return withLock(
    join(trained.folder, 'release.lock'),
    async () => releasedAdapter(done, paths) ?? releaseAlone(study, done, paths, steps),
    waiting,
  );
}

/** What is put beside a manifest. */
interface Made {
  readonly folder: string;
  /** The file that is scored. */
  readonly file: string;
  readonly parity: Parity | WrittenParity;
}

async function releaseAlone(
  study: string,
  done: TrainedEntry,
  paths: Paths,
  steps: ReleaseSteps,
): Promise<Adapter> {
  const { entry, seed, hyper, trained, drawn, prompt } = done;
  const id = adapterId(entry, seed);
  const model = await pinModel(findGguf(entry.model, paths), paths);
  const provider = scoredBy(entry, findPrompt(prompt, paths).task.shape);
  const { folder, file, parity } =
    provider === 'gguf'
      ? await converted(done, model, paths, steps)
      : await asTrained(done, model, paths, steps);
  process.stderr.write(`${id}: ${parityText(parity)}\n`);
  if ('written' in parity) assertWritten(id, parity);
  else assertParity(id, parity);

  const { made } = trained;
  const training: AdapterTraining = {
    ...{ study, entry: entry.id, seed, fingerprint: made.fingerprint },
    recipe: RECIPE_VERSION,
    ...{ method: entry.method, targets: entry.targets, warmup: entry.warmup, hyper },
    ...{ options: optionsOf(entry), precision: made.precision },
    prompt: { template: prompt, sha256: promptHash(findPrompt(prompt, paths)) },
    rows: [...rowsFacts(drawn, paths)],
    modelSha256: model.sha256,
    base: { from: made.base.from, name: made.base.name },
    ...{
      device: made.device,
      versions: made.versions,
      seconds: Math.round(made.seconds),
      tokens: made.tokens,
    },
    losses: epochLosses(trained.curve, made.stepsPerEpoch),
    ...(entry.patience > 0 && { heldOut: heldOutScores(trained.curve) }),
    fit: trained.fit,
    parity,
    files: await hashes(folder, file),
  };
  // Whole weights are kept beside the models, and papers alone here.
  const own = entry.method === 'full' ? join(trained.folder, 'export', 'papers') : folder;
  mkdirSync(own, { recursive: true });
  writeFileAtomic(join(own, CURVE), await curveChart(trained.curve, made.stepsPerEpoch));
  const adapter = {
    title: `${entry.title}, seed ${seed}`,
    model: model.id,
    provider,
    file,
    sha256: await sha256File(join(folder, file)),
    training,
  };
  writeFileAtomic(join(own, MANIFEST), stringify(adapter, { lineWidth: 110 }));
  writeFileAtomic(join(own, 'README.md'), modelCard({ id, ...adapter }, model, [], paths));
  if (own !== folder) put(folder, join(paths.modelCache, id));
  put(own, join(paths.adapters, id));
  return findAdapter(id, paths);
}

function put(folder: string, place: string): void {
  mkdirSync(dirname(place), { recursive: true });
  rmSync(place, { recursive: true, force: true });
  try {
    renameSync(folder, place);
  } catch {
    // Another disk.
    cpSync(folder, place, { recursive: true });
    rmSync(folder, { recursive: true });
  }
}

/** An adapter in GGUF, compared in llama.cpp. */
async function converted(
  { entry, seed, trained, drawn, prompt }: TrainedEntry,
  model: PinnedModel,
  paths: Paths,
  steps: ReleaseSteps,
): Promise<Made> {
  const id = adapterId(entry, seed);
  const { python } = trainingPrograms(paths);
  const { path: quantised } = await locateModel(model, paths);
  const plain = await steps.plain(python, quantised, model.sha256, paths);
  const to = { folder: join(trained.folder, 'export', id), name: id };
  const baseName = model.base?.hub ?? model.title;
  const last = lastEpoch(id, trained);
  const exported = await steps.exported(python, last, to, { baseName, base: plain.folder }, paths);
  const gguf = { id, path: exported.gguf, sha256: await sha256File(exported.gguf) };
  const trainedOn = entry.method === 'qlora' ? 'nf4' : 'float32';
  const trainedFrom = trained.made.base.folder;
  const compared = { peft: exported.folder, gguf, plain, quantised, trainedFrom, trainedOn } as const;
  const rows = await parityRows(entry, drawn, seed, paths);
  process.stderr.write(`${id}: comparing PEFT and llama.cpp on ${rows.length} rows ...\n`);
  const parity = await steps.compared(python, compared, prompt, rows, join(trained.folder, 'rows'), paths);
  return { folder: exported.folder, file: `${id}.gguf`, parity };
}

/** What transformers scores, as it was trained, compared with itself asked one row at a time. */
async function asTrained(
  { entry, seed, trained, drawn, prompt }: TrainedEntry,
  model: PinnedModel,
  paths: Paths,
  steps: ReleaseSteps,
): Promise<Made> {
  const id = adapterId(entry, seed);
  const { python } = trainingPrograms(paths);
  const { path } = await locateModel(model, paths);
  const base = await makePlainFolder(python, path, model.sha256, paths);
  const exports = join(trained.folder, 'export');
  const baseName = model.base?.hub ?? model.title;
  const { folder, file } = exportWeights(lastEpoch(id, trained), join(exports, id), { baseName, base });
  const files = await hashes(folder, '');
  const tuned = tunedModel({ id, title: id, method: entry.method, files }, model);
  const rows = await parityRows(entry, drawn, seed, paths);
  process.stderr.write(`${id}: comparing it row by row and in batches on ${rows.length} rows ...\n`);
  const compared = { tuned, exports, folder, base, whole: entry.method === 'full' } as const;
  const scratch = join(trained.folder, 'rows');
  const parity = await steps.comparedAsTrained(python, compared, path, prompt, rows, scratch, paths);
  return { folder, file, parity };
}

function lastEpoch(id: string, { epochs }: TrainedEntry['trained']): Checkpoint {
  const last = epochs.at(-1);
  if (!last) throw new UserError(`${id} has no checkpoint at the end of an epoch`);
  return last;
}

/** The files of a folder but one, hashed. */
const hashes = (folder: string, except: string) =>
  sha256Files(
    folder,
    readdirSync(folder)
      .filter((file) => file !== except)
      .sort(),
  );
