import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UserError } from 'small-claims/project/error';
import { readYaml } from 'small-claims/project/yaml';
import { z } from 'zod';

const folder = mkdtempSync(join(tmpdir(), 'small-claims-yaml-'));
after(() => rmSync(folder, { recursive: true }));

const source = z.strictObject({ url: z.string(), bytes: z.number().optional() });
const schema = z.strictObject({
  seeds: z.array(z.int()).default([0]),
  models: z.record(z.string(), z.strictObject({ sources: z.array(source) }).readonly()).optional(),
  pool: z.union([z.literal('all'), z.strictObject({ size: z.int() })]).optional(),
});

function read(text: string | Uint8Array) {
  const file = join(folder, 'study.yaml');
  writeFileSync(file, text);
  return readYaml(file, schema);
}

function flaw(text: string | Uint8Array): UserError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return assert.fail('nothing was thrown');
}

test('a file that fits the schema is read, with the schema’s defaults', () => {
  assert.deepEqual(read('pool: {size: 3}\n'), { seeds: [0], pool: { size: 3 } });
});

test('what was read of a file is its reader’s own: changing it changes no later reading', () => {
  const first = read('seeds: [1]\n');
  first.seeds.push(2);
  assert.deepEqual(read('seeds: [1]\n'), { seeds: [1] });
});

test('an unknown key is an error that names line, path and the nearest known key', () => {
  const error = flaw('seeds: [1]\nmodels:\n  phi:\n    sources:\n      - ulr: x\n        url: y\n');
  assert.deepEqual(error.at, {
    file: join(folder, 'study.yaml'),
    line: 5,
    field: 'models.phi.sources[0].ulr',
  });
  assert.match(error.message, /unknown key "ulr"\s+Did you mean "url"\? Known here: url, bytes\./);
});

test('every unknown key is told, also within an alternative', () => {
  const { message } = flaw('pool:\n  sise: 3\n  saize: 4\nseed: 1\nmodel: {}\n');
  for (const key of ['sise', 'saize', 'seed', 'model'])
    assert.ok(message.includes(`unknown key "${key}"`), message);
  assert.match(message, /pool\.size: /);
});

test('an unknown key within an alternative is found there', () => {
  const error = flaw('pool:\n  sise: 3\n  size: 3\n');
  assert.equal(error.at.line, 2);
  assert.match(error.message, /Did you mean "size"/);
});

test('a wrong type names the line of the field', () => {
  const error = flaw('seeds:\n  - 1\n  - two\n');
  assert.deepEqual([error.at.line, error.at.field], [3, 'seeds[1]']);
});

test('a missing field is placed at what should hold it', () => {
  const error = flaw('models:\n\n  phi:\n    sources:\n      - bytes: 1\n');
  assert.deepEqual([error.at.line, error.at.field], [5, 'models.phi.sources[0].url']);
});

test('of several mistakes all are named: a misspelt key first, then in the order of the file', () => {
  const error = flaw('seeds: no\nsede: 1\n');
  assert.equal(error.at.line, 2);
  assert.match(error.message, /unknown key "sede"[\s\S]*\n {2}.*\.yaml:1: seeds: /);
});

test('a repeated key, a broken indent and an unknown tag are errors with a line', () => {
  assert.equal(flaw('seeds: [1]\nseeds: [2]\n').at.line, 2);
  assert.equal(flaw('seeds:\n  - 1\n - 2\n').at.line, 3);
  assert.equal(flaw('seeds:\n  - !secret 2\n').at.line, 2);
});

test('bytes that are not UTF-8 are an error, and so is a file that is not there', () => {
  assert.match(flaw(Uint8Array.of(0x73, 0xff)).message, /UTF-8/);
  assert.throws(() => readYaml(join(folder, 'absent.yaml'), schema), /absent\.yaml: no such file/);
});

test('anchors and aliases without end take no time: few aliases are read, many refused with the line', () => {
  const named = Array.from({ length: 20_000 }, (_, at) => `  - &a${at} ${at}`).join('\n');
  assert.equal(read(`seeds:\n${named}\npool: { size: *a7 }\n`).seeds.length, 20_000);
  const asked = Array.from({ length: 20_000 }, (_, at) => `  - *a${at}`).join('\n');
  const { message, at } = flaw(`seeds:\n${named}\n${asked}\n`);
  assert.match(message, /more than 1000 aliases/);
  assert.equal(at.line, 21_002);
});

test('a slip of the pen in YAML is told in plain words, with its line and what to do', () => {
  for (const [text, line, message] of [
    ['pool:\n  size: 3\n   of: 1\n', 2, /one space too many\?.*quotes/],
    ['pool:\n  size: 3: 4\n', 2, /quotes/],
    ['pool:\n  size 3\n  of: 1\n', 2, /no colon[\s\S]*`key: value`/],
    ['pool:\n  size:3\n  of: 1\n', 2, /space after the colon/],
    ['pool:\n\tsize: 3\n', 2, /tab[\s\S]*spaces/],
    ['seeds: [1]\nseeds: [2]\n', 2, /second time/],
    ['seeds: [1]\n---\nseeds: [2]\n', 2, /second document/],
  ] as const) {
    const { at, message: told } = flaw(text);
    assert.equal(at.line, line, told);
    assert.match(told, message);
  }
});
