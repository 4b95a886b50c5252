import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { baseline } from 'small-claims/audit/builds/build-baseline';
import { fileStem } from 'small-claims/datasets/build-name';
import { buildHeader, buildNames } from 'small-claims/datasets/builds';
import { buildFacts } from 'small-claims/datasets/facts';
import { projectPaths } from 'small-claims/project/paths';
import { z } from 'zod';
import { temporaryFolder } from '../datasets/fixture.js';
import { needs } from '../datasets/releases.js';

// The versions in headers are raised by hand. Where the data is at hand, these tests catch one that was forgotten.

/** The committed records of a folder, header and rows as they lie there. */
function recordsIn(folder: string, prefix = '') {
  const path = resolve(projectPaths().records, folder);
  return readdirSync(path)
    .filter((file) => file.startsWith(prefix) && file.endsWith('.jsonl.gz'))
    .map((file) => {
      const [header = '', ...rows] = gunzipSync(readFileSync(join(path, file)))
        .toString('utf8')
        .trimEnd()
        .split('\n');
      return {
        header: z.json().parse(JSON.parse(header)),
        rows: rows.map((row) => z.json().parse(JSON.parse(row))),
      };
    });
}

const anew = temporaryFolder('records');

describe('every record of facts is what the data and the code give today', () => {
  const schema = z.object({ of: z.object({ build: z.string() }) });
  for (const { header, rows } of recordsIn('facts')) {
    const { build } = schema.parse(header).of;
    const name = buildNames().find((known) => known === build);
    assert.ok(name, `there is no build ${build} any more: remove its record`);
    test(name, needs(...Object.keys(buildHeader(name).files)), async () => {
      await buildFacts(name, { ...projectPaths(), records: anew });
      const [made] = recordsIn(join(anew, 'facts'), `${fileStem(name)}.`);
      assert.deepEqual(made, { header, rows });
    });
  }
});

test(
  'the record of a baseline is what the data and the code give today',
  needs('scifact/data.tar.gz'),
  async () => {
    const parts = {
      input: 'claim',
      train: 'scifact/rationales/train',
      test: 'scifact/rationales/dev',
    } as const;
    const kept = await baseline(parts);
    const made = await baseline(parts, { ...projectPaths(), records: anew });
    assert.equal(made.origin, 'computed');
    assert.deepEqual(
      made.rows.map(({ id }) => id),
      kept.rows.map(({ id }) => id),
    );
    const logprobs = kept.rows.flatMap((row) => row.logprobs);
    assert.equal(logprobs.length, 3 * 450);
    for (const [index, logprob] of made.rows.flatMap((row) => row.logprobs).entries())
      assert.ok(Math.abs(logprob - (logprobs[index] ?? Number.NaN)) < 1e-4, `${index}`);
  },
);
