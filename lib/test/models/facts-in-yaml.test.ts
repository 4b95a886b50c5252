import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findAdapter } from 'small-claims/models/adapters';
import { readPrices } from 'small-claims/models/prices';
import { UserError } from 'small-claims/project/error';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { readQuoted } from 'small-claims/reporting/quoted';
import { temporaryFolder } from '../datasets/fixture.js';

const here = projectPaths();
const [adapter = ''] = readdirSync(here.adapters);

/** A change of a file of this project, how it is then read, and the field that is refused. */
interface Change {
  readonly file: string;
  readonly read: (paths: Paths) => unknown;
  readonly changes: readonly (readonly [from: RegExp, to: string, field: RegExp])[];
}

const ADDRESS = /source/;
const FILES: readonly Change[] = [
  {
    file: join('data', 'adapters', adapter, 'adapter.yaml'),
    read: (paths) => findAdapter(adapter, paths),
    changes: [
      [/seconds: .*/, 'seconds: -5', /training\.seconds/],
      [/seconds: .*/, 'seconds: .nan', /training\.seconds/],
      [/tokens: .*/, 'tokens: -1', /training\.tokens/],
      [/tokens: .*/, 'tokens: 1.5', /training\.tokens/],
      [/epochs: .*/, 'epochs: 0', /training\.hyper\.epochs/],
      [/learningRate: .*/, 'learningRate: -0.1', /training\.hyper\.learningRate/],
      [/dropout: .*/, 'dropout: 1.5', /training\.hyper\.dropout/],
      [/warmup: .*/, 'warmup: 2', /training\.warmup/],
      [/sameLabel: .*/, 'sameLabel: 1000', /training\.parity\.\w+\.sameLabel/],
      [/mean: .*/, 'mean: 99', /training\.parity\.\w+\.mean/],
      [/fingerprint: ./, 'fingerprint: X', /training\.fingerprint/],
      [/files:\n {4}/, 'files:\n    ../', /training\.files/],
      [/losses:\n {4}- /, 'losses:\n    - -', /training\.losses\[0\]/],
    ],
  },
  {
    file: join('data', 'quoted.yaml'),
    read: readQuoted,
    changes: [
      [/source: .*/, 'source: "javascript:alert(1)"', ADDRESS],
      [/source: .*/, 'source: ftp://example.org/paper', ADDRESS],
      [/source: .*/, 'source: file:///etc/passwd', ADDRESS],
      [/source: .*/, 'source: "https://example.org/a b"', ADDRESS],
      [/source: .*/, 'source: "https://exa\\tmple.org/"', ADDRESS],
      [/source: .*/, 'source: example.org', ADDRESS],
      [/value: .*/, 'value: 884', /value/],
      [/value: .*/, 'value: .inf', /value/],
      [/value: .*/, 'value: "88.4"', /value/],
    ],
  },
  {
    file: join('data', 'prices.yaml'),
    read: readPrices,
    changes: [
      [/source: \*?\w[^,}\n]*/, 'source: "data:text/html,x"', ADDRESS],
      [/source: \*?\w[^,}\n]*/, 'source: http://', ADDRESS],
      [/input: [\d.]+/, 'input: -1', /input/],
      [/input: [\d.]+/, 'input: .inf', /input/],
      [/read: [\d-]+/, 'read: 2026-02-30', /read/],
    ],
  },
];

for (const { file, read, changes } of FILES) {
  const whole = readFileSync(join(here.root, file), 'utf8');
  for (const [from, to, field] of changes) {
    test(`${file} with ${to.replaceAll('\n', ' ')} is refused by file, line and field`, () => {
      const paths = projectPaths(temporaryFolder('facts-in-yaml'));
      const path = join(paths.root, file);
      mkdirSync(dirname(path), { recursive: true });
      cpSync(join(here.root, file), path);
      assert.doesNotThrow(() => read(paths));
      assert.match(whole, from);
      writeFileSync(path, whole.replace(from, to));
      assert.throws(
        () => read(paths),
        (error) => {
          assert.ok(error instanceof UserError, String(error));
          assert.equal(error.at.file, path);
          assert.ok((error.at.line ?? 0) > 0);
          assert.match(error.at.field ?? '', field);
          return true;
        },
      );
    });
  }
}
