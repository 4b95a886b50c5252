import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import {
  type Command,
  helpText,
  jobCount,
  positiveInteger,
  positiveNumber,
  readArguments,
} from 'small-claims/pipeline/command';
import { projectPaths } from 'small-claims/project/paths';
import { CLI, scratchProject, writeNotebook } from './scratch-project.js';

const command: Command = {
  usage: 'bake [NAME...]',
  summary: 'bake the cakes that are named',
  options: { hot: { help: 'at once' }, minutes: { value: 'N', help: 'for so long' } },
  async run() {},
};

test('a command reads its names and options', () => {
  const given = readArguments(command, ['plum', '--minutes', '40', 'nut', '--hot']);
  assert.deepEqual(given.names, ['plum', 'nut']);
  assert.equal(given.options['hot'], true);
  assert.equal(positiveNumber(given, 'minutes'), 40);
});

test('a wrong option, a wrong number and a name where none is taken are errors that say so', () => {
  assert.throws(
    () => readArguments(command, ['--cold']),
    /Unknown option '--cold'\s+See: npx small-claims bake --help/,
  );
  assert.throws(() => readArguments(command, ['--minuets', '3']), /Did you mean --minutes\? See: /);
  assert.throws(() => readArguments({ ...command, usage: 'bake' }, ['plum']), { name: 'UserError' });
  for (const minutes of ['0', '-1', 'ten', '']) {
    assert.throws(
      () => positiveNumber(readArguments(command, [`--minutes=${minutes}`]), 'minutes'),
      /above 0/,
    );
  }
});

test('what is counted is given as a whole number', () => {
  const minutes = (text: string) => positiveInteger(readArguments(command, [`--minutes=${text}`]), 'minutes');
  assert.equal(minutes('4'), 4);
  assert.equal(positiveInteger(readArguments(command, []), 'minutes'), undefined);
  for (const text of ['0.5', '1.5', '0', '-1', 'ten', '', '1e30', 'Infinity']) {
    assert.throws(() => minutes(text), { name: 'UserError', message: /whole number above 0/ }, text);
  }
});

test('a name that make does not know is answered with the nearest, and is an error', () => {
  const make = (name: string) => spawnSync('make', [name], { cwd: projectPaths().root, encoding: 'utf8' });
  const misspelt = make('04-artefact');
  assert.equal(misspelt.status, 2);
  assert.match(
    misspelt.stderr,
    /no target "04-artefact"\s+Did you mean "04-artifact"\?\s+There are: .*\bpaper\b/,
  );
  assert.match(make('papre').stderr, /Did you mean "paper"\?/);
});

test('help shows the usage and each option', () => {
  assert.equal(
    helpText(command),
    [
      'small-claims bake [NAME...]',
      '',
      'bake the cakes that are named',
      '',
      '  --hot        at once',
      '  --minutes N  for so long',
      '  --help       show this',
    ].join('\n'),
  );
});

test('as many notebooks run at a time as make was told', () => {
  assert.equal(jobCount(undefined, ' -j2 --jobserver-auth=3,4'), 2);
  assert.equal(jobCount(undefined, 'k -j8 --jobserver-auth=fifo:/tmp/x'), 8);
  assert.equal(jobCount(3, ' -j2'), 3);
  assert.ok(jobCount(undefined, undefined) >= 1);
  assert.ok(jobCount(undefined, '--no-print-directory') <= 4);
});

function cli(root: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test('the command line says what commands there are, and of an unknown one that it is', (t) => {
  const { root } = scratchProject(t);
  const help = cli(root, '--help');
  assert.equal(help.status, 0);
  for (const name of ['run [NAME...]', 'paper', 'check', 'format'])
    assert.ok(help.stdout.includes(`  ${name}`), name);
  assert.match(cli(root, 'run', '--help').stdout, /--timeout SECONDS/);

  const unknown = cli(root, 'bake');
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /^no command is called "bake"\s+Commands: run, /);
  assert.doesNotMatch(unknown.stderr, /at .*\.js/, 'without a stack');
});

test('a command that is nearly one, its version and the help of one are told', (t) => {
  const { root } = scratchProject(t);
  assert.match(cli(root, 'scor').stderr, /The nearest is "score"; commands: run, /);
  assert.match(cli(root, '--version').stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal(cli(root, '-v').stdout, cli(root, '--version').stdout);
  assert.equal(cli(root, 'help', 'run').stdout, cli(root, 'run', '--help').stdout);
});

test('a user’s mistake is told without a stack, naming what there is', (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, '01-datasets', []);
  const { status, stderr } = cli(paths.root, 'run', '01-dataset');
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^no notebook is called "01-dataset"\s+The nearest is "01-datasets"; notebooks: 01-datasets\.\n$/,
  );
});

test('a part of a notebook cannot be asked for at a time, nor a part of a row of the records', (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, 'prose', [{ markdown: '# Only prose' }]);
  for (const [name, option] of [
    ['run', '--jobs'],
    ['verify', '--sample'],
    ['verify', '--seed'],
  ] as const) {
    const { status, stderr } = cli(paths.root, name, option, '0.5');
    assert.equal(status, 1, `${name} ${option}`);
    assert.match(stderr, /takes a whole number above 0 and up to \d+, not "0\.5"/);
  }
});

test('a notebook that is up to date is not run again', (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, 'prose', [{ markdown: '# Only prose' }]);
  assert.match(cli(paths.root, 'run').stderr, /prose: done in /);
  assert.match(
    cli(paths.root, 'run').stderr,
    /^prose: up to date; with outputs: build\/notebooks\/prose\.ipynb \(to run it all the same: npx small-claims run prose --force\)\n$/,
  );
});
