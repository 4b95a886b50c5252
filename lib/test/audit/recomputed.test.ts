import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { pairRows } from 'small-claims/audit/pair';
import { fitPartialInput } from 'small-claims/audit/partial-input';
import { fileStem } from 'small-claims/datasets/build-name';
import { buildHeader, buildNames, loadBuild } from 'small-claims/datasets/builds';
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
    const [record] = recordsIn('baselines/claim', 'scifact-rationales-train--scifact-rationales-dev.');
    const { strength } = z.object({ strength: z.number() }).parse(record?.header);
    const kept = z
      .array(z.object({ id: z.string(), logprobs: z.tuple([z.number(), z.number(), z.number()]) }))
      .parse(record?.rows);
    const logprobs = fitPartialInput('claim', pairRows(await loadBuild('scifact/rationales/train')), {
      strength,
    });
    const rows = pairRows(await loadBuild('scifact/rationales/dev'));
    assert.deepEqual(
      kept.map(({ id }) => id),
      rows.map(({ id }) => id),
    );
    for (const [index, row] of rows.entries()) {
      for (const [label, logprob] of logprobs(row).entries()) {
        assert.ok(Math.abs(logprob - (kept[index]?.logprobs[label] ?? Number.NaN)) < 1e-4, row.id);
      }
    }
  },
);
