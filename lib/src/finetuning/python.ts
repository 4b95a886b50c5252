import { basename } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../project/error.js';

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
