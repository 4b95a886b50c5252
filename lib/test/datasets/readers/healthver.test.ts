import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseHealthver } from 'small-claims/datasets/readers/healthver';
import { UserError } from 'small-claims/project/error';
import { healthverCsv } from '../fixture.js';

const path = '/releases/healthver_dev.csv';
const parse = (content: string | Uint8Array) => parseHealthver({ path, bytes: Buffer.from(content) });

test('rows are read with quotes undone, whitespace normalised and labels renamed', () => {
  assert.deepEqual(parse(healthverCsv), [
    {
      id: '11',
      claim: 'Tea lengthens sleep',
      evidence: 'Tea, it was found, lengthens sleep.',
      label: 'SUPPORT',
    },
    {
      id: '12',
      claim: 'Tea lengthens sleep',
      evidence: 'A "blind" trial found no effect.',
      label: 'CONTRADICT',
    },
    { id: '4', claim: 'Salt shortens sleep', evidence: 'Salt was not studied.', label: 'NEI' },
  ]);
});

test('columns may stand in another order, and others beside them', () => {
  assert.equal(parse('label,claim,extra,id,evidence\nNeutral,c,x,1,e\n')[0]?.evidence, 'e');
});

function flaw(content: string | Uint8Array): UserError {
  try {
    parse(content);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return assert.fail('the release was accepted');
}

describe('a malformed HealthVer release is one error that names file, line and field', () => {
  const [header = ''] = healthverCsv.split('\n');
  // The row with a line end inside a quoted cell makes the last begin on line 5.
  const cases: readonly [string, string | Uint8Array, number, string, RegExp][] = [
    [
      'unknown label',
      healthverCsv.replace('Neutral', 'neutral'),
      5,
      'label',
      /unknown label "neutral"; known are Supports/,
    ],
    [
      'missing column',
      healthverCsv.replace('evidence', 'proof'),
      1,
      'evidence',
      /no such column; the file has id, proof/,
    ],
    ['column twice', healthverCsv.replace('question', 'claim'), 1, 'claim', /twice/],
    ['duplicate id', healthverCsv.replace('\n4,', '\n11,'), 5, 'id', /row 11 is given twice/],
    ['empty claim', healthverCsv.replace('Salt shortens sleep', ' '), 5, 'claim', /empty/],
    ['empty evidence', healthverCsv.replace('Salt was not studied.', '""'), 5, 'evidence', /empty/],
    [
      'too few cells',
      healthverCsv.replace(',2,does salt harm?', ''),
      5,
      'topic_ip',
      /4 cells in a row under 6 columns/,
    ],
    ['too many cells', healthverCsv.replace('studied.', 'studied, at all.'), 5, 'question', /7 cells/],
    [
      'an open quote',
      `${healthverCsv}5,"Never closed,c,Neutral,1,q\n`,
      6,
      'evidence',
      /not CSV: Quote Not Closed/,
    ],
    [
      'a stray quote',
      healthverCsv.replace('was not', 'was "not"'),
      5,
      'evidence',
      /not CSV: Invalid Opening Quote/,
    ],
    ['a blank line', healthverCsv.replace('\n4,', '\n\n4,'), 5, 'evidence', /1 cells/],
    ['a byte order mark', `\ufeff${healthverCsv}`, 1, 'id', /byte order mark/],
    ['CR LF', healthverCsv.replaceAll('\n', '\r\n'), 1, 'question', /CR LF/],
    ['CR LF in one row', healthverCsv.replace('harm?\n', 'harm?\r\n'), 5, 'question', /CR LF/],
    [
      'not UTF-8',
      Buffer.from(healthverCsv.replace('Salt shortens', 'S\xe4lt shortens'), 'latin1'),
      5,
      'claim',
      /UTF-8/,
    ],
    ['a file of another kind', '<html></html>', 1, 'id', /no such column/],
    ['an empty file', '', 1, 'id', /no such column/],
  ];
  for (const [what, content, line, field, message] of cases) {
    test(what, () => {
      const error = flaw(content);
      assert.deepEqual(error.at, { file: path, line, field });
      assert.match(error.message, message);
    });
  }

  test('a header without rows is an error', () => {
    assert.match(flaw(`${header}\n`).message, /no rows/);
  });
});
