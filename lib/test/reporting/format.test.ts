import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from 'small-claims/project/error';
import { type Format, formatNumber, formatRange } from 'small-claims/reporting/format';

const cases: readonly (readonly [number, Format, string])[] = [
  [0.7288888888888889, 'percent', '72.9'],
  [0.7285, 'percent', '72.8'],
  [0.5935, 'percent', '59.4'],
  [1, 'percent', '100.0'],
  [-0.00001, 'percent', '0.0'],
  [1e-7, 'percent', '0.0'],
  [0.028, 'points', '+2.8'],
  [-0.2321, 'points', '−23.2'],
  [0.0001, 'points', '0.0'],
  [1261, 'count', '1,261'],
  [10590, 'count', '10,590'],
  [1234567, 'count', '1,234,567'],
  [0, 'count', '0'],
  [-1917, 'count', '−1,917'],
  [0.4375, 'decimal', '0.44'],
  [-0.001, 'decimal', '0.00'],
  [2.724, 'ratio', '2.7×'],
  [0.032, 'p-value', '0.032'],
  [0.0004, 'p-value', '<0.001'],
  [0, 'p-value', '<0.001'],
  [1, 'p-value', '1.000'],
];
for (const [number, format, written] of cases) {
  // 72.85 and 59.35 have no binary form of their own: toFixed rounds what is there, as Python's format does.
  test(`${number} as a ${format} is written ${written}`, () => {
    assert.equal(formatNumber(number, { format }), written);
  });
}

test('digits take the place of those of the format', () => {
  assert.equal(formatNumber(0.95, { format: 'percent', digits: 0 }), '95');
  assert.equal(formatNumber(21.349, { format: 'decimal', digits: 1 }), '21.3');
});

test('an interval is written with a dash, and in words where a minus sign would hide it', () => {
  assert.equal(formatRange({ low: 0.687, high: 0.769 }, { format: 'percent' }), '68.7–76.9');
  assert.equal(formatRange({ low: -0.021, high: 0.04 }, { format: 'points' }), '−2.1 to +4.0');
});

test('a number its format cannot mean is refused', () => {
  assert.throws(() => formatNumber(Number.NaN, { format: 'percent' }), UserError);
  assert.throws(() => formatNumber(Number.POSITIVE_INFINITY, { format: 'ratio' }), UserError);
  assert.throws(() => formatNumber(12.5, { format: 'count' }), /not a whole number/);
  assert.throws(() => formatNumber(1.2, { format: 'p-value' }), /not a p-value/);
});
