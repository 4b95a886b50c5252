import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitted } from 'small-claims/project/schema';
import { z } from 'zod';

const schema = z.strictObject({
  title: z.string().optional(),
  labels: z.array(z.string()).min(2).max(3).optional(),
  notes: z.array(z.string()).min(1).optional(),
  epochs: z.int().positive().max(10).optional(),
  share: z.number().gt(0).lt(1).optional(),
  name: z.string().min(3).optional(),
  home: z.url().optional(),
  kind: z.enum(['lora', 'qlora']).optional(),
  whole: z.boolean().optional(),
  needed: z.strictObject({ file: z.string(), kind: z.enum(['a', 'b']), seeds: z.array(z.int()) }).optional(),
  own: z.string().min(1, 'names nothing').optional(),
});

/** What is given, where it is wrong, and what is said of it. */
const FLAWS: readonly (readonly [object, string, string])[] = [
  [{ needed: { kind: 'a', seeds: [] } }, 'needed.file', 'is missing: a text is needed'],
  [{ needed: { file: 'x', seeds: [] } }, 'needed.kind', 'is missing: one of a, b is needed'],
  [{ needed: { file: 'x', kind: 'a' } }, 'needed.seeds', 'is missing: a list is needed'],
  [{ labels: ['one'] }, 'labels', 'needs at least 2'],
  [{ labels: ['a', 'b', 'c', 'd'] }, 'labels', 'may have at most 3'],
  [{ notes: [] }, 'notes', 'is empty'],
  [{ epochs: 0 }, 'epochs', 'must be more than 0'],
  [{ epochs: 11 }, 'epochs', 'must be 10 or less'],
  [{ epochs: 1.5 }, 'epochs', 'must be a whole number, and is a fraction'],
  [{ share: 1 }, 'share', 'must be less than 1'],
  [{ name: 'ab' }, 'name', 'needs at least 3 characters'],
  [{ title: 5 }, 'title', 'must be a text, and is a number: quotes make it one'],
  [{ title: ['a'] }, 'title', 'must be a text, and is a list'],
  [{ labels: 'yes, no' }, 'labels', 'must be a list, and is a text'],
  [{ whole: 'yes' }, 'whole', 'must be true or false, and is a text'],
  [{ home: 'example' }, 'home', 'must be a web address, such as https://example.org'],
  [{ kind: 'lorra' }, 'kind', 'must be one of lora, qlora'],
  [{ own: '' }, 'own', 'names nothing'],
];
for (const [value, field, message] of FLAWS)
  test(`${JSON.stringify(value)}: ${message}`, () => {
    const result = fitted(value, schema);
    assert.ok(!result.success);
    assert.deepEqual(
      result.flaws.map((flaw) => [flaw.field, flaw.message]),
      [[field, message]],
    );
  });

test('of a value that is not among those there are the near one is told, and none where none is near', () => {
  const hintOf = (kind: string) => {
    const result = fitted({ kind }, schema);
    assert.ok(!result.success);
    return result.flaws[0]?.hint;
  };
  assert.equal(hintOf('lorra'), 'The nearest is "lora".');
  assert.equal(hintOf('encoder'), undefined);
});

test('of an unknown key those there are are told, with the near one if there is', () => {
  const result = fitted({ lables: [], patient: 1 }, schema);
  assert.ok(!result.success);
  assert.match(result.flaws[0]?.hint ?? '', /^Did you mean "labels"\? Known here: title, labels/);
  assert.match(result.flaws[1]?.hint ?? '', /^Known here: title, labels/);
});
