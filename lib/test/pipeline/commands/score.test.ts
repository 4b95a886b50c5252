import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { projectPaths } from 'small-claims/project/paths';
import { fakeEndpoint } from '../../scoring/openai/fake-endpoint.js';
import { tinyFile } from '../../scoring/own/tiny-file.js';
import { CLI } from '../scratch-project.js';
import { ownProject } from './own-project.js';

// Several threads wait for each other, which takes minutes on a machine that is busy.
const ENVIRONMENT = { ...process.env, SMALL_CLAIMS_THREADS: '1', OPENAI_API_KEY: 'sk-not-for-others' };

/** A project with a model in a file, ten claims with gold and the command line in it. */
function scoringProject(t: TestContext, tokens?: number) {
  const { paths, put } = ownProject(t);
  cpSync(projectPaths().pricesFile, paths.pricesFile);
  tinyFile(paths.root, tokens);
  const csv = put(
    'soap.csv',
    'claim,evidence,verdict',
    ...Array.from(
      { length: 10 },
      (_, i) => `Soap prevents ${i} colds.,Trial ${i % 3}.,${i % 2 ? 'yes' : 'no'}`,
    ),
  );
  const options = { cwd: paths.root, env: ENVIRONMENT };
  const score = (args: readonly string[], input?: string | Uint8Array) =>
    spawnSync(process.execPath, [CLI, 'score', ...args], {
      ...options,
      encoding: 'utf8',
      ...(input !== undefined && { input }),
    });
  const start = (args: readonly string[]) => spawn(process.execPath, [CLI, 'score', ...args], options);
  return { paths, put, csv, score, start, model: ['--model', 'tiny.gguf'] };
}

test('texts on the command line are answered by a label, and under it a probability for each', (t) => {
  const { score, model } = scoringProject(t);
  const { status, stdout, stderr } = score(['claim=Soap prevents colds.', 'evidence=It does.', ...model]);
  assert.equal(status, 0, stderr);
  const [answer, empty, head, ...labels] = stdout.trimEnd().split('\n');
  assert.deepEqual([empty, head], ['', 'label       probability']);
  const shares = labels.map((line) => line.split(/ +/));
  assert.equal(shares[0]?.[0], answer);
  assert.deepEqual(shares.map(([label]) => label).sort(), ['CONTRADICT', 'NEI', 'SUPPORT']);
  assert.ok(Math.abs(shares.reduce((sum, [, share]) => sum + Number(share), 0) - 1) < 0.002);
});

test('a file, itself packed or through standard input, is answered alike, and its first rows shown', (t) => {
  const { score, csv, paths, model } = scoringProject(t);
  const told = [...model, '--limit', '3', '--labels', 'yes=SUPPORT,no=CONTRADICT'];
  const plain = score([csv, ...told]);
  assert.equal(plain.status, 0, plain.stderr);
  assert.match(plain.stdout, /^id +prediction +SUPPORT +CONTRADICT +NEI +gold\n2 /);
  assert.match(plain.stdout, /3 of 3 rows have gold:[\s\S]*macro-F1 +\d+\.\d/);
  const bytes = gzipSync(readFileSync(join(paths.root, csv)));
  writeFileSync(join(paths.root, 'soap.csv.gz'), bytes);
  assert.equal(score(['soap.csv.gz', ...told]).stdout, plain.stdout);
  const piped = plain.stdout.replace('browse/soap.html', 'browse/standard-input.html');
  assert.notEqual(piped, plain.stdout);
  assert.equal(score(['-', ...told], bytes).stdout, piped);
});

test('predictions are written where --out says, again over their own, and never over anything else', (t) => {
  const { score, csv, paths, put, model } = scoringProject(t);
  for (const name of ['p.csv', 'p.jsonl', 'p.csv']) {
    const { status, stdout, stderr } = score([csv, ...model, '--out', name]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`written: ${name}\nRow by row, in a browser: build/browse/soap.html\n$`));
    assert.equal(
      readFileSync(join(paths.root, name), 'utf8').trimEnd().split(/\r?\n/).length,
      name === 'p.csv' ? 11 : 10,
    );
  }
  const mine = put('mine.csv', 'name,phone', 'me,1');
  for (const [out, says] of [
    [mine, /none that this command has written/],
    [csv, /is what the command reads/],
    ['nowhere/p.csv', /there is no folder/],
    ['p.txt', /ends in \.csv or \.jsonl/],
  ] as const) {
    const { status, stderr } = score([csv, ...model, '--out', out]);
    assert.equal(status, 1);
    assert.match(stderr, says);
  }
  assert.equal(readFileSync(join(paths.root, mine), 'utf8'), 'name,phone\nme,1\n');
});

test('what a user can do wrong is told with file, line and a way out, before a model is loaded', (t) => {
  const { score, csv, put, model } = scoringProject(t);
  put('gap.csv', 'claim,evidence', 'Soap helps.,x', ',y');
  put('text.csv', 'remark', 'Soap helps.');
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /nothing to score is named[\s\S]*claim="\.\.\." evidence="\.\.\."/],
    [['nowhere.csv'], /nowhere\.csv: cannot be read\s+There is no such file/],
    [['gap.csv'], /gap\.csv:3: claim: empty/],
    [['text.csv'], /which column holds the field claim cannot be told[\s\S]*--columns claim=COLUMN/],
    [
      [csv, '--columns', 'gold=verdict'],
      /soap\.csv:2: verdict: unknown label "no"[\s\S]*--labels WORD=SUPPORT/,
    ],
    [[csv, csv], /more than one file/],
    [['claim=Soap', 'prevents'], /quotes around a text/],
    [['clam=Soap'], /no field "clam"[\s\S]*nearest is "claim"/],
    [[csv, '--task', 'claim-verfication'], /nearest is "claim-verification"/],
  ];
  for (const [args, says] of wrong) {
    const { status, stderr } = score([...args, ...model]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /loading/);
  }
});

test('rows that are too long for the model are told by their lines, all of them, before any is scored', (t) => {
  const { score, put, paths, model } = scoringProject(t, 512);
  const long = 'Soap prevents colds. '.repeat(30);
  put('long.csv', 'claim,evidence', 'Soap helps.,x', `${long},x`, 'Tea helps.,y', `${long},y`);
  const { status, stderr } = score(['long.csv', ...model]);
  assert.equal(status, 1);
  assert.match(stderr, /long\.csv:3: 2 rows are too long: the model’s context holds 512 tokens/);
  assert.match(stderr, /line 3: \d+ tokens\n +line 5: \d+ tokens\n/);
  assert.ok(!existsSync(join(paths.build, 'scores', 'tiny', 'long.true-false-unknown.jsonl')));
});

for (const signal of ['SIGINT', 'SIGKILL'] as const)
  test(`after ${signal} the same command goes on, and ends with what an undisturbed one says`, async (t) => {
    const { put, score, start, paths, model } = scoringProject(t);
    const lines = Array.from({ length: 600 }, (_, i) => `Soap prevents ${i} colds.,Trial ${i} of soap.`);
    const many = put('many.csv', 'claim,evidence', ...lines);
    const child = start([many, ...model, '--out', 'p.csv']);
    t.after(() => child.kill('SIGKILL'));
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    const ended = once(child, 'exit');
    while (kept(paths.build) < 20 && child.exitCode === null) await pause(20);
    child.kill(signal);
    await ended;
    const before = kept(paths.build);
    assert.ok(before >= 20 && before < lines.length, `${before} rows: ${told}`);
    if (signal === 'SIGINT') {
      assert.equal(child.exitCode, 130);
      assert.match(
        told,
        new RegExp(`many.*: interrupted; ${before} rows are kept in build/scores/.*to go on from there`),
      );
    }
    const resumed = score([many, ...model, '--out', 'p.csv']);
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.match(
      resumed.stderr,
      new RegExp(`many: ${before} of 600 rows were answered before[\\s\\S]*\\n${600 - before} prompts`),
    );
    const fresh = scoringProject(t);
    cpSync(join(paths.root, many), join(fresh.paths.root, many));
    assert.equal(fresh.score([many, ...model, '--out', 'p.csv']).status, 0);
    const read = (root: string) => readFileSync(join(root, 'p.csv'), 'utf8');
    assert.equal(read(paths.root), read(fresh.paths.root));
  });

/** Rows in the unfinished record. */
function kept(build: string): number {
  const folder = join(build, 'scores');
  if (!existsSync(folder)) return 0;
  const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('.jsonl'),
  );
  return file === undefined ? 0 : readFileSync(join(folder, file), 'utf8').split('\n').length - 2;
}

test('an endpoint is asked where --model says, under the name that it has for its model', async (t) => {
  const { start, csv } = scoringProject(t);
  const { url, got } = await fakeEndpoint(t);
  const child = start([csv, '--model', url, '--model-name', 'org/model']);
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  assert.equal(got.length, 10);
  assert.ok(got.every(({ body }) => JSON.parse(body).model === 'org/model'));
  assert.ok(got.every(({ authorization }) => !authorization?.includes('sk-not-for-others')));
});

test('without --model the first of the study is asked that is here; where none is, it is said how to fetch one', (t) => {
  const { paths, score, put } = scoringProject(t);
  mkdirSync(join(paths.root, 'empty'));
  put(
    'data/studies/small.yaml',
    'title: Mine',
    'datasets: [{ title: HealthVer, train: healthver/rows/dev, test: healthver/rows/test }]',
    'prompt: true-false-unknown',
    'models: [smollm2-135m-instruct]',
  );
  const { status, stderr } = spawnSync(process.execPath, [CLI, 'score', 'claim=Soap helps.'], {
    cwd: paths.root,
    env: { ...ENVIRONMENT, SMALL_CLAIMS_CACHE: join(paths.root, 'empty'), MODELS_DIR: '', STUDY: '' },
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /none of the study small is on this machine[\s\S]*npx small-claims models smollm2-135m-instruct fetches/,
  );
  assert.equal(score(['--help']).status, 0);
});

test('the rows of a file are on a page, with their texts, gold and answers, in a folder that git ignores', (t) => {
  const { score, csv, paths, model } = scoringProject(t);
  const { status, stderr } = score([csv, ...model, '--labels', 'yes=SUPPORT,no=CONTRADICT']);
  assert.equal(status, 0, stderr);
  const html = readFileSync(join(paths.build, 'browse', 'soap.html'), 'utf8');
  assert.match(html, /"texts":\["Soap prevents 0 colds\.","Trial 0\."\],"gold":"CONTRADICT"/);
  assert.equal(html.match(/"right":(?:true|false)/g)?.length, 10);
});
