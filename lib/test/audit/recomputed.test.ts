import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { fitPartialInput } from 'small-claims/audit/partial-input';
import { BUILD_NAMES, buildHeader, loadBuild } from 'small-claims/datasets/builds';
import { factsOf } from 'small-claims/datasets/facts';
import { projectPaths } from 'small-claims/project/paths';
import { z } from 'zod';
import { needs } from '../datasets/releases.js';

// The versions in headers are raised by hand. Where the data is at hand, these tests catch one that was forgotten.

/** The committed records of a folder, header and rows as they lie there. */
function recordsIn(folder: string, prefix = '') {
  const path = join(projectPaths().records, folder);
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

describe('every record of facts is what the data and the code give today', () => {
  const schema = z.object({ of: z.object({ build: z.string() }) });
  for (const { header, rows } of recordsIn('facts')) {
    const { build } = schema.parse(header).of;
    const name = BUILD_NAMES.find((known) => known === build);
    assert.ok(name, `there is no build ${build} any more: remove its record`);
    test(name, needs(...Object.keys(buildHeader(name).files)), async () => {
      assert.deepEqual(rows, (await loadBuild(name)).map(factsOf));
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
    const logprobs = fitPartialInput('claim', await loadBuild('scifact/rationales/train'), { strength });
    const rows = await loadBuild('scifact/rationales/dev');
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
