import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { runningProcess } from 'small-claims/project/process';

/** Which of these processes still run, once they have had up to three seconds to end. */
export async function stillRunning(pids: readonly number[]): Promise<readonly number[]> {
  return lastsBeyondPatience(() => pids.filter((pid) => runningProcess(pid) !== undefined));
}

/** The command lines that hold `text`, once their processes have had up to three seconds to end. */
export async function stillNaming(text: string): Promise<readonly string[]> {
  return lastsBeyondPatience(() => commandLines().filter((line) => line.includes(text)));
}

async function lastsBeyondPatience<T>(look: () => readonly T[]): Promise<readonly T[]> {
  const end = performance.now() + 3000;
  let found = look();
  while (found.length > 0 && performance.now() < end) {
    await pause(50);
    found = look();
  }
  return found;
}

function commandLines(): readonly string[] {
  if (!existsSync('/proc/self/cmdline')) {
    return spawnSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' }).stdout.split('\n');
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
      } catch {
        // It has ended since the folder was read.
        return [];
      }
    });
}
