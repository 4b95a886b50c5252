import assert from 'node:assert/strict';

/** As many numbers, and each within `tolerance`: by default all but equal. */
export function near(
  found: readonly (number | undefined)[],
  wanted: readonly number[],
  tolerance = 1e-12,
): void {
  assert.equal(found.length, wanted.length);
  for (const [index, number] of wanted.entries()) {
    const each = found[index] ?? Number.NaN;
    assert.ok(Math.abs(each - number) <= tolerance, `number ${index + 1} is ${each}, not ${number}`);
  }
}

/** The interval of what must have one. */
export const intervalOf = <Interval>(
  bounded: { readonly interval?: Interval; readonly note?: string } | undefined,
): Interval => bounded?.interval ?? assert.fail(bounded?.note ?? 'nothing to have an interval');
