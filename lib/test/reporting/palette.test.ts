import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COLOURS, INK, SOFT_INK } from 'small-claims/reporting/palette';

type Triple = readonly [number, number, number];

/** Linear light of "#rrggbb" (IEC 61966-2-1). */
function linear(colour: string): Triple {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return [r, g, b];
}

const apply = (matrix: readonly Triple[], [r, g, b]: Triple): Triple => {
  const [x = 0, y = 0, z = 0] = matrix.map(([p, q, s]) => p * r + q * g + s * b);
  return [x, y, z];
};

const luminance = (colour: string) => {
  const [r, g, b] = linear(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** WCAG 2.2, "contrast ratio". */
const contrast = (a: string, b: string) => {
  const [x = 0, y = 0] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (x + 0.05) / (y + 0.05);
};

/** Full dichromacy after Machado, Oliveira and Fernandes (2009), table of severity 1.0, on linear light. */
const BLINDNESS: Readonly<Record<string, readonly Triple[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIELAB under D65. */
function lab(light: Triple): Triple {
  const xyz = apply(
    [
      [0.4124564, 0.3575761, 0.1804375],
      [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041],
    ],
    light,
  );
  const white: Triple = [0.95047, 1, 1.08883];
  const [fx = 0, fy = 0, fz = 0] = xyz.map((value, i) => {
    const share = Math.max(0, value / (white[i] ?? 1));
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  });
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

const distance = (a: Triple, b: Triple) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const pairs = (colours: readonly string[]) =>
  colours.flatMap((a, i) => colours.slice(i + 1).map((b) => [a, b] as const));

/** The colours of labels, which stand in one figure and mean different things. */
const LABEL_COLOURS = COLOURS.slice(0, 3);

test('the colours of the labels differ in lightness, so that they are told apart in greyscale', () => {
  for (const [a, b] of pairs(LABEL_COLOURS)) {
    assert.ok(contrast(a, b) >= 1.5, `${a} and ${b}: ${contrast(a, b).toFixed(2)}`);
  }
});

for (const [name, matrix] of Object.entries(BLINDNESS)) {
  test(`the colours of the labels are far apart under ${name}`, () => {
    for (const [a, b] of pairs(LABEL_COLOURS)) {
      const apart = distance(lab(apply(matrix, linear(a))), lab(apply(matrix, linear(b))));
      assert.ok(apart >= 20, `${a} and ${b}: ${apart.toFixed(1)}`);
    }
  });

  test(`no two colours of the house are taken for one under ${name}`, () => {
    for (const [a, b] of pairs(COLOURS)) {
      const apart = distance(lab(apply(matrix, linear(a))), lab(apply(matrix, linear(b))));
      assert.ok(apart >= 10, `${a} and ${b}: ${apart.toFixed(1)}`);
    }
  });
}

test('letters on white have the contrast that small text needs', () => {
  for (const ink of [INK, SOFT_INK]) assert.ok(contrast(ink, '#ffffff') >= 4.5, ink);
});
