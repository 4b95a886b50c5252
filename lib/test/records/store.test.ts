import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson } from 'small-claims/project/digest';
import { UserError } from 'small-claims/project/error';
import { projectPaths } from 'small-claims/project/paths';
import { headerChanges, type RecordHeader, recordKey } from 'small-claims/records/header';
import { PartialRecord } from 'small-claims/records/partial';
import { headerOf, listRecords, openRecords } from 'small-claims/records/store';

interface Row {
  readonly id: string;
  readonly value: number;
}

const header: RecordHeader = { kind: 'run', model: { id: 'tiny', sha256: 'aa' }, prompt: { sha256: 'bb' } };
const rows: readonly Row[] = Array.from({ length: 20 }, (_, i) => ({ id: `row-${i}`, value: i / 3 }));

function scratch(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'records-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const paths = projectPaths(root);
  const stem = join(paths.records, `runs/tiny.${recordKey(header).slice(0, 12)}`);
  return { paths, stem, records: openRecords(paths) };
}

/** Computes what is missing, counting; dies after `limit` rows as a killed process would. */
function counting(limit = Number.POSITIVE_INFINITY) {
  const computed: string[] = [];
  const compute = async (partial: PartialRecord<Row>) => {
    for (const row of rows) {
      if (partial.rows.has(row.id)) continue;
      if (computed.length >= limit) throw new Error('killed');
      computed.push(row.id);
      partial.append(row, 1.25);
    }
    return rows;
  };
  return { computed, compute };
}

test('a record is computed once and replayed ever after', async (t) => {
  const { records } = scratch(t);
  const work = counting();
  const first = await records.ensure({ header, name: 'runs/tiny', compute: work.compute });
  const second = await records.ensure({ header, name: 'runs/tiny', compute: work.compute });
  assert.equal(first.origin, 'computed');
  assert.equal(second.origin, 'replayed');
  assert.equal(work.computed.length, rows.length);
  assert.deepEqual(second.rows, rows);
  assert.equal(second.sha256, first.sha256);
});

test('an interrupted record goes on where it stopped, and ends with the same bytes', async (t) => {
  const whole = scratch(t);
  await whole.records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  const { records, stem } = scratch(t);
  const first = counting(7);
  await assert.rejects(records.ensure({ header, name: 'runs/tiny', compute: first.compute }), /killed/);
  appendFileSync(`${stem}.jsonl`, '{"row":{"id":"row-7","val');
  const second = counting();
  await records.ensure({ header, name: 'runs/tiny', compute: second.compute });
  assert.deepEqual(
    [...first.computed, ...second.computed],
    rows.map(({ id }) => id),
  );
  assert.deepEqual(readFileSync(`${stem}.jsonl.gz`), readFileSync(`${whole.stem}.jsonl.gz`));
  assert.equal(existsSync(`${stem}.jsonl`), false);
});

test('the bytes of a record depend on its header and rows alone, not on when or how fast it was made', async (t) => {
  const { records, stem } = scratch(t);
  await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  const text = gunzipSync(readFileSync(`${stem}.jsonl.gz`)).toString();
  assert.equal(text, [canonicalJson(header), ...rows.map((row) => JSON.stringify(row)), ''].join('\n'));
  const making = JSON.parse(readFileSync(`${stem}.making.json`, 'utf8'));
  assert.deepEqual(
    making.milliseconds,
    rows.map(() => 1.3),
  );
});

test('two processes that want the same record compute it once', async (t) => {
  const { records, paths } = scratch(t);
  const [one, two] = [counting(), counting()];
  await Promise.all([
    records.ensure({ header, name: 'runs/tiny', compute: one.compute }),
    openRecords(paths).ensure({ header, name: 'runs/tiny', compute: two.compute }),
  ]);
  assert.equal(one.computed.length + two.computed.length, rows.length);
});

test('a changed prompt is another record, and what changed is said', async (t) => {
  const { records, paths } = scratch(t);
  const changed: RecordHeader = { ...header, prompt: { sha256: 'cc' } };
  await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  const said: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => said.push(text) > 0);
  await records.ensure({ header: changed, name: 'runs/tiny', compute: counting().compute });
  t.mock.restoreAll();
  assert.deepEqual(said, ['runs/tiny: computing, because this changed: prompt.sha256: "bb" -> "cc"\n']);
  assert.equal(listRecords(paths.records).length, 2);
});

test('header changes name the field, also one that is new or gone', () => {
  assert.deepEqual(headerChanges({ a: 1, b: { c: 2 } }, { a: 1, b: { d: 3 } }), [
    'b.c: 2 -> null',
    'b.d: null -> 3',
  ]);
});

test('equal headers have equal keys whatever the order of their fields', () => {
  assert.equal(
    recordKey({ kind: 'run', a: 1, b: { c: 1, d: 2 } }),
    recordKey({ b: { d: 2, c: 1 }, a: 1, kind: 'run' }),
  );
  assert.notEqual(recordKey({ kind: 'run', a: 1 }), recordKey({ kind: 'run', a: 2 }));
});

test('a damaged record is refused, naming file and line, and is not computed over', async (t) => {
  const { records, stem } = scratch(t);
  await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  const file = `${stem}.jsonl.gz`;
  const text = gunzipSync(readFileSync(file)).toString();
  const broken = (content: Uint8Array, expected: RegExp) => {
    writeFileSync(file, content);
    assert.throws(
      () => records.find(header, 'runs/tiny'),
      (error) => error instanceof UserError && expected.test(error.message),
    );
  };
  broken(gzipSync(text.replace('"row-3"', 'row-3')), /jsonl\.gz:5: .*not JSON/);
  broken(gzipSync(text.replace('"aa"', '"ab"')), /jsonl\.gz:1: .*header/);
  broken(readFileSync(file).subarray(0, 40), /cannot be decompressed/);
});

test('an unfinished record with another header, or a damaged line in its middle, is refused', (t) => {
  const { stem } = scratch(t);
  const path = `${stem}.jsonl`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${canonicalJson({ kind: 'run' })}\n`);
  assert.throws(() => new PartialRecord<Row>(path, header), /:1: this unfinished record has another header/);
  writeFileSync(path, `${canonicalJson(header)}\nnot json\n{"row":{"id":"a","value":1},"milliseconds":1}\n`);
  assert.throws(() => new PartialRecord<Row>(path, header), /:2: a damaged line/);
});

test('an unfinished record whose very header was torn starts again', (t) => {
  const { stem } = scratch(t);
  const path = `${stem}.jsonl`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, canonicalJson(header).slice(0, 9));
  const partial = new PartialRecord<Row>(path, header);
  partial.append({ id: 'a', value: 1 }, 0);
  partial.close();
  const again = new PartialRecord<Row>(path, header);
  assert.deepEqual([...again.rows.keys()], ['a']);
  again.close();
});

test('the header can be read without the rows', async (t) => {
  const { records, stem, paths } = scratch(t);
  await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  assert.deepEqual(headerOf(`${stem}.jsonl.gz`), JSON.parse(canonicalJson(header)));
  assert.deepEqual(readdirSync(join(paths.records, 'runs')).length, 2);
});

test('two rows with one id are a mistake of the code and nothing is sealed', async (t) => {
  const { records, stem } = scratch(t);
  const twice = async () => [rows[0], rows[0]].flatMap((row) => row ?? []);
  await assert.rejects(records.ensure({ header, name: 'runs/tiny', compute: twice }), /share an id/);
  assert.equal(existsSync(`${stem}.jsonl.gz`), false);
});
