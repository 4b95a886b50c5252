import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeRefusal } from 'small-claims/pipeline/notebook/make-name';
import { errorText, UserError, userErrorOf } from 'small-claims/project/error';
import { projectPaths } from 'small-claims/project/paths';
import { CLI, notebookJson, publishingCell, scratchProject, writeNotebook } from './scratch-project.js';

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const NODE = `${quoted(process.execPath)} ${quoted(CLI)}`;

/** What a line of a shell gives, in a folder. */
function shell(
  line: string,
  cwd: string,
  options: { readonly env?: NodeJS.ProcessEnv; readonly uid?: number } = {},
) {
  const { env = process.env, uid } = options;
  const ended = spawnSync('bash', ['-c', line], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 120_000,
    ...(uid && { uid }),
  });
  return { status: ended.status, out: ended.stdout, err: ended.stderr };
}

const noBug = (text: string) => assert.doesNotMatch(text, /This is a bug|^ {4}at /m);

test('a full output is an error of one sentence, and no success', {
  skip: !existsSync('/dev/full'),
}, (t) => {
  const { root } = scratchProject(t);
  for (const [line, message] of [
    [`${NODE} --help > /dev/full`, /standard output: no space is left on the disk/],
    [`${NODE} run --help > /dev/full`, /standard output: no space is left on the disk/],
  ] as const) {
    const { status, err } = shell(line, root);
    assert.equal(status, 1, `${line}: ${err}`);
    assert.match(err, message);
    noBug(err);
  }
  assert.equal(shell(`${NODE} --help > help.txt`, root).status, 0);
  assert.equal(shell(`${NODE} --help | cat > help.txt`, root).status, 0);
  // What cannot be told is not told, and the end is what it was.
  assert.equal(shell(`${NODE} nothing 2> /dev/full`, root).status, 1);
});

test('a reader that has seen enough ends a command as any other: without a word, by SIGPIPE’s status', (t) => {
  const { root } = scratchProject(t);
  for (const line of [
    `${NODE} --help | true`,
    `${NODE} run --help | sleep 0`,
    `${NODE} kernelspec | true`,
    `${NODE} --help 2>&1 | true`,
  ]) {
    assert.deepEqual(shell(`set -o pipefail; ${line}`, root), { status: 141, out: '', err: '' }, line);
    assert.equal(shell(line, root).status, 0, line);
  }
  assert.match(shell(`${NODE} --help | head -n 1`, root).out, /^small-claims COMMAND\n$/);
});

test('absurd values of options are refused with the bound', (t) => {
  const { root } = scratchProject(t);
  for (const options of [
    '--jobs 1e30',
    '--timeout 1e300',
    '--timeout Infinity',
    '--timeout=-1',
    '--jobs 0.5',
    '--jobs 0x10000000',
  ]) {
    const { status, err } = shell(`${NODE} run ${options}`, root);
    assert.equal(status, 1);
    assert.match(err, /takes a (whole )?number above 0 and up to 1000000/);
  }
  for (const port of ['65536', '1e9'])
    assert.match(shell(`${NODE} watch --port ${port}`, root).err, /up to 65535/);
});

test('what the machine refuses is said in one sentence with the file, whoever threw it', () => {
  for (const [code, message] of [
    ['ENOSPC', /^a\/b: no space is left on the disk \(ENOSPC, write\)\n {2}Make room/],
    ['EROFS', /^a\/b: the disk cannot be written/],
    ['EACCES', /^a\/b: you may not/],
    ['EMFILE', /^a\/b: too many files are open/],
    ['ENAMETOOLONG', /^a\/b: the name is too long/],
    ['ELOOP', /^a\/b: links lead in a circle/],
    ['EDQUOT', /^a\/b: your share/],
    ['ENOTDIR', /^a\/b: a part of it is a file/],
    ['EIO', /^a\/b: the disk fails/],
  ] as const) {
    const error = Object.assign(new Error(`${code}: ...`), { code, path: 'a/b', syscall: 'write' });
    assert.match(errorText(error), message);
    assert.ok(userErrorOf(error) instanceof UserError);
  }
  for (const error of [
    new TypeError('x'),
    Object.assign(new Error('y'), { code: 'ERR_X' }),
    'z',
    Object.assign(new Error('w'), { code: 'toString' }),
  ]) {
    assert.match(errorText(error), /This is a bug/);
  }
});

const mayBeAnother = process.getuid?.() === 0;

test('a checkout that may not be written is told with the folder and what to do', {
  skip: !mayBeAnother,
}, (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, '01-trial', [publishingCell('a', '1')]);
  chmodSync(paths.root, 0o755);
  for (const line of [`${NODE} run 01-trial`, `${NODE} kernelspec`]) {
    const { status, err } = shell(line, paths.root, { uid: 65534 });
    assert.equal(status, 1, err);
    assert.match(err, new RegExp(`${paths.build}.*: you may not \\(EACCES`));
    assert.match(err, /copy the checkout to a folder of your own/);
    noBug(err);
  }
});

test('a user without a home has a cache in the project', (t) => {
  const { root } = scratchProject(t);
  const before = process.env['HOME'];
  t.after(() => {
    process.env['HOME'] = before;
  });
  process.env['HOME'] = '';
  assert.equal(projectPaths(root).modelCache, join(root, 'build', 'cache', 'models'));
});

test('a package.json above the project, of whatever content, is passed by', (t) => {
  const { root } = scratchProject(t);
  const inner = join(root, 'inner');
  mkdirSync(inner);
  for (const content of ['', '{', '[]', 'null', '"x"', '{"name": 7}']) {
    writeFileSync(join(inner, 'package.json'), content);
    const { err, status } = shell(`${NODE} run nothing`, inner);
    assert.equal(status, 1);
    assert.match(err, /no notebook is called "nothing"/);
  }
});

/** Names of notebooks that Make cannot carry, or takes for targets. */
const NAMES = [
  '09 my cost',
  'a%b',
  'a:b',
  'a#b',
  "it's",
  'a$b',
  'a;b',
  'a\\b',
  '-f',
  'setup',
  'paper',
  'help',
  'status',
  'test',
  'data',
  'watch',
];

test('a notebook whose name Make cannot carry is told with what runs it, and no target is taken for it', (t) => {
  const paths = scratchProject(t);
  const root = projectPaths().root;
  copyFileSync(join(root, 'Makefile'), join(paths.root, 'Makefile'));
  mkdirSync(join(paths.root, 'lib'));
  copyFileSync(join(root, 'lib', 'unknown-target.mjs'), join(paths.root, 'lib', 'unknown-target.mjs'));
  symlinkSync(join(root, 'node_modules'), join(paths.root, 'node_modules'));
  // Setting up is another matter: here it is done.
  writeFileSync(join(paths.root, 'lib', 'setup.mjs'), '');
  mkdirSync(join(paths.root, 'lib', 'dist', 'pipeline'), { recursive: true });
  writeFileSync(
    join(paths.root, 'lib', 'dist', 'pipeline', 'cli.js'),
    `await import(${JSON.stringify(CLI)});\n`,
  );
  cpSync(join(root, 'data', 'studies'), paths.studies, { recursive: true });
  for (const name of ['01-trial', ...NAMES]) {
    writeFileSync(join(paths.notebooks, `${name}.ipynb`), JSON.stringify(notebookJson(['1;'])));
  }
  assert.equal(makeRefusal('01-trial', paths), undefined);
  const dry = shell(`${NODE} run --dry-run`, paths.root);
  assert.equal(dry.status, 0, dry.err);
  for (const name of NAMES) {
    const refusal = makeRefusal(name, paths) ?? '';
    assert.match(refusal, /run it by npx small-claims run '/);
    assert.ok(dry.out.includes(`\n  ${refusal}\n`), name);
  }
  assert.doesNotMatch(dry.out, /01-trial.*\n {2}"01-trial"/);
  const status = shell('make status', paths.root);
  assert.doesNotMatch(status.err, /running|warning: overriding/);
  assert.match(status.out, /setup: would run/);
  assert.equal(existsSync(paths.published), false, 'nothing has run');
  for (const name of ['09 my cost', 'a%b', "it's"]) {
    const { err, status: made } = shell(`make ${quoted(name)}`, paths.root);
    assert.equal(made, 2);
    assert.match(err, /Make cannot carry the name of the notebook/);
  }
  assert.match(shell('make help', paths.root).out, /run one notebook: 01-trial\n/);
});

test('a kernel is not begun where it would meet the limit of open files half-way', {
  skip: process.platform === 'win32',
}, (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, '01-first', [publishingCell('first', '1')]);
  const started = performance.now();
  for (const limit of [34, 60, 120]) {
    const { status, err } = shell(`ulimit -n ${limit}; ${NODE} run`, paths.root);
    assert.equal(status, 1, err);
    assert.match(err, /too many files are open \(EMFILE, open\)\n +Allow more, as with ulimit -n 4096/);
    noBug(err);
  }
  assert.ok(performance.now() - started < 30_000);
  assert.equal(shell(`ulimit -n 256; ${NODE} run`, paths.root).status, 0);
});
