#!/usr/bin/env node
import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import { errorText, UserError, userErrorOf } from '../project/error.js';
import { interrupt, isInterrupted } from '../project/interruption.js';
import { alternatives } from '../project/nearest.js';
import { type Command, helpText, readArguments } from './command.js';

/** Every command, loaded when it is asked for. */
const COMMANDS: Readonly<Record<string, () => Promise<{ readonly default: Command }>>> = {
  run: () => import('./commands/run.js'),
  paper: () => import('./commands/paper.js'),
  check: () => import('./commands/check.js'),
  format: () => import('./commands/format.js'),
  data: () => import('./commands/data.js'),
  models: () => import('./commands/models.js'),
  records: () => import('./commands/records.js'),
  plan: () => import('./commands/plan.js'),
  train: () => import('./commands/train.js'),
  adapters: () => import('./commands/adapters.js'),
  pack: () => import('./commands/pack.js'),
  unpack: () => import('./commands/unpack.js'),
  rows: () => import('./commands/rows.js'),
  splits: () => import('./commands/splits.js'),
  browse: () => import('./commands/browse.js'),
  audit: () => import('./commands/audit.js'),
  score: () => import('./commands/score.js'),
  new: () => import('./commands/new.js'),
  watch: () => import('./commands/watch.js'),
  why: () => import('./commands/why.js'),
  reproduce: () => import('./commands/reproduce.js'),
  verify: () => import('./commands/verify.js'),
  engine: () => import('./commands/engine.js'),
  'llama-tools': () => import('./commands/llama-tools.js'),
  kernelspec: () => import('./commands/kernelspec.js'),
};

async function main([first = '--help', ...rest]: readonly string[]): Promise<void> {
  // "help audit" is "audit --help".
  const [name = '--help', ...args] = first === 'help' ? [...rest, '--help'] : [first, ...rest];
  if (name === '--help' || name === '-h') {
    console.log(await overview());
    return;
  }
  if (name === '--version' || name === '-v') {
    console.log(version());
    return;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    throw new UserError(`no command is called "${name}"`, {
      hint: alternatives(name, Object.keys(COMMANDS), 'commands'),
    });
  }
  const { default: command } = await load();
  if (args.includes('--help') || args.includes('-h')) {
    console.log(helpText(command));
    return;
  }
  try {
    await command.run(readArguments(command, args));
  } catch (error) {
    if (!userErrorOf(error)) throw error;
    console.error(errorText(error));
    process.exitCode = isInterrupted(error) ? 130 : (command.userErrorStatus ?? 1);
  }
}

/** As the package says. */
function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return manifest.version;
}

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const rows = commands.map(({ default: command }) => [command.usage, command.summary] as const);
  const width = Math.max(...rows.map(([usage]) => usage.length));
  return [
    'small-claims COMMAND',
    '',
    ...rows.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`),
    '',
    'small-claims COMMAND --help shows the options of one command, small-claims --version the version.',
  ].join('\n');
}

const GRACE_MS = 2000;
let ending = false;

// An exit ends the kernels too (kernel.ts); without these handlers a signal would end this process and not them.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || ending) process.exit(code);
    // What is under way says what it keeps and ends the command; a second time it is not asked.
    ending = true;
    interrupt();
    setTimeout(() => process.exit(code), GRACE_MS);
  });
}

// What a command was asked for has to arrive: a full disk is no success. The console that there is would leave an error of a
// stream aside.
globalThis.console = new Console({ stdout: process.stdout, stderr: process.stderr, ignoreErrors: false });
const failed = (error: Error) => {
  // A reader that has seen enough, as `head` has, ends it without a word and with the status of SIGPIPE, as of any program.
  if ('code' in error && error.code === 'EPIPE') process.exit(141);
  console.error(`standard output: ${errorText(error)}`);
  process.exit(1);
};
process.stdout.on('error', failed);
// Where nothing can be told, nothing is.
process.stderr.on('error', () => {});

main(process.argv.slice(2)).then(
  // What a command has left open (a socket, a worker) must not keep it from ending; what it wrote last is waited for.
  () => process.stdout.write('', (error) => (error ? failed(error) : process.exit())),
  (error: unknown) => {
    console.error(errorText(error));
    process.exit(userErrorOf(error) ? 1 : 70);
  },
);
