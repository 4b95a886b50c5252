import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { findGguf, sha256Field } from '../../models/catalogue.js';
import { pinModel } from '../../models/pin.js';
import { adapterId } from '../../models/training-entry.js';
import { sha256File } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { withLock } from '../../project/lock.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { trainingPrograms } from '../../project/python.js';
import { baseWeights } from '../base-weights.js';
import type { TrainedAs } from '../entry-adapter.js';
import { trainingOf } from '../study-training.js';
import { findTrained } from '../training.js';
import { fingerprintOf, keepFacts, readFacts } from '../training-facts.js';

/** What `packed.py` says of a job that it has put into `back`. */
const returned = z.strictObject({ job: z.string(), parts: z.record(z.string(), sha256Field) });

/**
 * The jobs that came back in a folder.
 *
 * @throws UserError of a folder that holds none.
 */
export function returnedJobs(folder: string): readonly string[] {
  const inside = join(folder, 'back');
  const place = existsSync(inside) ? inside : folder;
  const names = existsSync(place)
    ? readdirSync(place).filter((name) => name.endsWith('.json') && name !== 'pack.json')
    : [];
  if (names.length === 0)
    throw new UserError('nothing that came back is in this folder', {
      at: { file: folder },
      hint: 'run.sh puts what came of its jobs into the folder back: name that one.',
    });
  return names.map((name) => join(place, name)).sort();
}

/**
 * Files a training that was made elsewhere, as if it had been made here, once its files are whole and it is of the rows, weights
 * and settings that the study asks for now.
 *
 * @param told a file of `returnedJobs`. @param wanted what the study asks for.
 * @returns what it is of. @throws UserError of what is missing, damaged, or another training.
 */
export async function unpackTraining(
  told: string,
  wanted: readonly TrainedAs[],
  paths: Paths = projectPaths(),
): Promise<TrainedAs> {
  const { job, parts } = returned.parse(JSON.parse(readFileSync(told, 'utf8')));
  const asked = wanted.find(({ entry, seed }) => adapterId(entry, seed) === job);
  if (!asked) throw new UserError(`the study asks for no training called ${job}`, { at: { file: told } });
  for (const [part, sha256] of Object.entries(parts)) {
    const file = join(dirname(told), part);
    if (!existsSync(file)) throw new UserError('a part of what came back is missing', { at: { file } });
    if ((await sha256File(file)) !== sha256)
      throw new UserError('it is not what was sent: copy it again', { at: { file } });
  }
  const { training } = await trainingOf(asked, paths);
  // What is here already is not replaced.
  if (await findTrained(training, paths)) return asked;
  const folder = join(paths.training, job);
  const half = `${folder}.half`;
  rmSync(half, { recursive: true, force: true });
  await untar(
    Object.keys(parts)
      .sort()
      .map((part) => join(dirname(told), part)),
    half,
    job,
  );
  const facts = readFacts(half);
  if (!facts?.done) throw new UserError(`${job} did not come to its end`, { at: { file: told } });
  const model = await pinModel(findGguf(asked.entry.model, paths), paths);
  if (facts.fingerprint !== fingerprintOf(training, model, facts, paths)) {
    rmSync(half, { recursive: true });
    throw new UserError(`${job} was packed of other rows, weights or settings than the study asks for now`, {
      at: { file: told },
    });
  }
  const base = await baseWeights(trainingPrograms(paths).python, model, asked.entry, paths);
  keepFacts(half, { ...facts, base: { ...facts.base, folder: base.folder } });
  await withLock(`${folder}.unpack.lock`, async () => {
    rmSync(folder, { recursive: true, force: true });
    cpSync(half, folder, { recursive: true });
    rmSync(half, { recursive: true });
  });
  if (!(await findTrained(training, paths)))
    throw new UserError(`${job} lacks what it says of its rows, or its checkpoints`, { at: { file: told } });
  return asked;
}

/** Unpacks an archive that lies in parts. Nothing outside its folder is written. */
async function untar(parts: readonly string[], to: string, job: string): Promise<void> {
  const whole = Readable.from(
    (async function* () {
      for (const part of parts) yield* createReadStream(part);
    })(),
  );
  const archive = whole.pipe(extract());
  for await (const member of archive) {
    const { name, type } = member.header;
    const inside = name.slice(job.length + 1);
    if (type !== 'file' || !name.startsWith(`${job}/`) || inside.split('/').includes('..'))
      throw new UserError(`the archive of ${job} holds "${name}", which is no file of it`);
    const chunks: Buffer[] = [];
    for await (const chunk of member) chunks.push(Buffer.from(chunk));
    mkdirSync(dirname(join(to, inside)), { recursive: true });
    writeFileSync(join(to, inside), Buffer.concat(chunks));
  }
}
