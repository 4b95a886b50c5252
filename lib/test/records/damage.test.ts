import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { answersTo } from 'small-claims/metrics/answers';
import { sha256 } from 'small-claims/project/digest';
import type { JsonObject } from 'small-claims/project/json';
import { projectPaths } from 'small-claims/project/paths';
import type { RecordHeader } from 'small-claims/records/header';
import type { Identified } from 'small-claims/records/row';
import { openRecords } from 'small-claims/records/store';
import { flawOf } from '../project/flaw.js';

const score = { id: 'a', logprobs: [-0.510826, -1.386294, -1.89712], mass: 0.9, promptTokens: 7 };
const generation = {
  id: 'a',
  answer: ['x'],
  outcome: 'answered',
  finish: 'stop',
  promptTokens: 3,
  completionTokens: 1,
  textSha256: sha256(''),
};
const facts = { id: 'a', label: 'yes', documentIds: ['1'], textWords: 3, textHash: '', overlap: 0.5 };
/** A whole row of each kind of record. */
const ROWS: Readonly<Record<RecordHeader['kind'], Identified & JsonObject>> = {
  run: score,
  baseline: { id: 'a', logprobs: score.logprobs },
  generation,
  epochs: { id: 'a', label: 'yes', logprobs: [score.logprobs, score.logprobs] },
  facts,
  transfer: { id: 'a', macroF1: 0.5, accuracy: 0.5 },
  floors: { id: 'a', by: 'row', draw: 1, floor: 'both', macroF1: 0.5 },
  audit: { id: 'a', result: { words: [{ p: 0.5, adjustedP: null }] } },
  repair: { id: 'a', remainder: { left: 0.1 } },
  trials: { id: 'a', rank: 8, trainingLosses: [1, null] },
};

async function recordOf(t: TestContext, kind: RecordHeader['kind']) {
  const root = mkdtempSync(join(tmpdir(), 'damage-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const paths = projectPaths(root);
  const header: RecordHeader = { kind, epochs: 2 };
  const rows = ['a', 'b', 'c'].map((id) => ({ ...ROWS[kind], id }));
  t.mock.method(process.stderr, 'write', () => true);
  const records = openRecords(paths);
  const { path } = await records.ensure({ header, name: 'some/record', compute: async () => rows });
  t.mock.restoreAll();
  const seals = join(paths.records, 'SHA256SUMS');
  return {
    path,
    seals,
    making: path.replace('.jsonl.gz', '.making.json'),
    find: () => records.find(header, 'some/record'),
    /** Writes the record anew, as by hand; `sealed` writes its seal anew too. */
    change(edit: (text: string) => string, sealed = false) {
      const bytes = gzipSync(edit(gunzipSync(readFileSync(path)).toString()));
      const before = sha256(readFileSync(path));
      writeFileSync(path, bytes);
      if (sealed) writeFileSync(seals, readFileSync(seals, 'utf8').replace(before, sha256(bytes)));
    },
  };
}

for (const kind of Object.keys(ROWS) as RecordHeader['kind'][]) {
  test(`a record of the kind ${kind} is read as it was made`, async (t) => {
    const { find } = await recordOf(t, kind);
    assert.equal(find()?.rows.length, 3);
  });
}

/** A change of the second row, and in which field it is found; a change that could be true is known by the seal alone. */
const CHANGES: readonly (readonly [RecordHeader['kind'], string, string, string | undefined])[] = [
  ['run', '"mass":0.9', '"mass":0.8', undefined],
  ['run', '-0.510826', '-0.510827', undefined],
  ['run', '"mass":0.9', '"mass":7', 'mass'],
  ['run', '"mass":0.9', '"mass":null', 'mass'],
  ['run', '"mass":0.9,', '', 'mass'],
  ['run', '"mass":0.9', '"mass":-0.1', 'mass'],
  ['run', '-0.510826', '0.510826', 'logprobs[0]'],
  ['run', '-0.510826', '-0.5', 'logprobs'],
  ['run', '-0.510826', '"-0.510826"', 'logprobs[0]'],
  ['run', '-0.510826', '-1e999', 'logprobs[0]'],
  ['run', '-0.510826', 'null', 'logprobs[0]'],
  ['run', '[-0.510826,-1.386294,-1.89712]', '[-0.693146,-0.693146]', 'logprobs'],
  ['run', '[-0.510826,-1.386294,-1.89712]', '{}', 'logprobs'],
  ['run', '"promptTokens":7', '"promptTokens":7.5', 'promptTokens'],
  ['baseline', '-0.510826', '0.1', 'logprobs[0]'],
  ['baseline', '"logprobs":[-0.510826,-1.386294,-1.89712]', '"answer":null', 'answer'],
  ['generation', '"answer":["x"]', '"answer":null', 'answer'],
  ['generation', '"answered"', '"guessed"', 'outcome'],
  ['generation', '"outcome":"answered"', '"outcome":"refused"', 'answer'],
  ['generation', '"completionTokens":1', '"completionTokens":-1', 'completionTokens'],
  ['generation', sha256(''), 'abc', 'textSha256'],
  ['epochs', '[[-0.510826,-1.386294,-1.89712],', '[', 'logprobs'],
  ['epochs', '-0.510826', '-0.1', 'logprobs[0]'],
  ['facts', '"textWords":3', '"textWords":-3', 'textWords'],
  ['facts', '"textWords":3', '"textWords":null', 'textWords'],
  ['facts', '"overlap":0.5', '"overlap":1.5', 'overlap'],
  ['facts', '"label":"yes"', '"label":"no"', undefined],
  ['transfer', '"accuracy":0.5', '"accuracy":null', 'accuracy'],
  ['audit', '"p":0.5', '"p":1e400', 'result.words[0].p'],
  ['repair', '"left":0.1', '"left":-1e999', 'remainder.left'],
];

for (const [kind, from, to, field] of CHANGES) {
  test(`a record in which ${from} was made ${to} by hand is refused by its name${field ? ', line and field' : ''}`, async (t) => {
    for (const sealed of field === undefined ? [false] : [false, true]) {
      const { find, change, path } = await recordOf(t, kind);
      change((text) => {
        const lines = text.split('\n');
        const changed = lines[2]?.replace(from, to) ?? '';
        assert.notEqual(changed, lines[2]);
        return lines.with(2, changed).join('\n');
      }, sealed);
      const { at, message } = flawOf(find);
      const there = field === undefined ? {} : { line: 3, field };
      assert.deepEqual(at, { file: path, ...there }, message);
    }
  });
}

test('rows that are too few, too many, or in another order are no record', async (t) => {
  const { find, change, path } = await recordOf(t, 'run');
  const whole = gunzipSync(readFileSync(path)).toString();
  const [head = '', ...rows] = whole.trimEnd().split('\n');
  const written = (...lines: readonly (string | undefined)[]) =>
    change(() => `${[head, ...lines].join('\n')}\n`, true);
  written(rows[0], rows[1]);
  assert.match(flawOf(find).message, /it has 2 rows, and was made with 3/);
  written(...rows, rows[0]?.replace('"a"', '"d"'));
  assert.match(flawOf(find).message, /it has 4 rows, and was made with 3/);
  written(rows[1], rows[0], rows[2]);
  const [build, found] = [[{ id: 'a' }, { id: 'b' }, { id: 'c' }], find()];
  assert.ok(found);
  const task = { shape: 'one-of', labels: ['yes', 'no', 'maybe'] } as const;
  const recorded = found.rows.map(({ id }) => ({ ...score, id }));
  const flaw = flawOf(() => answersTo(task, build, recorded, path));
  assert.deepEqual(flaw.at, { file: path, line: 2, field: 'id' });
});

test('a record without a seal is read, and one whose making was changed is not', async (t) => {
  const { find, change, seals, making } = await recordOf(t, 'run');
  writeFileSync(making, readFileSync(making, 'utf8').replace('"cores":', '"cores":1'));
  assert.equal(flawOf(find).at.file, making);
  writeFileSync(seals, '');
  assert.ok(find());
  change((text) => text.replace('"b"', '"a"'));
  assert.match(flawOf(find).message, /:3: id: .*"a" is there twice/);
});

test('what was noted at the making of a record is checked: moment, machine and milliseconds', async (t) => {
  const { find, seals, making } = await recordOf(t, 'run');
  writeFileSync(seals, '');
  const whole = JSON.parse(readFileSync(making, 'utf8'));
  for (const [changed, message] of [
    [{ milliseconds: [1, 2, -3] }, /milliseconds: must be/],
    [{ milliseconds: [1, 2, null] }, /milliseconds: must be/],
    [{ milliseconds: [1, 2] }, /it has 3 rows, and was made with 2/],
    [{ madeAt: 'yesterday' }, /madeAt/],
    [{ machine: { ...whole.machine, cores: -2 } }, /machine\.cores/],
    [{ machine: { ...whole.machine, memoryGiB: 'much' } }, /machine\.memoryGiB/],
  ] as const) {
    writeFileSync(making, JSON.stringify({ ...whole, ...changed }));
    assert.match(flawOf(find).message, message);
  }
});

test('a line of SHA256SUMS that is no seal is told, as a merge leaves it', async (t) => {
  const { find, seals } = await recordOf(t, 'run');
  const whole = readFileSync(seals, 'utf8');
  for (const [text, line] of [
    [`<<<<<<< HEAD\n${whole}`, 1],
    [`${whole}${whole.replaceAll(/^[0-9a-f]{4}/gm, '0000')}`, 3],
    [whole.replace(/^[0-9a-f]/, 'X'), 1],
    [whole.replace('\n', ' \0\n'), undefined],
  ] as const) {
    writeFileSync(seals, text);
    if (line === undefined) assert.ok(find());
    else assert.deepEqual(flawOf(find).at, { file: seals, line });
  }
  writeFileSync(seals, whole.replaceAll('\n', '\r\n'));
  assert.ok(find());
});

test('what was computed and can be no row is not sealed', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'damage-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  t.mock.method(process.stderr, 'write', () => true);
  const broken = { ...score, logprobs: [Number.NaN, 0, 0] };
  const request = { header: { kind: 'run' } as const, name: 'some/record', compute: async () => [broken] };
  await assert.rejects(
    openRecords(projectPaths(root)).ensure(request),
    /logprobs\[0\]: what was computed is no log-prob/,
  );
  assert.equal(openRecords(projectPaths(root)).find(request.header, request.name), undefined);
});
