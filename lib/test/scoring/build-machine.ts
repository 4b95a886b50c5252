import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { UserError } from 'small-claims/project/error';
import { projectPaths } from 'small-claims/project/paths';
import { temporaryFolder } from '../datasets/fixture.js';
import { environment } from './openai/means.js';

export const POSIX = { skip: process.platform === 'win32' ? 'stands scripts in for programs' : false };

/** A cache of what is built, and a machine with no programs but those that are put there, each a shell script. */
export function machine(t: TestContext, programs: Readonly<Record<string, string>> = {}) {
  const [llamaTools, bin] = [temporaryFolder('tools'), temporaryFolder('bin')];
  const put = (name: string, script: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  for (const [name, script] of Object.entries(programs)) put(name, script);
  environment(t, { PATH: bin, CXX: undefined });
  return { paths: { ...projectPaths(), llamaTools }, bin, put };
}

export const wants = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, pattern);
  return true;
};

/** Stands in for git: a clone is an empty folder. */
export const GIT = 'for last; do :; done; [ "$1" = --version ] || /bin/mkdir -p "$last"';
