import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { readCatalogue } from '../../datasets/catalogue.js';
import { adapterId } from '../../models/training-entry.js';
import { writeFileAtomic } from '../../project/atomic.js';
import { type Sha256, sha256Files } from '../../project/digest.js';
import { UserError } from '../../project/error.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { pinnedVersions } from '../../project/python.js';
import type { TrainedAs } from '../entry-adapter.js';
import { trainingOf } from '../study-training.js';
import { layOutTraining, prepare } from '../training.js';
import { keepFacts } from '../training-facts.js';

/** `pack.json`, which `lib/python/packed/packed.py` reads. */
interface PackFile {
  /** Names of trainings, each a folder in `jobs`. */
  readonly jobs: readonly string[];
  readonly packages: Readonly<Record<string, string>>;
  /** The hash of each file that was packed. */
  readonly files: Readonly<Record<string, Sha256>>;
  /** Files too large to be packed whole, and their parts. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  /** Folders of weights, and the hash of each of their files. */
  readonly weights: Readonly<Record<string, Readonly<Record<string, Sha256>>>>;
  /** The most bytes of a file of what comes back; 0: any. */
  readonly most: number;
}

export interface PackOptions {
  /** The most bytes of a file; larger ones are split. 0: any. */
  readonly most: number;
  /** Whether the models' weights are packed. */
  readonly weights: boolean;
  /** Whether wheels of the packages are packed, for this kind of machine and this Python. */
  readonly wheels: boolean;
}

/** What was packed. */
export interface Packed {
  readonly jobs: readonly string[];
  readonly bytes: number;
  /** Title and licence of each data set whose text is in it. */
  readonly texts: readonly string[];
}

/**
 * Writes trainings into a folder that trains them on a machine without network, where there is a Python with PyTorch: rows in
 * tokens, which are the data sets' text, weights, the trainer and `run.sh`.
 *
 * @throws UserError of a folder that holds something, and as `prepare`.
 */
export async function packTrainings(
  wanted: readonly TrainedAs[],
  out: string,
  options: PackOptions,
  paths: Paths = projectPaths(),
): Promise<Packed> {
  if (existsSync(out) && readdirSync(out).length > 0)
    throw new UserError('the folder to pack into is not empty', { at: { file: out } });
  const weights: Record<string, Record<string, Sha256>> = {};
  const jobs: string[] = [];
  let python = '';
  for (const each of wanted) {
    const { training } = await trainingOf(each, paths);
    const prepared = await prepare(training, undefined, paths);
    const { base } = prepared.facts;
    const files = readdirSync(base.folder).filter((name) => WEIGHTS.test(name));
    const hashes = await sha256Files(base.folder, files);
    const name = `weights/${(hashes['model.safetensors'] ?? hashes[files[0] ?? ''] ?? '').slice(0, 12)}`;
    if (options.weights && !(name in weights)) {
      mkdirSync(join(out, name), { recursive: true });
      for (const file of files) copyFileSync(join(base.folder, file), join(out, name, file));
    }
    weights[name] = hashes;
    const folder = join(out, 'jobs', adapterId(each.entry, each.seed));
    layOutTraining(training, prepared, folder, `../../${name}`);
    keepFacts(folder, { ...prepared.facts, base: { ...base, folder: name } });
    jobs.push(training.name);
    python = prepared.programs.python;
  }
  copyTree(join(paths.python, 'trainer'), join(out, 'trainer'), /\.py$/);
  copyTree(join(paths.python, 'packed'), out, /\.(py|sh)$/);
  const quantised = wanted.some(({ entry }) => entry.method === 'qlora');
  const packages = pinnedVersions(
    ['torch', 'transformers', 'peft', 'accelerate', ...(quantised ? ['bitsandbytes'] : [])],
    paths,
  );
  const pins = Object.entries(packages).map(([name, version]) => `${name}==${version}\n`);
  writeFileAtomic(join(out, 'requirements.txt'), pins.join(''));
  if (options.wheels) {
    const to = [
      '-m',
      'pip',
      'download',
      '-q',
      '-r',
      join(out, 'requirements.txt'),
      '-d',
      join(out, 'wheels'),
    ];
    await execa(python, to, { stdio: ['ignore', 'inherit', 'inherit'] });
  }
  const texts = textsOf(wanted, paths);
  writeFileAtomic(join(out, 'README.md'), readme(jobs, texts, options));
  const all = filesUnder(out).filter((file) => !/^jobs\/[^/]+\/facts\.json$/.test(file));
  const files = await sha256Files(out, all);
  const parts = Object.fromEntries(
    all.flatMap((file) => {
      const split = splitFile(join(out, file), options.most).map((part) => relative(out, part));
      return split.length === 0 ? [] : [[file, split] as const];
    }),
  );
  const pack: PackFile = { jobs, packages, files, parts, weights, most: options.most };
  writeFileAtomic(join(out, 'pack.json'), `${JSON.stringify(pack, null, 2)}\n`);
  const bytes = filesUnder(out).reduce((sum, file) => sum + statSync(join(out, file)).size, 0);
  return { jobs, bytes, texts };
}

/** What the trainer reads of weights; it needs no tokeniser. */
const WEIGHTS =
  /^(config\.json|generation_config\.json|model.*\.safetensors|model\.safetensors\.index\.json)$/;

function textsOf(wanted: readonly TrainedAs[], paths: Paths): readonly string[] {
  const catalogue = readCatalogue(paths);
  const names = wanted.flatMap(({ entry }) => entry.train.map((build) => build.split('/')[0] ?? ''));
  return [...new Set(names)].map((name) => {
    const { title = name, licence = 'see data/README.md' } = catalogue[name] ?? {};
    return `${title}: ${licence}`;
  });
}

const readme = (
  jobs: readonly string[],
  texts: readonly string[],
  { weights, wheels }: PackOptions,
) => `# Trainings

${jobs.map((job) => `- ${job}`).join('\n')}

\`sh run.sh\` trains them, and goes on where it was interrupted. It needs no network, but a Python 3.10 or newer with the packages of
requirements.txt: ${wheels ? 'they are in wheels/, and are installed into .venv' : 'say PYTHON=... for one that has them'}.${weights ? '' : ' Say WEIGHTS=... for the folder with the model’s weights.'}
What comes of it is put into \`back\`: take that folder home, and \`small-claims unpack back\` sees whether it is whole and files it.

This folder holds text of these data sets, as words and as tokens. Whether it may be taken elsewhere is for you to decide by their
licences:

${texts.map((text) => `- ${text}`).join('\n')}
`;

function copyTree(from: string, to: string, which: RegExp): void {
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from).filter((name) => which.test(name)))
    copyFileSync(join(from, file), join(to, file));
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Splits a file of more bytes into parts, in place of it. @returns them, or nothing. @internal */
export function splitFile(path: string, most: number): readonly string[] {
  if (most === 0 || statSync(path).size <= most) return [];
  const file = openSync(path, 'r');
  const parts: string[] = [];
  const piece = Buffer.alloc(most);
  for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) {
    const part = `${path}.${String(parts.length + 1).padStart(3, '0')}`;
    writeFileSync(part, piece.subarray(0, read));
    parts.push(part);
  }
  closeSync(file);
  rmSync(path);
  return parts;
}
