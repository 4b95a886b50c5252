import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readingOf } from 'small-claims/scoring/generation';

const written = (read: number, unparsable: number, more: object = {}) => [
  ...Array.from({ length: read }, () => ({ answer: 'yes', outcome: 'answered', finish: 'stop' })),
  ...Array.from({ length: unparsable }, () => ({
    ...{ answer: null, outcome: 'unparsable', finish: 'stop' },
    ...more,
  })),
];
const asked = { texts: 'build/generations/it.jsonl', shown: false };

test('of written answers it is said how many could not be read, also where it is none', () => {
  assert.deepEqual(readingOf(written(40, 0), asked), { said: '0 of 40 answers could not be read' });
  assert.deepEqual(readingOf(written(36, 4), asked), { said: '4 of 40 answers could not be read' });
  const declined = { answer: null, outcome: 'refused', finish: 'stop' };
  assert.deepEqual(readingOf([...written(39, 0), declined], asked), {
    said: '0 of 40 answers could not be read, 1 declined',
  });
});

test('where it is more than a tenth, what was written and what may help is told', () => {
  const warning = (rows: readonly object[], given = asked) => readingOf(rows, given)?.warning ?? '';
  assert.match(warning(written(35, 5)), /^13 % of the answers could not be read/);
  assert.match(
    warning(written(1, 39)),
    /^98 % .* in build\/generations\/it\.jsonl; .*help: solved examples .* a prompt/,
  );
  assert.doesNotMatch(warning(written(1, 39), { ...asked, shown: true }), /solved examples/);
  assert.doesNotMatch(warning(written(1, 39)), /answerTokens/);
  assert.match(warning(written(1, 39, { finish: 'length' })), /more answerTokens .*\(39 were cut/);
});

test('of scored labels and of no rows nothing is said', () => {
  assert.equal(readingOf([{ id: '1', logprobs: [0], mass: 1, promptTokens: 1 }], asked), undefined);
  assert.equal(readingOf([], asked), undefined);
});
