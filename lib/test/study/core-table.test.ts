import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { readQuoted } from 'small-claims/reporting/quoted';
import { tableCells } from 'small-claims/reporting/table';
import { type CoreRow, coreRowsOf, onCommonSeeds, quotedRows } from 'small-claims/study/core-rows';
import { coreTable } from 'small-claims/study/core-table';
import { findTask } from 'small-claims/tasks/task';
import { labels } from '../metrics/labels.js';
import { claimFacts } from '../tasks/claim-row.js';

const task = findTask('claim-verification');
const gold = labels('SSCCNN');
const facts = {
  path: 'facts',
  sha256: 'f',
  rows: gold.map((label, index) => claimFacts(`${index}`, label, `${index}`)),
};
type SystemAnswers = Parameters<typeof coreRowsOf>[3][number];
const model = { id: 'tiny', title: 'Tiny' };

/** A system that answers with these labels: S, C, N, or r for a refusal, x for other words. Nothing: it has not been run. */
function answering(
  method: string,
  answers?: string,
  trained: { trainedOn?: string; entry?: string; seed?: number } = {},
): SystemAnswers {
  const rows = [...(answers ?? '')].map((answer, index) => {
    const [found = null] = 'SCN'.includes(answer) ? labels(answer) : [];
    const outcome = found ? 'answered' : answer === 'r' ? 'refused' : 'unparsable';
    return { id: `${index}`, answer: found, outcome } as const;
  });
  return {
    system: { model, method, ...trained },
    record: answers === undefined ? undefined : { path: answers, sha256: answers, rows },
  };
}
const rowsOf = (...all: SystemAnswers[]) => coreRowsOf(task, 'SciFact', facts, all);
const cells = (rows: readonly CoreRow[]) => {
  const { columns, rows: body } = coreTable(task, rows);
  const text = tableCells({ caption: '', columns, rows: body });
  return text.map((row) => Object.fromEntries(row.map(({ main }, i) => [columns[i]?.id, main])));
};

describe('the core table', () => {
  test('has a row for each model, method and training set, over its seeds', () => {
    const rows = rowsOf(
      answering('zero-shot', 'SSSSSS'),
      answering('QLoRA', 'SSCCNN', { trainedOn: 'SciFact', seed: 1 }),
      answering('QLoRA', 'SSCCNN', { trainedOn: 'HealthVer', seed: 1 }),
      answering('QLoRA', 'SSCCNS', { trainedOn: 'SciFact', seed: 2 }),
    );
    assert.deepEqual(
      rows.map(({ id, state }) => [id, state]),
      [
        ['tiny-zero-shot-on-scifact', 'run'],
        ['tiny-qlora-scifact-on-scifact', 'run'],
        ['tiny-qlora-healthver-on-scifact', 'run'],
      ],
    );
    const [, both] = rows;
    assert.ok(both?.state === 'run');
    assert.deepEqual(both.seeds, [1, 2]);
    assert.deepEqual(both.scores.variation('accuracy').bySeed, [1, 5 / 6]);
    assert.deepEqual(
      both.sources.map(({ path }) => path),
      ['facts', 'SSCCNN', 'SSCCNS'],
    );
    const [zeroShot, shown] = cells(rows);
    // Macro-F1 of the two seeds: 1, and the mean of 4/5, 1 and 2/3; their difference over the root of 2.
    assert.equal(zeroShot?.['seed-deviation'], '—');
    assert.deepEqual(
      [shown?.['seeds'], shown?.['accuracy'], shown?.['seed-deviation']],
      ['2', '91.7', '12.6'],
    );
  });

  test('keeps entries apart that differ in more than their seed, and takes no seed twice', () => {
    const rows = rowsOf(
      answering('QLoRA', 'SSCCNN', { trainedOn: 'SciFact', entry: 'small', seed: 1 }),
      answering('QLoRA', 'SSCCNS', { trainedOn: 'SciFact', entry: 'large', seed: 1 }),
    );
    assert.deepEqual(
      rows.map(({ id, trainedOn }) => [id, trainedOn]),
      [
        ['tiny-qlora-scifact-small-on-scifact', 'SciFact (small)'],
        ['tiny-qlora-scifact-large-on-scifact', 'SciFact (large)'],
      ],
    );
    const again = { trainedOn: 'SciFact', entry: 'small', seed: 1 };
    assert.throws(
      () => rowsOf(answering('QLoRA', 'SSCCNN', again), answering('QLoRA', 'SSCCNN', again)),
      /seed 1: the same system twice/,
    );
  });

  test('says "not run" where there is no record, and which seeds are missing', () => {
    const rows = rowsOf(
      answering('zero-shot'),
      answering('QLoRA', 'SSCCNN', { trainedOn: 'SciFact', seed: 1 }),
      answering('QLoRA', undefined, { trainedOn: 'SciFact', seed: 2 }),
    );
    // No column of unanswered rows where all were answered, and none of the test set where it is one.
    assert.deepEqual(
      coreTable(task, rows).columns.map(({ id }) => id),
      [
        ...['model', 'method', 'seeds', 'macro-f1', 'sampling-error', 'accuracy'],
        ...['f1-support', 'f1-contradict', 'f1-nei'],
      ],
    );
    // A label that nobody gets right has an F1 of 0, which is a score.
    assert.ok(
      coreTable(task, rowsOf(answering('zero-shot', 'SSSSSS'))).columns.some(({ id }) => id === 'f1-nei'),
    );
    assert.equal(coreTable(task, [...rows, ...quotedRows('HealthVer', readQuoted())]).columns[0]?.id, 'test');
    assert.deepEqual(
      cells(rows).map((row) => [row['seeds'], row['macro-f1'], row['accuracy']]),
      [
        ['—', 'not run', '—'],
        ['1', '100.0', '100.0'],
      ],
    );
    const { notes = [] } = coreTable(task, rows);
    assert.match(notes.join('\n'), /Not run: .*\nSeeds not run: 2 of Tiny QLoRA SciFact on SciFact\./s);
  });

  test('counts refusals and other words as wrong, and tells how many', () => {
    const rows = rowsOf(answering('zero-shot', 'SSrCNx'));
    assert.ok(rows[0]?.state === 'run');
    assert.deepEqual(
      [rows[0].refused, rows[0].unparsable, rows[0].scores.of('accuracy').number],
      [1, 1, 4 / 6],
    );
    assert.equal(cells(rows)[0]?.['unanswered'], '2');
    assert.match(coreTable(task, rows).notes?.join() ?? '', /1 refused, 1 without one of the labels/);
  });

  test('refuses a record of other rows', () => {
    assert.throws(() => rowsOf(answering('zero-shot', 'SSS')), /6 rows but answers to 3/);
  });

  test('shows a quoted figure as quoted, and none where the work has none', () => {
    const rows = quotedRows('SciFact', readQuoted());
    const shown = cells(rows).find((row) => row['model'] === 'Mistral-7B');
    assert.deepEqual([shown?.['method'], shown?.['macro-f1']], ['QLoRA on SciFact (quoted)', '88.4']);
    assert.ok(!coreTable(task, rows).columns.some(({ id }) => id === 'accuracy'));
    assert.ok(
      rows.every(({ state, sources }) => state === 'quoted' && sources[0]?.path.endsWith('quoted.yaml')),
    );
    // A difference of 2.8 points is not a score.
    assert.ok(cells(rows).every((row) => row['macro-f1'] !== '2.8'));
  });
});

test('a mistake in the quoted figures names file, line and field', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'quoted-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const paths = projectPaths(root);
  mkdirSync(dirname(paths.quotedFile), { recursive: true });
  const figure = '    - { id: a, measure: macro-F1, value: 88.4, unit: percent }\n';
  const read = (figures: string) => {
    writeFileSync(
      paths.quotedFile,
      `work:\n  title: A\n  source: https://example.org\n  figures:\n${figures}`,
    );
    return readQuoted(paths);
  };
  assert.equal(read(figure).figures[0]?.work, 'work');
  assert.throws(() => read(figure.replace('measure', 'mesure')), /quoted\.yaml:5: .*unknown key "mesure"/);
  assert.throws(() => read(figure.replace('88.4', '"88.4"')), /quoted\.yaml:5: work\.figures\[0\]\.value/);
  assert.throws(() => read(figure + figure), /holds an id twice/);
});

test('systems are compared with the seeds that both were run with', () => {
  const trained = (trainedOn: string, ...seeds: readonly (readonly [number, string])[]) => {
    const [row] = rowsOf(...seeds.map(([seed, said]) => answering('QLoRA', said, { trainedOn, seed })));
    return row?.state === 'run' ? row : assert.fail('not run');
  };
  const [asItIs] = rowsOf(answering('zero-shot', 'SSSSSS'));
  assert.ok(asItIs?.state === 'run');
  const here = trained('SciFact', [1, 'SSCCNN'], [2, 'SSCCNS'], [3, 'SSCCSS']);
  const there = trained('HealthVer', [3, 'NNNNNN'], [1, 'CCCCCC']);
  assert.deepEqual(onCommonSeeds(here, there), [
    ['SSCCNN', 'SSCCSS'].map(labels),
    ['CCCCCC', 'NNNNNN'].map(labels),
  ]);
  assert.deepEqual(onCommonSeeds(here, asItIs), [here.predicted, asItIs.predicted]);
  assert.equal(onCommonSeeds(there, trained('SciFact', [2, 'SSSSSS'])), undefined);
});
