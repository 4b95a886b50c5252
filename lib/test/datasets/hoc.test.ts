import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flawIn, loadFixture } from './fixture.js';

describe('Hallmarks of Cancer', () => {
  const flags = (...on: readonly number[]) =>
    Array.from({ length: 10 }, (_, at) => `${at}_${on.includes(at) ? 1 : 0}`).join(',');
  const tsv = (...rows: readonly (readonly [string, string, string])[]) =>
    ['labels\tsentence\tindex', ...rows.map((row) => row.join('\t')), ''].join('\n');
  const release = tsv(
    [flags(), '" Tea " was given .', '11_s0'],
    [flags(7, 1), 'Cells died  , or were eaten .', '11_s1'],
    [flags(6), 'Vessels grew .', '5_s0'],
    [flags(7), 'Some lived .', '11_s2'],
  );

  test('a sentence has the hallmarks whose flags are up, in the task’s order', async () => {
    const rows = await loadFixture('hoc/sentences/dev', { 'dev.tsv': release });
    assert.deepEqual(rows[1], {
      id: 'hoc:dev:11_s1',
      gold: ['avoiding immune destruction', 'resisting cell death'],
      keys: { document: ['11'] },
      texts: { text: 'Cells died , or were eaten .' },
    });
    assert.deepEqual(
      rows.map(({ id, gold }) => [id, gold]),
      [
        ['hoc:dev:11_s0', []],
        ['hoc:dev:11_s1', ['avoiding immune destruction', 'resisting cell death']],
        ['hoc:dev:5_s0', ['inducing angiogenesis']],
        ['hoc:dev:11_s2', ['resisting cell death']],
      ],
    );
  });

  test('an abstract is a document’s sentences in order, with the hallmarks of all', async () => {
    assert.deepEqual(await loadFixture('hoc/abstracts/dev', { 'dev.tsv': release }), [
      {
        id: 'hoc:dev:11',
        gold: ['avoiding immune destruction', 'resisting cell death'],
        keys: { document: ['11'] },
        texts: { text: '" Tea " was given . Cells died , or were eaten . Some lived .' },
      },
      {
        id: 'hoc:dev:5',
        gold: ['inducing angiogenesis'],
        keys: { document: ['5'] },
        texts: { text: 'Vessels grew .' },
      },
    ]);
  });

  const cases: readonly [string, string, number, string, RegExp][] = [
    [
      'flags out of order',
      release.replace('0_0,1_0', '1_0,0_0'),
      2,
      'labels',
      /are not the flags 0_0 to 9_1/,
    ],
    ['a flag too few', release.replace('9_0\tVessels', '\tVessels'), 4, 'labels', /are not the flags/],
    [
      'a sentence that is missing',
      release.replace('11_s1', '11_s2'),
      3,
      'index',
      /"11_s2" is not sentence 1 of its document/,
    ],
    ['an index of another form', release.replace('5_s0', '5'), 4, 'index', /"5" is not sentence 0/],
    ['an empty sentence', release.replace('Vessels grew .', ' '), 4, 'sentence', /empty/],
    [
      'other columns',
      release.replace('sentence', 'text'),
      1,
      'labels',
      /the columns are labels, text, index/,
    ],
    ['a cell too many', release.replace('Vessels', 'Vessels\t'), 4, '', /4 cells in a row under 3 columns/],
  ];
  for (const [what, content, line, field, says] of cases) {
    test(`${what} is an error that names file, line and column`, async () => {
      const flaw = await flawIn('hoc/sentences/dev', { 'dev.tsv': content });
      assert.deepEqual([flaw.file, flaw.line, flaw.field ?? ''], ['dev.tsv', line, field]);
      assert.match(flaw.message, says);
    });
  }
});
