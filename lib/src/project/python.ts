import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { sha256 } from './digest.js';
import { UserError } from './error.js';
import { noteInput } from './ledger.js';
import { type Paths, projectPaths } from './paths.js';

/** The programs that train. */
export interface TrainingPrograms {
  readonly python: string;
}

/**
 * What is in the virtual environment.
 *
 * @throws UserError if `make train-python` has not made it, or made it of other packages than are asked for now.
 */
export function trainingPrograms(paths: Paths = projectPaths()): TrainingPrograms {
  const found = findTrainingPrograms(paths);
  const installed = join(paths.trainVenv, '.installed');
  const there = found && new Set(pinsIn(readFileSync(installed, 'utf8')));
  if (there && !pinsIn(readFileSync(paths.trainRequirements, 'utf8')).every((pin) => there.has(pin))) {
    throw new UserError('the Python that trains has other packages than requirements/train.txt asks for', {
      at: { file: paths.trainVenv },
      hint: 'make train-python installs them.',
    });
  }
  if (found) return found;
  throw new UserError('the Python that trains is not installed', {
    at: { file: paths.trainVenv },
    hint: 'make train-python installs it (once, some minutes, 2 GB, with CUDA several more; Python 3.10 or newer).',
  });
}

/** `NAME==VERSION`, of a file of requirements. */
const pinsIn = (requirements: string) => requirements.split('\n').filter((line) => /^[^#\s]/.test(line));

/** The same, or undefined. */
export function findTrainingPrograms({ trainVenv }: Paths = projectPaths()): TrainingPrograms | undefined {
  if (!existsSync(join(trainVenv, '.installed'))) return undefined;
  return { python: join(trainVenv, 'bin', 'python') };
}

/**
 * Runs a program of the Python that trains to its end, without the hub.
 *
 * @param args the program's file first.
 * @returns what it printed.
 * @throws UserError with its last words if it fails.
 */
export async function askPython(python: string, args: readonly string[]): Promise<string> {
  const asked = await execa(python, args, { reject: false, env: { HF_HUB_OFFLINE: '1' } });
  if (!asked.failed) return asked.stdout;
  const last = asked.stderr.trim().split('\n').slice(-5).join('\n');
  throw new UserError(`${basename(args[0] ?? '')} failed: ${last || asked.shortMessage}`, { cause: asked });
}

/** The versions of packages that `requirements/train.txt` pins: what the Python that trains has. */
export function pinnedVersions(
  packages: readonly string[],
  { root, trainRequirements: file }: Paths,
): Readonly<Record<string, string>> {
  const text = readFileSync(file, 'utf8');
  noteInput(root, file, sha256(text));
  const versions = packages.map((name): [string, string] => {
    const [, version] = new RegExp(`^${name}==(\\S+)$`, 'm').exec(text) ?? [];
    if (version === undefined) throw new UserError(`${name} is not pinned`, { at: { file } });
    return [name, version];
  });
  return Object.fromEntries(versions);
}
