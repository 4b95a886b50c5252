import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AdapterTraining } from '../models/adapter-training.js';
import { type Adapter, findAdapter, MANIFEST } from '../models/adapters.js';
import { findGguf } from '../models/catalogue.js';
import { locateModel } from '../models/locate.js';
import { pinModel } from '../models/pin.js';
import { adapterId, optionsOf, RECIPE_VERSION } from '../models/training-entry.js';
import { writeFileAtomic } from '../project/atomic.js';
import { type Sha256, sha256File } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { withLock } from '../project/lock.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { trainingPrograms } from '../project/python.js';
import { promptHash } from '../scoring/chat.js';
import { findPrompt } from '../tasks/prompt.js';
import { plainWeights } from './base-weights.js';
import { epochLosses, heldOutScores } from './curve.js';
import { releasedAdapter } from './entry-adapter.js';
import { exportAdapter } from './export.js';
import { modelCard } from './model-card.js';
import { assertParity, type Parity } from './parity.js';
import { measureParity, parityRows } from './parity-rows.js';
import type { TrainedEntry } from './study-training.js';
import { rowsFacts } from './training-rows.js';

/** How an adapter is exported, and compared in both programs. */
export interface ReleaseSteps {
  readonly plain: typeof plainWeights;
  readonly exported: typeof exportAdapter;
  readonly compared: typeof measureParity;
}

const STEPS: ReleaseSteps = { plain: plainWeights, exported: exportAdapter, compared: measureParity };

/**
 * Exports a trained adapter, compares it in both programs, and puts it into `data/adapters` with manifest and card:
 * all or, if parity refuses it, nothing.
 *
 * @param steps for tests.
 * @throws UserError if the two programs differ, if the adapter changes nothing, or if nothing of it is an adapter
 *   (`method: full`).
 */
export async function releaseAdapter(
  study: string,
  done: TrainedEntry,
  paths: Paths = projectPaths(),
  steps: ReleaseSteps = STEPS,
): Promise<Adapter> {
  const { entry, seed, trained } = done;
  const id = adapterId(entry, seed);
  if (entry.method === 'full')
    throw new UserError(`${id} was trained in full: it is a model of its own, too large to be released here`);
  const waiting = (pid: number) => process.stderr.write(`${id}: process ${pid} releases it, waiting\n`);
  return withLock(
    join(trained.folder, 'release.lock'),
    async () => releasedAdapter(done, paths) ?? releaseAlone(study, done, paths, steps),
    waiting,
  );
}

async function releaseAlone(
  study: string,
  { entry, seed, hyper, trained, drawn, prompt }: TrainedEntry,
  paths: Paths,
  steps: ReleaseSteps,
): Promise<Adapter> {
  const id = adapterId(entry, seed);
  const last = trained.epochs.at(-1);
  if (!last) throw new UserError(`${id} has no checkpoint at the end of an epoch`);
  const { python } = trainingPrograms(paths);
  const model = await pinModel(findGguf(entry.model, paths), paths);
  const { path: quantised } = await locateModel(model, paths);
  const plain = await steps.plain(python, quantised, model.sha256, paths);
  const to = { folder: join(trained.folder, 'export', id), name: id };
  const baseName = model.base?.hub ?? model.title;
  const exported = await steps.exported(python, last, to, { baseName, base: plain.folder }, paths);
  const sha256 = await sha256File(exported.gguf);

  const gguf = { id, path: exported.gguf, sha256 };
  const trainedOn = entry.method === 'qlora' ? 'nf4' : 'float32';
  const trainedFrom = trained.made.base.folder;
  const compared = { peft: exported.folder, gguf, plain, quantised, trainedFrom, trainedOn } as const;
  const rows = await parityRows(entry, drawn, seed, paths);
  process.stderr.write(`${id}: comparing PEFT and llama.cpp on ${rows.length} rows ...\n`);
  const parity = await steps.compared(python, compared, prompt, rows, join(trained.folder, 'rows'), paths);
  process.stderr.write(`${id}: ${parityText(parity)}\n`);
  assertParity(id, parity);

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
    files: await hashes(exported.folder, `${id}.gguf`),
  };
  const adapter = {
    title: `${entry.title}, seed ${seed}`,
    model: model.id,
    file: `${id}.gguf`,
    sha256,
    training,
  };
  writeFileAtomic(join(exported.folder, MANIFEST), stringify(adapter, { lineWidth: 110 }));
  writeFileAtomic(join(exported.folder, 'README.md'), modelCard({ id, ...adapter }, model, [], paths));
  const place = join(paths.adapters, id);
  mkdirSync(paths.adapters, { recursive: true });
  if (existsSync(place)) rmSync(place, { recursive: true });
  renameSync(exported.folder, place);
  return findAdapter(id, paths);
}

/** For people. */
function parityText({ plain, quantised, quantisedBase, effect, loss }: Parity): string {
  const one = ({ rows, sameLabel, largest, mean }: Parity['plain']) =>
    `${sameLabel} of ${rows} labels the same, ${mean} nats apart on average and ${largest} at most`;
  return (
    `PEFT against llama.cpp on the same weights: ${one(plain)}; on the quantised: ${one(quantised)}; ` +
    `there without the adapter: ${one(quantisedBase)}; PEFT with the adapter against without: ${one(effect)}; ` +
    `loss a row: ${loss.base} nats without it, ${loss.trained} on the weights it was trained on, ${loss.released} as it is scored`
  );
}

async function hashes(folder: string, except: string): Promise<Record<string, Sha256>> {
  const files = readdirSync(folder).filter((file) => file !== except);
  return Object.fromEntries(
    await Promise.all(
      files.sort().map(async (file) => [file, await sha256File(join(folder, file))] as const),
    ),
  );
}
