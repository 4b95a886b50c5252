import { isDeepStrictEqual } from 'node:util';
import { UserError } from 'small-claims/project/error';
import { randomStream } from 'small-claims/project/random';
import type { Right } from './mutations.js';
import type { Reading, Target } from './targets.js';

/** A file changed in some way. */
export interface Input {
  readonly target: Target;
  /** `csv: a NUL #3`: what is to be given again to see it again. */
  readonly name: string;
  readonly right: Right;
  readonly bytes: Buffer;
}

/** What became of an input, and what is wrong with that. */
export interface Outcome {
  readonly name: string;
  readonly became: 'refused' | 'accepted' | 'bug';
  readonly said: string;
  readonly flaws: readonly string[];
}

/** Every mutation of every target `times` times, each with a stream of its own: made one by one, since some are large. */
export function* inputsOf(targets: readonly Target[], times: number): Generator<Input> {
  for (let time = 0; time < times; time++) {
    for (const target of targets) {
      for (const { name: mutation, right, change } of target.mutations) {
        const name = `${target.kind}: ${mutation} #${time}`;
        const bytes = change(target.valid, randomStream(name, time));
        if (bytes !== undefined && !bytes.equals(target.valid)) yield { target, name, right, bytes };
      }
    }
  }
}

/** Longest error and longest time of computing, in milliseconds, that are borne. */
const [LONGEST, SLOWEST] = [3000, 5000];

/** Reads an input as a command would, and judges what comes of it. */
export async function outcomeOf({ target, name, right, bytes }: Input): Promise<Outcome> {
  const began = process.cpuUsage();
  const result = await attempt(() => target.read(bytes));
  const { user, system } = process.cpuUsage(began);
  const slow = (user + system) / 1000 > SLOWEST ? ['took over 5 seconds'] : [];
  if (result instanceof UserError) {
    const { message } = result;
    const flaws = [
      !message.includes(target.file) && `does not name ${target.file}`,
      message.length > LONGEST && `${message.length} characters long`,
      /\n\s+at |\[object |\bundefined\b(?!")/.test(message.replaceAll(target.file, '')) &&
        'shows what is inside',
      right === 'same' && 'is to be read as the same',
    ].filter((flaw) => flaw !== false);
    return { name, became: 'refused', said: message, flaws: [...flaws, ...slow] };
  }
  if (result instanceof Error)
    return { name, became: 'bug', said: String(result.stack), flaws: ['is no clear error'] };
  const valid = await target.read(target.valid);
  const notes = (result.notes ?? []).filter((note) => !(valid.notes ?? []).includes(note));
  const same = isDeepStrictEqual(result.meaning, valid.meaning);
  const flaws = [
    right === 'refused' && !same && 'is to be refused',
    right === 'same' && !same && 'is read as another',
    right === 'told' && notes.length === 0 && 'is taken silently',
    right === 'any' &&
      (result.rows ?? 0) < (valid.rows ?? 0) &&
      notes.length === 0 &&
      'rows are lost silently',
  ].filter((flaw) => flaw !== false);
  return {
    name,
    became: 'accepted',
    said: notes.join('\n') || JSON.stringify(result.meaning).slice(0, 600),
    flaws: [...flaws, ...slow],
  };
}

async function attempt(read: () => Reading | Promise<Reading>): Promise<Reading | Error> {
  try {
    return await read();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
