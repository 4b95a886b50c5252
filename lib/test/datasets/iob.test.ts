import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseIob } from 'small-claims/datasets/formats/iob';
import { flawIn, loadFixture } from './fixture.js';

describe('tagged tokens', () => {
  const sentences = (text: string) => parseIob(Buffer.from(text), 'a.tsv');

  test('the NCBI disease corpus: a sentence a row, offsets in its tokens joined by one space', async () => {
    const release = 'Colon\tB-Disease\ncancer\tI-Disease\n,\tO\nasthma\tB-Disease\n\nNone\tO\n\n';
    assert.deepEqual(await loadFixture('ncbi-disease/rows/test', { 'test.tsv': release }), [
      {
        id: 'ncbi-disease:test:1',
        gold: [
          { type: 'Disease', start: 0, end: 12 },
          { type: 'Disease', start: 15, end: 21 },
        ],
        keys: {},
        texts: { text: 'Colon cancer , asthma' },
      },
      { id: 'ncbi-disease:test:2', gold: [], keys: {}, texts: { text: 'None' } },
    ]);
  });

  test('B begins a span beside another of its type, and a sentence without a line end counts', () => {
    const [first] = sentences('flu\tB-D\nflu\tB-D\nshot\tI-D');
    assert.deepEqual(first?.spans, [
      { type: 'D', start: 0, end: 3 },
      { type: 'D', start: 4, end: 12 },
    ]);
  });

  test('where no tag begins with B, spans are runs of one type; spaces part cells, and marks name documents', () => {
    const text =
      '-DOCSTART- (123)\n\nold NN O I-P\nmen NN O I-P\ntea NN O I-I\n\n\n-DOCSTART- (124)\n\nslept NN O O\n';
    assert.deepEqual(sentences(text), [
      {
        line: 3,
        text: 'old men tea',
        spans: [
          { type: 'P', start: 0, end: 7 },
          { type: 'I', start: 8, end: 11 },
        ],
        document: '123',
      },
      { line: 10, text: 'slept', spans: [], document: '124' },
    ]);
    assert.deepEqual(
      sentences('-DOCSTART-\tO\n\na\tO\n\nb\tO\n\n-DOCSTART-\tO\n\nc\tO\n').map(({ document }) => document),
      ['1', '1', '2'],
    );
  });

  const cases: readonly [string, string, number, string, RegExp][] = [
    ['a token without a tag', 'flu\tB-Disease\nshot\n', 2, 'tag', /no tag/],
    ['a tag of another scheme', 'flu\tS-Disease\n', 1, 'tag', /"S-Disease" is no tag/],
    [
      'a span that goes on without having begun',
      'a\tO\nflu\tI-Disease\nb\tB-Disease\n',
      2,
      'tag',
      /I-Disease continues no Disease/,
    ],
    ['a tag without a token', 'a\tO\n\tO\n', 2, 'token', /empty/],
    [
      'a type that the task has not',
      'a\tO\n\nflu\tB-disease\n',
      3,
      'tag',
      /unknown type "disease".*\n.*differs from "Disease" in case/,
    ],
    ['CR LF', 'a\tO\r\nb\tO\r\n', 1, 'tag', /CR LF/],
    ['no sentence', '\n\n', 1, 'token', /no sentence/],
  ];
  for (const [what, content, line, field, says] of cases) {
    test(`${what} is an error that names file, line and cell`, async () => {
      const flaw = await flawIn('ncbi-disease/rows/test', { 'test.tsv': content });
      assert.deepEqual([flaw.file, flaw.line, flaw.field], ['test.tsv', line, field]);
      assert.match(flaw.message, says);
    });
  }
});
