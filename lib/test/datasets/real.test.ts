import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildHeader, loadBuild } from 'small-claims/datasets/builds';
import { type Grouping, sharedKeys } from 'small-claims/datasets/group';
import { split } from 'small-claims/datasets/split';
import { type Row, textOf } from 'small-claims/tasks/row';
import { shapeOf } from 'small-claims/tasks/shape-of';
import { findTask } from 'small-claims/tasks/task';
import { z } from 'zod';
import { LABELS } from '../metrics/labels.js';
import { expected } from '../reference/expected.js';
import { needs } from './releases.js';

const counts = (rows: readonly Row[]) => LABELS.map((l) => rows.filter(({ gold }) => gold === l).length);

describe('the SciFact release', needs('scifact/data.tar.gz'), () => {
  const sizes: readonly [`${string}/${string}`, number, number, number][] = [
    ['rationales/train', 616, 341, 304],
    ['rationales/dev', 216, 122, 112],
    ['abstracts/train', 370, 194, 355],
    ['abstracts/dev', 138, 71, 130],
    ...['abstract', 'first3', 'random', 'tfidf1', 'tfidf3'].flatMap(
      (way): [`${string}/${string}`, number, number, number][] => [
        [`nei-${way}/train`, 616, 341, 330],
        [`nei-${way}/dev`, 216, 122, 113],
      ],
    ),
  ];
  for (const [name, ...labels] of sizes) {
    test(`${name} has ${labels.join('/')} rows`, async () => {
      const rows = await loadBuild(`scifact/${name}`);
      assert.deepEqual(counts(rows), labels);
      const empty = rows.filter((row) => textOf(row, 'evidence') === '').length;
      assert.equal(
        empty,
        name.startsWith('rationales') ? labels[2] : 0,
        'evidence is empty for NEI rationales alone',
      );
    });
  }

  test('two claims of train are again in dev', async () => {
    const [train, dev] = [
      await loadBuild('scifact/rationales/train'),
      await loadBuild('scifact/rationales/dev'),
    ];
    assert.equal(sharedKeys(train, dev, 'claim').size, 2);
  });

  test('the sentences nearest to NEI claims are those scikit-learn finds', async () => {
    const { scifact } = expected(
      'nei_tfidf',
      z.object({ scifact: z.record(z.string(), z.array(z.array(z.number()))) }),
    );
    const found = new Map<string, (readonly number[])[]>();
    for (const name of ['nei-tfidf1', 'nei-tfidf3']) {
      for (const part of ['train', 'dev']) {
        for (const { id, gold, details } of await loadBuild(`scifact/${name}/${part}`)) {
          if (gold === 'NEI') found.set(id, [...(found.get(id) ?? []), details?.['rationale'] ?? []]);
        }
      }
    }
    assert.deepEqual(Object.fromEntries(found), scifact);
  });

  test('1,008 rows split off in proportion by row, claim, evidence and both', async () => {
    const rows = await loadBuild('scifact/rationales/train');
    const stratify = shapeOf(findTask('claim-verification'));
    for (const group of ['row', 'claim', 'evidence', 'all'] satisfies Grouping[]) {
      const { train, held } = split(rows, { size: 1008, seed: 0, stratify, group });
      assert.deepEqual(
        [counts(train), counts(held)],
        [
          [492, 273, 243],
          [124, 68, 61],
        ],
      );
    }
  });
});

for (const [part, ...labels] of [
  ['dev', 533, 391, 993],
  ['test', 671, 425, 727],
] as const) {
  test(
    `HealthVer ${part} has ${labels.join('/')} rows`,
    needs(`healthver/healthver_${part}.csv`),
    async () => {
      assert.deepEqual(counts(await loadBuild(`healthver/rows/${part}`)), labels);
    },
  );
}

test('HealthVer train has 10,590 rows', needs('healthver/healthver_train.csv'), async () => {
  assert.equal((await loadBuild('healthver/rows/train')).length, 10_590);
});

test('every file of the committed catalogue is pinned, so that headers need no data', () => {
  assert.match(
    buildHeader('healthver/rows/train').files['healthver/healthver_train.csv'] ?? '',
    /^[0-9a-f]{64}$/,
  );
});
