import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findTask } from 'small-claims';
import { confusion } from 'small-claims/metrics/confusion';
import { type Kernel, startKernel } from 'small-claims/pipeline/kernel/kernel';
import { confusionTable } from 'small-claims/pipeline/last-value/known-values';
import { rowsTable } from 'small-claims/pipeline/last-value/rows-table';
import { isObject } from 'small-claims/project/json';
import { z } from 'zod';
import { ROOT } from '../../docs/pages.js';
import { expected } from '../../reference/expected.js';

const reference = expected(
  'own_claims',
  z.object({
    rows: z.array(z.object({ gold: z.string().nullable(), prediction: z.string() })),
    confusion: z.array(z.array(z.number())),
  }),
);

test('a confusion matrix is that of scikit-learn, and rows without an answer are a column of their own', () => {
  const known = reference.rows.flatMap(({ gold, prediction }, index) =>
    gold === null ? [] : [{ id: `${index}`, gold, keys: {}, prediction }],
  );
  assert.ok(known.length > 40);
  const task = findTask('claim-verification');
  const answers = known.map(({ prediction }) => prediction);
  const found = confusion(task, known, answers);
  assert.deepEqual(
    found.counts,
    reference.confusion.map((line) => [...line, 0]),
  );
  assert.equal(confusionTable(found).columns.length, 5);
  const silent = confusion(
    task,
    known,
    answers.map(() => null),
  );
  assert.equal(confusionTable(silent).columns.at(-2)?.title, 'no answer');
  assert.throws(
    () =>
      confusion(
        task,
        known,
        answers.map(() => 'MAYBE'),
      ),
    /"MAYBE" is none of SUPPORT/,
  );
});

test('a table of rows has a column for each field of any row, texts and probabilities by their own names', () => {
  const { caption, columns, rows, notes } = rowsTable([
    { texts: { claim: 'a\nb', evidence: '' }, keys: { claim: ['1'] }, id: 'x', gold: 'NEI' },
    { id: 'y', gold: 'NEI', probabilities: { NEI: 0.25 }, count: 1200, late: undefined },
  ]);
  assert.equal(caption, '2 rows, 8 columns');
  assert.deepEqual(
    columns.map(({ title }) => title),
    ['id', 'gold', 'claim', 'evidence', 'NEI', 'count', 'late', 'keys.claim'],
  );
  assert.deepEqual(rows, [
    ['x', 'NEI', 'a b', '', '—', '—', '—', '1'],
    ['y', 'NEI', '—', '—', '0.250', '1,200', '—', '—'],
  ]);
  assert.deepEqual(notes, []);
});

test('a table of many rows shows the first and says so, and a long or hostile text is cut and harmless', () => {
  const long = `\u001b[31m${'x'.repeat(1000)}`;
  const { rows, notes = [] } = rowsTable(Array.from({ length: 450 }, () => ({ long })));
  assert.equal(rows.length, 20);
  assert.match(notes[0] ?? '', /first 20 rows/);
  assert.match(String(rows[0]), /^\\u001b\[31mx+…$/);
});

interface Shown {
  readonly mimes: readonly string[];
  readonly html: string;
  readonly text: string;
}

async function shownBy(kernel: Kernel, cell: string): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  const { errors } = await kernel.execute(cell, 2000, ({ type, content }) => {
    const data = isObject(content['data']) ? content['data'] : {};
    if (type === 'display_data')
      shown.push({
        mimes: Object.keys(data),
        html: String(data['text/html']),
        text: String(data['text/plain'] ?? content['text']),
      });
    if (type === 'stream') shown.push({ mimes: [], html: '', text: String(content['text']) });
  });
  assert.deepEqual(errors, []);
  return shown;
}

const CHART =
  "({ data: { values: [{ n: 1, of: '<img>' }] }, mark: 'bar', encoding: { x: { field: 'n' }, y: { field: 'of' } } })";

test('the last value of a cell is shown as what it is', async (t) => {
  const kernel = await startKernel({ folder: ROOT, environment: {} });
  t.after(() => kernel.stop('the test has ended'));

  await t.test('rows as a table, whose text is no HTML', async () => {
    const [table] = await shownBy(kernel, "[{ id: '1', said: '<script>alert(1)</script>' }]");
    assert.deepEqual(table?.mimes, ['text/html', 'text/plain']);
    assert.match(table?.html ?? '', /<td style="text-align:left">&lt;script&gt;/);
    assert.match(table?.text ?? '', /^1 row, 2 columns\nid {2}said/);
  });

  await t.test('a run with gold, prediction and a probability of each label', async () => {
    const cell = `import { evaluate, openStudy, taskOf, answersTo, buildFacts, confusion, frame } from 'small-claims';
const run = await openStudy('small').scores('smollm2-135m-instruct', 'scifact/rationales/dev');
run`;
    const [table] = await shownBy(kernel, cell);
    assert.match(table?.text ?? '', /replayed\): 450 rows/);
    assert.match(table?.text ?? '', /^id +gold +prediction +right +SUPPORT +CONTRADICT +NEI/m);
  });

  await t.test('scores with their intervals, confusions and frames as tables', async () => {
    const [scores] = await shownBy(
      kernel,
      `const task = taskOf('scifact/rationales/dev');
const { rows } = await buildFacts('scifact/rationales/dev');
const answers = answersTo(task, rows, run.rows);
evaluate(task, rows, [answers])`,
    );
    assert.match(scores?.text ?? '', /macro-F1 +macro-f1 +\d\d\.\d +\d\d\.\d–\d\d\.\d/);
    const [matrix] = await shownBy(kernel, 'confusion(task, rows, answers)');
    assert.match(matrix?.text ?? '', /of 450 right\ngold +SUPPORT +CONTRADICT +NEI +rows/);
    const [table] = await shownBy(kernel, "await frame([{ label: '<b>', words: 2 }])");
    assert.match(table?.html ?? '', /&lt;b&gt;/);
    assert.match(table?.text ?? '', /^1 row, 2 columns/);
  });

  await t.test(
    'a specification in Vega-Lite as a chart that JupyterLab draws, and as a picture',
    async () => {
      const [chart] = await shownBy(kernel, CHART);
      assert.deepEqual(chart?.mimes, ['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain']);
      assert.equal(chart?.text, 'A chart of the kind bar: x is n, y is of');
    },
  );

  await t.test('and all else as Node prints it', async () => {
    assert.deepEqual(
      (await shownBy(kernel, "['a', 'b']")).map(({ text }) => text),
      ["[ 'a', 'b' ]\n"],
    );
    assert.deepEqual((await shownBy(kernel, 'undefined')).length, 0);
    assert.match((await shownBy(kernel, 'new Map([[1, 2]])'))[0]?.text ?? '', /^Map/);
    assert.match((await shownBy(kernel, 'Promise.resolve(1)'))[0]?.text ?? '', /write `await`/);
  });
});

test('a notebook that is run without a front end keeps a chart as a picture with its alternative text', async (t) => {
  const kernel = await startKernel({ folder: ROOT, environment: { SMALL_CLAIMS_NOTEBOOK: 'trial' } });
  t.after(() => kernel.stop('the test has ended'));
  const [chart] = await shownBy(kernel, CHART);
  assert.deepEqual(chart?.mimes, ['text/html', 'text/plain']);
  assert.match(chart?.html ?? '', /^<figure style="margin:0"><img alt="A chart of the kind bar: x is n/);
});

test('a misspelt mark is told with the nearest', async (t) => {
  const kernel = await startKernel({ folder: ROOT, environment: {} });
  t.after(() => kernel.stop('the test has ended'));
  const [told] = await shownBy(kernel, CHART.replace("mark: 'bar'", "mark: 'bra'"));
  assert.match(told?.text ?? '', /there is no mark "bra"\n {2}The nearest is "bar"/);
});
