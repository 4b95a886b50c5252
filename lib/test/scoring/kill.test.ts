import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { loadBuild } from 'small-claims/datasets/builds';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { randomStream } from 'small-claims/project/random';
import { textOf } from 'small-claims/tasks/row';
import { fixtureProject, layOut } from '../datasets/fixture.js';
import { needs } from '../datasets/releases.js';
import { modelFile } from './model.js';

/** SMALL_CLAIMS_TEST_KILLS=50 is the long form: as many kills during ten times as many rows of HealthVer; minutes. */
const LONG = process.env['SMALL_CLAIMS_TEST_KILLS'];
const KILLS = Number(LONG ?? 5);
const ROWS = LONG === undefined ? 60 : KILLS * 10;

interface Pair {
  readonly claim: string;
  readonly evidence: string;
}

const madeUp: readonly Pair[] = Array.from({ length: ROWS }, (_, i) => ({
  evidence: `Trial ${i % 20} found that ${i % 20} cups lengthen sleep.`,
  claim: `${i} cups lengthen sleep.`,
}));

const release = (rows: readonly Pair[]) => ({
  healthver: {
    'healthver_test.csv': Buffer.from(
      [
        'id,evidence,claim,label,topic_ip,question',
        ...rows.map(({ evidence, claim }, i) => `${i},${cell(evidence)},${cell(claim)},Neutral,1,how many?`),
        '',
      ].join('\n'),
    ),
  },
});

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

function project(rows: readonly Pair[]): Paths {
  const releases = release(rows);
  const paths = fixtureProject(releases);
  layOut(paths.raw, releases);
  cpSync(projectPaths().modelsFile, paths.modelsFile);
  return paths;
}

const start = (paths: Paths) =>
  spawn(process.execPath, [fileURLToPath(new URL('./score-fixture.js', import.meta.url)), paths.root], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Several threads wait for each other, which takes minutes on a machine that is busy.
    env: { ...process.env, SMALL_CLAIMS_THREADS: '1' },
  });

function files(paths: Paths): Record<string, string> {
  const names = readdirSync(paths.records, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    names
      .filter((name) => name.endsWith('.jsonl') || name.endsWith('.gz'))
      .map((name) => [name, readFileSync(join(paths.records, name)).toString('base64')]),
  );
}

/** Ids in the unfinished record, one a whole line. */
function idsDone(paths: Paths): readonly string[] {
  try {
    const partial = readdirSync(paths.records, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.jsonl'),
    );
    if (partial === undefined) return [];
    const [, ...lines] = readFileSync(join(paths.records, partial), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => /"id":"([^"]*)"/.exec(line)?.[1] ?? line);
  } catch {
    return [];
  }
}

async function finish(t: TestContext, paths: Paths): Promise<void> {
  const child = start(paths);
  t.after(() => child.kill('SIGKILL'));
  const said: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const [code] = await once(child, 'exit');
  assert.equal(code, 0, said.join(''));
}

/** The first rows of the release. */
const released = async (): Promise<readonly Pair[]> =>
  (await loadBuild('healthver/rows/test'))
    .slice(0, ROWS)
    .map((row) => ({ claim: textOf(row, 'claim'), evidence: textOf(row, 'evidence') }));

test('a run killed again and again ends with the bytes of an undisturbed one, and scores nothing twice', {
  timeout: 60_000 * Math.max(5, KILLS),
  ...(LONG !== undefined && needs('healthver/healthver_test.csv')),
}, async (t) => {
  if ((await modelFile(t)) === undefined) return;
  const rows = LONG === undefined ? madeUp : await released();
  assert.equal(rows.length, ROWS);
  const undisturbed = project(rows);
  const started = performance.now();
  await finish(t, undisturbed);
  const took = performance.now() - started;

  const killed = project(rows);
  const random = randomStream('kills', 1);
  // Each kill waits for so many rows, and for a moment more: it falls on the loading, a row, or the lines of a row.
  const targets = Array.from({ length: KILLS }, () => random.below(ROWS - 10)).sort((a, b) => a - b);
  const found: number[] = [];
  for (const target of targets) {
    const before = idsDone(killed);
    const child = start(killed);
    t.after(() => child.kill('SIGKILL'));
    const begun = performance.now();
    while (idsDone(killed).length < target && child.exitCode === null) await pause(10);
    // Nobody has to be waited for where so many rows are there already: then it dies while it loads, or soon after.
    await pause(random.below(performance.now() - begun < 50 ? Math.min(2000, Math.ceil(took / 2)) : 50));
    child.kill('SIGKILL');
    const [, signal] = await once(child, 'exit');
    if (signal !== 'SIGKILL') break;
    const after = idsDone(killed);
    assert.deepEqual(after.slice(0, before.length), before, 'what was scored is kept');
    assert.equal(new Set(after).size, after.length, 'nothing is scored twice');
    found.push(after.length);
  }
  t.diagnostic(`killed ${found.length} times, at ${found.join(', ')} of ${ROWS} rows`);
  // A busy machine may let a short run come to its end between two looks at it.
  assert.ok(found.length >= (LONG === undefined ? 3 : KILLS), `killed ${found.length} times`);
  assert.ok(new Set(found).size > KILLS / 3, 'the kills fall on different rows');
  await finish(t, killed);
  assert.deepEqual(files(killed), files(undisturbed));
});
