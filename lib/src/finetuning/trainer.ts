import { mkdirSync } from 'node:fs';
import { type Logged, numbersOf } from './checkpoints.js';
import { runProgram } from './program.js';

/** A run of the trainer. */
export interface TrainerRun {
  /** That of the virtual environment. */
  readonly python: string;
  /** lib/python/sft.py. */
  readonly script: string;
  readonly config: string;
  /** Everything the trainer says is appended to it. */
  readonly log: string;
  /** Where datasets keeps what it has read: text, so it stays in the build folder. */
  readonly cache: string;
  /** Processes that accelerate starts. */
  readonly processes: number;
  /** Called with each line of numbers that the trainer logs. */
  readonly onLogged: (line: Logged) => void;
}

/**
 * Runs TRL's own fine-tuning under accelerate, as `trl sft` does but for the seed: accelerate's own configuration
 * decides on how many devices and machines.
 *
 * @throws UserError with the trainer's last words if it fails.
 */
export async function runTrainer({
  python,
  script,
  config,
  log,
  cache,
  processes,
  onLogged,
}: TrainerRun): Promise<void> {
  mkdirSync(cache, { recursive: true });
  await runProgram({
    program: python,
    args: ['-m', 'accelerate.commands.launch', script, '--config', config],
    log,
    env: { HF_DATASETS_CACHE: cache },
    processes,
    onLine(line) {
      const logged = loggedIn(line);
      if (logged) onLogged(logged);
    },
  });
}

/** The numbers of a line such as `{'loss': '0.71', 'epoch': '0.02'}`. @internal */
export function loggedIn(line: string): Logged | undefined {
  if (!/^\{'[^{}]*\}$/.test(line)) return undefined;
  try {
    return numbersOf(JSON.parse(line.replaceAll("'", '"')));
  } catch {
    return undefined;
  }
}
