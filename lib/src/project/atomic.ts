import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sha256 } from './digest.js';
import { processHost, runningProcess } from './process.js';

/**
 * Writes a file whole or not at all: to a neighbour first, then renamed over. Makes the folder, and removes the
 * neighbours that writers of this file left when they were killed.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}${ending()}`;
  try {
    writeFileSync(temporary, content, { flush: true });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  for (const left of leftBeside(path)) rmSync(left, { force: true });
}

/** Names the machine or container too: on a shared disk, a process id tells nothing about another's. */
const ending = () => `.${sha256(processHost()).slice(0, 8)}.tmp`;

function leftBeside(path: string): string[] {
  const [start, end] = [`${basename(path)}.`, ending()];
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(start) && name.endsWith(end))
    .filter((name) => {
      const pid = Number(name.slice(start.length, -end.length));
      return Number.isSafeInteger(pid) && pid > 0 && !runningProcess(pid);
    })
    .map((name) => join(dirname(path), name));
}
