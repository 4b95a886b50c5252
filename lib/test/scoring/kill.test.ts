import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { randomStream } from 'small-claims/project/random';
import { fixtureProject, layOut } from '../datasets/fixture.js';
import { modelFile } from './model.js';

const ROWS = 60;
const releases = {
  healthver: {
    'healthver_test.csv': Buffer.from(
      [
        'id,evidence,claim,label,topic_ip,question',
        ...Array.from(
          { length: ROWS },
          (_, i) =>
            `${i},Trial ${i % 20} found that ${i % 20} cups lengthen sleep.,${i} cups lengthen sleep.,Neutral,1,how many?`,
        ),
        '',
      ].join('\n'),
    ),
  },
};

function project(): Paths {
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

/** Rows in the unfinished record. */
function rowsDone(paths: Paths): number {
  try {
    const partial = readdirSync(paths.records, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.jsonl'),
    );
    return partial === undefined
      ? 0
      : readFileSync(join(paths.records, partial), 'utf8').split('\n').length - 2;
  } catch {
    return 0;
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

test('a run killed again and again ends with the bytes of an undisturbed one, and scores nothing twice', {
  timeout: 300_000,
}, async (t) => {
  if ((await modelFile(t)) === undefined) return;
  const undisturbed = project();
  await finish(t, undisturbed);

  const killed = project();
  const random = randomStream('kills', 1);
  let done = 0;
  let kills = 0;
  while (kills < 5 && done < ROWS - 10) {
    const child = start(killed);
    t.after(() => child.kill('SIGKILL'));
    const target = done + 1 + random.below(10);
    while (rowsDone(killed) < target && child.exitCode === null) await pause(5);
    await pause(random.below(50));
    child.kill('SIGKILL');
    await once(child, 'exit');
    kills++;
    assert.ok(rowsDone(killed) >= done, 'what was scored is kept');
    done = rowsDone(killed);
  }
  assert.ok(kills >= 3 && done > 0, `killed ${kills} times at ${done} rows`);
  await finish(t, killed);
  assert.deepEqual(files(killed), files(undisturbed));
});
