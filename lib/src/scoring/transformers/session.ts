import { join } from 'node:path';
import type { z } from 'zod';
import type { TransformersModel } from '../../models/catalogue.js';
import { foldersOf } from '../../models/transformers-weights.js';
import { UserError } from '../../project/error.js';
import { nvidiaGpus } from '../../project/gpus.js';
import type { Paths } from '../../project/paths.js';
import { pinnedVersions, trainingPrograms } from '../../project/python.js';
import { threadsWanted } from '../llama/provider.js';
import { batchLayout } from './layout.js';
import { assertRoom } from './memory.js';
import { type Loaded, loaded, nothing, type Request } from './protocol.js';
import { startWorker, type Worker, type WorkerProgram } from './worker.js';

/** A model in a worker: loaded, and loaded again by a new worker where one has ended. */
export interface Session {
  readonly model: TransformersModel;
  readonly told: Loaded;
  /** The most rows of a batch. */
  readonly batch: number;
  /** For records: the device, and what it computes in. */
  readonly device: string;
  ask<Row>(request: Request, row: z.ZodType<Row>, onRow: (row: Row) => void): Promise<void>;
  dispose(): Promise<void>;
}

/** The versions that a header names. */
export const engineOf = ({ dtype }: Pick<TransformersModel, 'dtype'>, paths: Paths) =>
  pinnedVersions(['transformers', 'torch', 'peft', ...(dtype === 'nf4' ? ['bitsandbytes'] : [])], paths);

/**
 * Has a model loaded, fetched and verified first if need be.
 *
 * @throws UserError if the Python that trains, or weights are missing, or do not fit into memory.
 */
export async function openSession(model: TransformersModel, paths: Paths): Promise<Session> {
  const { python } = trainingPrograms(paths);
  const folders = await foldersOf(model, python, paths);
  const onGpu = model.device === 'cuda' || (model.device === 'auto' && nvidiaGpus().length > 0);
  if (!onGpu) assertRoom(folders.weights, model, batchLayout(model).batch * 1024);
  process.stderr.write(`${model.title}: loading ${folders.weights}\n`);
  const { kind, dtype, device } = model;
  const load: Request = {
    do: 'load',
    ...folders,
    kind,
    dtype,
    device,
    threads: threadsWanted().threads ?? null,
  };
  const program: WorkerProgram = {
    program: python,
    args: [join(paths.python, 'transformers_worker')],
    env: {
      HF_HUB_OFFLINE: '1',
      PYTHONUTF8: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      TOKENIZERS_PARALLELISM: 'false',
      // As of a training: memory that glibc has got it keeps.
      MALLOC_MMAP_MAX_: '0',
      MALLOC_TRIM_THRESHOLD_: '100000000000',
    },
  };
  const session = await sessionOf(model, load, () => startWorker(program));
  const wanted = engineOf(model, paths);
  const other = Object.entries(session.told.versions).find(
    ([name, version]) => wanted[name] !== undefined && version.split('+')[0] !== wanted[name],
  );
  if (!other) return session;
  await session.dispose();
  throw new UserError(`the Python that trains has ${other[0]} ${other[1]}, not ${wanted[other[0]]}`, {
    at: { file: paths.trainVenv },
    hint: 'Delete the folder, and make train-python installs it again.',
  });
}

/** A session of any program that speaks the protocol. @internal */
export async function sessionOf(
  model: TransformersModel,
  load: Request,
  start: () => Worker,
): Promise<Session> {
  const open = async () => {
    const worker = start();
    try {
      const told = loaded.safeParse(await worker.ask(load, nothing, () => {}));
      if (told.success) return { worker, told: told.data };
      throw new UserError('the Python worker does not say what it has loaded', { cause: told.error });
    } catch (error) {
      await worker.stop();
      throw error;
    }
  };
  let { worker, told } = await open();
  return {
    model,
    told,
    batch: batchLayout(model).batch,
    device: `${told.device} ${told.dtype}`,
    async ask(request, row, onRow) {
      if (worker.ended) ({ worker } = await open());
      await worker.ask(request, row, onRow);
    },
    dispose: () => worker.stop(),
  };
}
