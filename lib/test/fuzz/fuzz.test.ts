import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaign } from './campaign.js';
import { TARGETS } from './targets.js';

// Each kind of file in each way once: `make fuzz` does more.
test('what users bring is rightly read, or refused by name, or what is odd about it told', async () => {
  const outcomes = await campaign(1);
  assert.deepEqual(
    outcomes.filter(({ flaws }) => flaws.length > 0),
    [],
  );
  const kinds = new Set(outcomes.map(({ name }) => name.split(':', 1)[0]));
  assert.deepEqual(
    TARGETS.map(({ kind }) => kind).filter((kind) => !kinds.has(kind)),
    [],
  );
  for (const what of ['refused', 'accepted']) {
    const some = outcomes.filter(({ became }) => became === what);
    assert.ok(some.length > outcomes.length / 10, `${some.length} ${what}`);
  }
});
