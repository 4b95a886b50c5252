#!/usr/bin/env node
// What `npx small-claims` runs: a file that is there when npm links commands, before lib/src is compiled.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const setup = fileURLToPath(new URL('setup.mjs', import.meta.url));
const { status } = spawnSync(process.execPath, [setup], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await import('./dist/pipeline/cli.js');
