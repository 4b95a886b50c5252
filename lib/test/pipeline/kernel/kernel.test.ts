import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Kernel, startKernel } from 'small-claims/pipeline/kernel/kernel';
import { completeText } from 'small-claims/pipeline/kernel/language';
import { type CellPlace, placeOf } from 'small-claims/pipeline/notebook/failure';
import { scratchProject } from '../scratch-project.js';

const FAILING: readonly {
  readonly what: string;
  /** Cells to run before it; it is the second where there is one. */
  readonly before?: string;
  readonly cell: string;
  readonly line?: number;
  readonly message: RegExp;
}[] = [
  {
    what: 'throws',
    cell: 'interface Gone {\n  x: 1;\n}\n\nthrow new RangeError("small");',
    line: 5,
    message: /RangeError: small/,
  },
  {
    what: 'calls a function of an earlier cell that throws',
    before: 'type Gone = 1;\nfunction deep() {\n  throw new Error("deep down");\n}',
    cell: '// once\n\ndeep();',
    line: 3,
    message: /^Error: deep down\n {4}at deep \(cell \[\d+\]:3:9\)\n {4}at cell \[\d+\]:3:1$/,
  },
  {
    what: 'throws after an await',
    cell: 'type Gone = 1;\nawait 1;\nJSON.parse("{");',
    line: 3,
    message: /SyntaxError/,
  },
  { what: 'throws what is no error', cell: 'throw "just text";', message: /^just text$/ },
  {
    what: 'does not compile',
    cell: 'const a = 1;\na.foo();',
    line: 2,
    message: /^2:3 - Property 'foo' does not exist/,
  },
  { what: 'is not TypeScript', cell: 'const = ;', line: 1, message: /expected/ },
  {
    what: 'rejects and nobody handles it',
    cell: 'const b = 1;\nvoid Promise.reject(new Error("nobody"));',
    line: 2,
    message: /nobody/,
  },
  {
    what: 'throws in a callback after its end',
    cell: 'setTimeout(() => {\n  throw new Error("late");\n}, 50);',
    line: 2,
    message: /late/,
  },
  { what: 'writes an error', cell: 'console.error("this is wrong");', message: /^this is wrong$/ },
  {
    what: 'makes a mistake of the user’s',
    cell: "class UserError extends Error {\n  override name = 'UserError';\n}\nthrow new UserError('no file\\n  Fetch it.');",
    line: 4,
    message: /^no file\n {2}Fetch it\.\n {4}at cell \[\d+\]:4:7$/,
  },
];

const SETTLE_MS = 1000;
const run = (kernel: Kernel, code: string) => kernel.execute(code, SETTLE_MS, () => {});

test('a kernel reports what goes wrong in a cell, and where in its TypeScript', async (t) => {
  const kernel = await startKernel({ folder: scratchProject(t).notebooks, environment: {} });
  t.after(() => kernel.stop('the test has ended'));
  let count = 0;
  for (const { what, before, cell, line, message } of FAILING) {
    await t.test(`a cell that ${what}`, async () => {
      if (before !== undefined) {
        assert.deepEqual(await run(kernel, before), { status: 'ok', errors: [], unfinished: [] });
        count++;
      }
      const { errors } = await run(kernel, cell);
      count++;
      assert.match(errors[0] ?? '', message);
      const place: CellPlace = line === undefined ? { cell: count } : { cell: count, line };
      assert.deepEqual(placeOf(errors[0] ?? '', count), place);
    });
  }
});

test('a kernel reports no failure where there is none', async (t) => {
  const paths = scratchProject(t);
  const kernel = await startKernel({ folder: paths.notebooks, environment: { NAME: 'trial' } });
  t.after(() => kernel.stop('the test has ended'));
  const fine = { status: 'ok', errors: [], unfinished: [] };

  await t.test('in warnings, which it shows without anything that changes from run to run', async () => {
    let text = '';
    const warn = "console.warn('careful');\nprocess.stderr.write('hm\\n');\nprocess.emitWarning('old');";
    const outcome = await kernel.execute(warn, SETTLE_MS, ({ content }) => {
      if (content['name'] === 'stderr') text += content['text'];
    });
    assert.deepEqual(outcome, fine);
    assert.equal(text, 'careful\nhm\nWarning: old\n');
  });

  await t.test('in a name declared anew in a later cell, and a top-level await', async () => {
    assert.deepEqual(await run(kernel, 'const a = [3, 1, 2];'), fine);
    assert.deepEqual(await run(kernel, "const a = await Promise.resolve('text');"), fine);
    assert.deepEqual(await run(kernel, 'a.length;'), fine);
  });

  await t.test('in work that ends soon after the cell, whose output it still hears', async () => {
    const lines: unknown[] = [];
    const outcome = await kernel.execute(
      "setTimeout(() => console.log('soon'), 60);\n0;",
      SETTLE_MS,
      ({ content }) => lines.push(content['text']),
    );
    assert.deepEqual(outcome, fine);
    assert.deepEqual(lines, ['0\n', 'soon\n']);
  });

  await t.test('in printing much in one go, of which nothing is lost', async () => {
    let text = '';
    const outcome = await kernel.execute(
      "for (let i = 0; i < 5000; i++) console.log('line ' + i);",
      SETTLE_MS,
      ({ content }) => {
        text += content['text'];
      },
    );
    assert.deepEqual(outcome, fine);
    assert.equal(text.trimEnd().split('\n').length, 5000);
  });

  await t.test('in packages that are installed anew while a cell runs', async () => {
    const folder = join(paths.root, 'node_modules', 'pack');
    const install = (version: string) => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ name: 'pack', version, types: 'one.d.ts' }),
      );
      writeFileSync(join(folder, 'one.d.ts'), `export * from './two';\n// ${version}\n`);
      writeFileSync(join(folder, 'two.d.ts'), `export interface Thing { version: '${version}' }\n`);
      writeFileSync(join(folder, 'index.js'), '');
    };
    install('1');
    assert.deepEqual(await run(kernel, "import type { Thing } from 'pack';\nlet thing: Thing;"), fine);
    install('2');
    // Longer than TypeScript's files are polled for changes.
    assert.deepEqual(await run(kernel, 'await new Promise((resolve) => setTimeout(resolve, 1500));'), fine);
    assert.deepEqual(await run(kernel, "import type { Thing } from 'pack';\nlet thing: Thing;"), fine);
  });
});

test('a cell that throws keeps what it and the cells before it declared, and not what it did not come to', async (t) => {
  const kernel = await startKernel({ folder: scratchProject(t).notebooks, environment: {} });
  t.after(() => kernel.stop('the test has ended'));
  const fine = { status: 'ok', errors: [], unfinished: [] };
  assert.deepEqual(await run(kernel, 'let unset: string | undefined;\nconst kept = 1;'), fine);
  const throwing =
    'const a = 2;\nfunction f() {\n  return a + 1;\n}\nawait null;\nthrow new Error("no");\nconst b = 3;';
  assert.match((await run(kernel, throwing)).errors[0] ?? '', /^Error: no/);
  assert.deepEqual(await run(kernel, 'if (kept + f() !== 4 || unset) throw new Error("lost");'), fine);
  assert.match((await run(kernel, 'b')).errors[0] ?? '', /Cannot find name 'b'/);
  assert.deepEqual(await run(kernel, 'a.toFixed();\nconst c = a;'), fine);
  assert.match(
    (await run(kernel, 'c.nothing')).errors[0] ?? '',
    /does not exist on type 'number'|on type '2'/,
  );
});

test('an interrupted cell ends within two seconds, keeps its rows, and leaves a kernel that goes on', async (t) => {
  const paths = scratchProject(t);
  const kernel = await startKernel({ folder: paths.notebooks, environment: {} });
  t.after(() => kernel.stop('the test has ended'));
  const declare = `const { openRecords } = require('small-claims/records/store');
import { setTimeout as pause } from 'node:timers/promises';
const made: string[] = [];
const slow = () =>
  openRecords().ensure({
    header: { kind: 'slow' },
    name: 'trial/slow',
    async compute(partial: any) {
      for (let row = 0; row < 40; row++) {
        if (partial.rows.has(String(row))) continue;
        await pause(50);
        made.push(String(row));
        partial.append({ id: String(row) }, 50);
      }
      return [...partial.rows.values()].map(({ row }: any) => row);
    },
  });`;
  assert.deepEqual((await run(kernel, declare)).errors, []);
  let text = '';
  const listen = (code: string) =>
    kernel.execute(code, SETTLE_MS, ({ content }) => {
      text += content['text'] ?? '';
    });
  const first = listen('await slow();');
  await new Promise((resolve) => setTimeout(resolve, 700));
  const asked = performance.now();
  process.kill(kernel.pid, 'SIGINT');
  const { errors } = await first;
  assert.ok(performance.now() - asked < 2000);
  const kept = Number(/interrupted; (\d+) rows are kept in .*run it again/.exec(errors[0] ?? '')?.[1]);
  assert.ok(kept > 0 && kept < 40, errors[0]);
  text = '';
  assert.deepEqual(
    (
      await listen(
        "const { rows } = await slow();\nconsole.log('all', rows.length, 'made', new Set(made).size, made.length);",
      )
    ).errors,
    [],
  );
  assert.match(text, /going on where an earlier run stopped/);
  assert.match(text, /all 40 made 40 40/);
  assert.doesNotMatch(text, /waiting/);
});

for (const [what, cell] of [
  ['awaits what has nothing to do with us', 'await new Promise((resolve) => setTimeout(resolve, 60_000));'],
  ['computes without a pause', 'for (;;) {}'],
])
  test(`a cell that ${what} ends within two seconds where it is interrupted`, async (t) => {
    const kernel = await startKernel({ folder: scratchProject(t).notebooks, environment: {} });
    t.after(() => kernel.stop('the test has ended'));
    const ended = kernel.execute(cell ?? '', 0, () => {});
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const asked = performance.now();
    process.kill(kernel.pid, 'SIGINT');
    assert.match((await ended).errors[0] ?? '', /^interrupted; what was finished is kept/);
    assert.ok(performance.now() - asked < 2000);
    assert.deepEqual((await run(kernel, 'const x = 1;')).errors, []);
  });

test('a cell imports what awaits at its top level, and uses arrays as Node has them', async (t) => {
  const kernel = await startKernel({ folder: scratchProject(t).notebooks, environment: {} });
  t.after(() => kernel.stop('the test has ended'));
  const fine = { status: 'ok', errors: [], unfinished: [] };
  const cell =
    "const vega = await import('vega');\nif (typeof vega.parse !== 'function') throw new Error('not loaded');";
  assert.deepEqual(await run(kernel, cell), fine);
  assert.deepEqual(
    await run(kernel, 'const sorted = [2, 1].toSorted();\nsorted.findLast((each) => each > 1);'),
    fine,
  );
  assert.match(
    (await run(kernel, "import { parse } from 'vega';\nparse;")).errors[0] ?? '',
    /await import\('package'\)/,
  );
});

test('a text in quotation marks is completed by what the project has, and by what TypeScript knows may stand there', () => {
  const complete = (code: string, own: readonly string[] = []) => completeText(code, code.length, own);
  const builds = complete("await buildFacts('scifact/rationales/");
  assert.deepEqual(builds?.candidates, ['scifact/rationales/train', 'scifact/rationales/dev']);
  assert.equal(builds?.start, "await buildFacts('".length);
  assert.ok(complete('study.scores("smollm2')?.candidates.includes('smollm2-135m-instruct'));
  assert.deepEqual(complete("f('a', 'one", ['one-of', 'two'])?.candidates.slice(0, 1), ['one-of']);
  assert.equal(complete("const x = 'done'; scor"), undefined);
});
