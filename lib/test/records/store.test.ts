import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { canonicalJson, sha256 } from 'small-claims/project/digest';
import { UserError } from 'small-claims/project/error';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { headerChanges, type RecordHeader, recordKey } from 'small-claims/records/header';
import { PartialRecord } from 'small-claims/records/partial';
import { headerOf } from 'small-claims/records/record-file';
import { openRecords } from 'small-claims/records/store';
import { header } from './tiny.js';

interface Row {
  readonly id: string;
  readonly value: number;
}

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

test('what a notebook looked for in vain is noted, and then what it found', async (t) => {
  const { paths, stem, records } = scratch(t);
  process.env['SMALL_CLAIMS_OUT'] = join(paths.root, 'out');
  t.after(() => delete process.env['SMALL_CLAIMS_OUT']);
  const noted = () =>
    readFileSync(join(paths.root, 'out', 'inputs.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ path }) => path === relative(paths.root, `${stem}.jsonl.gz`))
      .map(({ sha256 }) => sha256);
  assert.equal(records.find(header, 'runs/tiny'), undefined);
  assert.deepEqual(noted(), ['missing']);
  const { path } = await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  assert.deepEqual(noted(), ['missing', sha256(readFileSync(path))]);
});

test('a record of which no row came leaves nothing behind, and does not claim to go on', async (t) => {
  const { stem, records } = scratch(t);
  const { compute } = counting(0);
  await assert.rejects(records.ensure({ header, name: 'runs/tiny', compute }), /killed/);
  assert.equal(existsSync(`${stem}.jsonl`), false);
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

const COMPUTE = fileURLToPath(new URL('./compute-record.js', import.meta.url));

/** Has a process of its own compute the record, noting each row it computes; gives the sealed bytes' hash. */
async function inProcess(t: TestContext, { root }: Paths): Promise<string> {
  const child = spawn(process.execPath, [COMPUTE, root], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill('SIGKILL'));
  const [said, complaints] = [child.stdout, child.stderr].map((stream) => {
    const chunks: string[] = [];
    stream.on('data', (chunk) => chunks.push(String(chunk)));
    return chunks;
  });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, complaints?.join(''));
  return said?.join('') ?? '';
}

const computedRows = ({ root }: Paths) =>
  readFileSync(join(root, 'computed.txt'), 'utf8').split('\n').slice(0, -1);

const TWELVE = Array.from({ length: 12 }, (_, i) => `row-${i}`);

test('three processes that want the same record compute each row once', async (t) => {
  const { paths } = scratch(t);
  const hashes = await Promise.all([inProcess(t, paths), inProcess(t, paths), inProcess(t, paths)]);
  assert.deepEqual(computedRows(paths), TWELVE);
  assert.match(hashes[0] ?? '', /^[0-9a-f]{64}$/);
  assert.equal(new Set(hashes).size, 1);
});

test('a full disk is said, corrupts nothing, and the record goes on from there when there is room', async (t) => {
  const whole = scratch(t);
  const expected = await inProcess(t, whole.paths);
  const { paths, stem } = scratch(t);
  // The system refuses to let any file grow beyond 512 bytes, in the middle of a row.
  const limited = ['-c', 'ulimit -f 1 && exec "$0" "$@"', process.execPath, COMPUTE, paths.root];
  const child = spawn('sh', limited, { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  child.stderr.on('data', (chunk) => said.push(String(chunk)));
  const [code] = await once(child, 'close');
  assert.equal(code, 1, said.join(''));
  assert.match(
    said.join(''),
    /tiny\.[0-9a-f]+\.jsonl: the record cannot be written[\s\S]*Make room on the disk/,
  );
  const kept = readFileSync(`${stem}.jsonl`, 'utf8').split('\n').length - 2;
  assert.ok(kept > 0 && kept < 12, `${kept} rows kept`);
  assert.equal(await inProcess(t, paths), expected);
  // Only the row that found no room is computed a second time.
  const torn = `row-${kept}`;
  assert.deepEqual(computedRows(paths), [...TWELVE.slice(0, kept), torn, ...TWELVE.slice(kept)]);
  assert.equal(existsSync(`${stem}.jsonl`), false);
});

test('a process that was asleep for long, and is not dead, keeps its record', async (t) => {
  const { paths, stem } = scratch(t);
  const first = inProcess(t, paths);
  const lock = `${stem}.lock`;
  while (!existsSync(join(paths.root, 'computed.txt'))) await pause(5);
  const longAgo = new Date(Date.now() - 200_000);
  utimesSync(lock, longAgo, longAgo);
  assert.equal(await inProcess(t, paths), await first);
  assert.deepEqual(computedRows(paths), TWELVE);
});

test('who loses the lock adds nothing more, waits for the other, and goes on from what is there', async (t) => {
  const { records, stem } = scratch(t);
  const computed: string[] = [];
  let lost = false;
  const compute = async (partial: PartialRecord<Row>) => {
    for (const row of rows) {
      if (partial.rows.has(row.id)) continue;
      if (computed.length === 7 && !lost) {
        lost = true;
        writeFileSync(`${stem}.lock`, '1 another-machine x 1\n');
        setTimeout(() => {
          assert.equal(readFileSync(`${stem}.jsonl`, 'utf8').split('\n').length, 1 + 7 + 1);
          rmSync(`${stem}.lock`);
        }, 300);
      }
      partial.append(row, 1);
      computed.push(row.id);
    }
    return rows;
  };
  const { rows: sealed } = await records.ensure({ header, name: 'runs/tiny', compute });
  assert.deepEqual(sealed, rows);
  assert.deepEqual(
    computed,
    rows.map(({ id }) => id),
  );
});

test('who loses the lock just before sealing replays what the other sealed', async (t) => {
  const other = scratch(t);
  await other.records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  const { records, stem } = scratch(t);
  const compute = async () => {
    for (const ending of ['.making.json', '.jsonl.gz']) cpSync(other.stem + ending, stem + ending);
    rmSync(`${stem}.jsonl`);
    rmSync(`${stem}.lock`);
    return [];
  };
  const { rows: sealed, origin } = await records.ensure({ header, name: 'runs/tiny', compute });
  assert.equal(origin, 'replayed');
  assert.deepEqual(sealed, rows);
});

test('a record says what its rows were computed on, and goes on there alone', async (t) => {
  const { records, stem } = scratch(t);
  const on = (device: string, limit?: number) => {
    const { compute } = counting(limit);
    return async (partial: PartialRecord<Row>) => {
      partial.computeOn(device);
      return compute(partial);
    };
  };
  const ensure = (compute: (partial: PartialRecord<Row>) => Promise<readonly Row[]>) =>
    records.ensure({ header, name: 'runs/tiny', compute });
  await assert.rejects(ensure(on('cuda', 3)), /killed/);
  await assert.rejects(ensure(on('cpu')), (error) => {
    return error instanceof UserError && /begun on "cuda"[\s\S]*remove the file/.test(error.message);
  });
  const { making } = await ensure(on('cuda'));
  assert.equal(making.machine.device, 'cuda');
  assert.doesNotMatch(gunzipSync(readFileSync(`${stem}.jsonl.gz`)).toString(), /cuda/);
});

test('what a kill between sealing and cleaning up left behind is removed', async (t) => {
  const { records, stem } = scratch(t);
  await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  writeFileSync(`${stem}.jsonl`, `${canonicalJson(header)}\n`);
  await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  assert.equal(existsSync(`${stem}.jsonl`), false);
});

test('every record of this project can be replayed', () => {
  const { records: folder } = projectPaths();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sealed = files.filter((file) => file.endsWith('.jsonl.gz'));
  for (const file of sealed) {
    const name = file.replace(/\.[0-9a-f]{12}\.jsonl\.gz$/, '');
    const record = openRecords().find(headerOf(join(folder, file)), name);
    assert.ok(record && record.rows.length > 0, file);
    assert.equal(record.making.milliseconds.length, record.rows.length, file);
  }
  assert.ok(sealed.length > 0);
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
  const sealed = readdirSync(join(paths.records, 'runs')).filter((file) => file.endsWith('.jsonl.gz'));
  assert.equal(sealed.length, 2);
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
  broken(gzipSync(text.replace(/{"id":"row-3".*/, 'null')), /jsonl\.gz:5: .*not a row/);
  broken(gzipSync(text.replace('"row-3"', '"row-2"')), /jsonl\.gz:5: .*"row-2" is there twice/);
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

test('a line of an unfinished record that is no row, or another row with the id of one, is refused', (t) => {
  const { stem } = scratch(t);
  const path = `${stem}.jsonl`;
  mkdirSync(dirname(path), { recursive: true });
  const open = (...lines: string[]) => {
    writeFileSync(path, [canonicalJson(header), ...lines, ''].join('\n'));
    const partial = new PartialRecord<Row>(path, header);
    partial.close();
    return [...partial.rows.values()];
  };
  const timed = (value: number, milliseconds: number) =>
    JSON.stringify({ row: { id: 'a', value }, milliseconds });
  for (const line of ['null', '{}', '{"row":null,"milliseconds":1}', '{"row":{"id":1},"milliseconds":1}']) {
    assert.throws(
      () => open(timed(1, 1), line),
      (error) => error instanceof UserError && /:3: a damaged line/.test(error.message),
    );
  }
  assert.throws(() => open(timed(1, 1), timed(2, 1)), /:3: another row with the id "a"/);
  assert.deepEqual(open(timed(1, 1), timed(1, 2)), [{ row: { id: 'a', value: 1 }, milliseconds: 1 }]);
});

test('a record whose making is missing or damaged is refused, saying what to do', async (t) => {
  const { records, stem } = scratch(t);
  await records.ensure({ header, name: 'runs/tiny', compute: counting().compute });
  const file = `${stem}.making.json`;
  const making = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...making, machine: { ...making.machine, cores: 'two' } }));
  assert.throws(() => records.find(header, 'runs/tiny'), /making\.json: .*machine\.cores: [\s\S]*Restore/);
  rmSync(file);
  assert.throws(() => records.find(header, 'runs/tiny'), UserError);
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
