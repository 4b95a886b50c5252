import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from '../../project/paths.js';

/**
 * Why `make NAME` does not run a notebook, and what does; undefined where it does. Make parts words at white space, reads
 * signs such as `%`, `:` and `#` as its own, and takes the name of a target for the target.
 */
export function makeRefusal(name: string, { root }: Pick<Paths, 'root'>): string | undefined {
  const carried = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name);
  if (carried && !targets(root).includes(name)) return undefined;
  const why = carried ? 'is the name of a target of Make' : 'is no name that Make can carry';
  return `"${name}" ${why}; run it by npx small-claims run '${name.replaceAll("'", "'\\''")}'`;
}

/** The names in the Makefile's list of targets; none where there is no Makefile. */
function targets(root: string): readonly string[] {
  const file = join(root, 'Makefile');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const [, list = ''] = /^TARGETS := ((?:.*\\\n)*.*)$/m.exec(text) ?? [];
  return list.split(/[\s\\]+/).filter(Boolean);
}
