import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holds } from 'small-claims/reporting/sentences';

test('all sentences that are not so are told at once, by their words', () => {
  const sentences = [
    ['rain is wet', () => true],
    ['snow is warm', () => false],
    ['no one has counted the stars', () => JSON.parse('{')],
    ['two is odd', () => false],
  ] as const;
  assert.throws(
    () => holds(sentences),
    ({ name, message }: Error) => {
      assert.equal(name, 'UserError');
      const told = message.split('\n').filter((line) => line.startsWith('  - '));
      assert.equal(told[0], '  - snow is warm');
      assert.match(told[1] ?? '', /^ {2}- no one has counted the stars \(.*JSON/);
      assert.deepEqual(told.slice(2), ['  - two is odd']);
      return true;
    },
  );
});

test('a text whose sentences all hold has them printed', ({ mock }) => {
  const log = mock.method(console, 'log', () => undefined);
  holds([
    ['rain is wet', () => true],
    ['snow is cold', () => true],
  ]);
  assert.deepEqual(
    log.mock.calls.map(({ arguments: [text] }) => text),
    ['It holds: rain is wet.\nIt holds: snow is cold.'],
  );
});
