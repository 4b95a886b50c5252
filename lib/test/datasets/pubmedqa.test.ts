import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { flawIn, loadFixture } from './fixture.js';

describe('PubMedQA', () => {
  const question = (QUESTION: string, final_decision: string, ...CONTEXTS: readonly string[]) => ({
    QUESTION,
    CONTEXTS,
    LONG_ANSWER: 'Tea does.',
    final_decision,
  });
  const questions = {
    '300': question('Does tea help?', 'yes', 'Mice were given tea.', ' They\nslept. '),
    '200': question('Does salt harm?', 'maybe', 'It was not measured.'),
    '1000': question('Is pepper hot?', 'no', 'Nobody sneezed.'),
  };
  const files = {
    'ori_pqal.json': JSON.stringify(questions),
    'test_ground_truth.json': '{"200": "maybe", "1000": "no"}',
  };

  test('the test is the questions listed for it, train all others; the long answer is not shown', async () => {
    assert.deepEqual(await loadFixture('pubmedqa/rows/train', files), [
      {
        id: 'pubmedqa:train:300',
        gold: 'yes',
        keys: { document: ['300'] },
        texts: { question: 'Does tea help?', context: 'Mice were given tea. They slept.' },
      },
    ]);
    assert.deepEqual(
      (await loadFixture('pubmedqa/rows/test', files)).map(({ id, gold }) => [id, gold]),
      [
        ['pubmedqa:test:200', 'maybe'],
        ['pubmedqa:test:1000', 'no'],
      ],
    );
  });

  const cases: readonly [string, Readonly<Record<string, string>>, string | undefined, RegExp][] = [
    [
      'an answer that is none',
      { ...files, 'ori_pqal.json': JSON.stringify({ ...questions, '300': question('Q?', 'Yes', 'C.') }) },
      'final_decision',
      /unknown label "Yes".*\n.*differs from "yes" in case/,
    ],
    [
      'a question without a context',
      { ...files, 'ori_pqal.json': JSON.stringify({ ...questions, '300': question('Q?', 'yes') }) },
      'CONTEXTS',
      /empty/,
    ],
    [
      'a question of the test that is not there',
      { ...files, 'test_ground_truth.json': '{"7": "no"}' },
      '7',
      /answer is no, in .*ori_pqal\.json it is not there/,
    ],
    [
      'an answer of the test that is another',
      { ...files, 'test_ground_truth.json': '{"200": "no"}' },
      '200',
      /answer is no, in .*ori_pqal\.json it is maybe/,
    ],
    [
      'a list of the test that is cut short',
      { ...files, 'test_ground_truth.json': '{"200": "no"' },
      undefined,
      /not JSON, the file may be cut short/,
    ],
    [
      'a list of the test without answers',
      { ...files, 'test_ground_truth.json': '{"200": 1}' },
      '200',
      /must be a text, and is /,
    ],
  ];
  for (const [what, changed, field, says] of cases) {
    test(`${what} is an error`, async () => {
      const flaw = await flawIn('pubmedqa/rows/test', changed);
      assert.equal(flaw.field, field);
      assert.match(flaw.message, says);
    });
  }
});
