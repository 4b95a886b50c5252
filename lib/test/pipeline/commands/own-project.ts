import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { CLI, scratchProject } from '../scratch-project.js';

const FILES = ['datasetsFile', 'tasksFile', 'promptsFile', 'modelsFile'] as const;

/** A project with our entries, and a command line in it. */
export function ownProject(t: TestContext) {
  const [here, paths] = [projectPaths(), scratchProject(t)];
  for (const file of FILES) cpSync(here[file], paths[file]);
  for (const folder of [paths.studies, paths.adapters]) mkdirSync(folder);
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: paths.root,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const put = (name: string, ...lines: readonly string[]) => {
    writeFileSync(join(paths.root, name), `${lines.join('\n')}\n`);
    return name;
  };
  return { paths, run, put, texts: () => FILES.map((file) => readFileSync(paths[file], 'utf8')) };
}
