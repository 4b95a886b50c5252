import { UserError } from '../project/error.js';

/**
 * How a number is written.
 * - `percent`: a share in 0..1 as 0..100, one decimal, no sign: 0.729 is "72.9"
 * - `points`: a difference of shares, in percentage points, always signed: 0.028 is "+2.8"
 * - `count`: a whole number with thousands marked: 1261 is "1,261"
 * - `decimal`: two decimals: 0.437 is "0.44"
 * - `ratio`: how many times, one decimal: 2.72 is "2.7×"
 * - `p-value`: three decimals, "<0.001" below that
 */
export type Format = 'percent' | 'points' | 'count' | 'decimal' | 'ratio' | 'p-value';

/** A number's way of being written: a format, with the number of decimals where the format's own does not suit. */
export interface Style {
  readonly format: Format;
  readonly digits?: number;
}

/** The ends of an interval, in the unit of the number it belongs to. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

const DIGITS: Readonly<Record<Format, number>> = {
  percent: 1,
  points: 1,
  count: 0,
  decimal: 2,
  ratio: 1,
  'p-value': 3,
};

/**
 * Writes a number, with a true minus sign and never a negative zero.
 * Throws UserError for a number that is not finite, and for one that its format cannot mean: a count that is not
 * whole, a p-value outside 0..1.
 */
export function formatNumber(number: number, { format, digits = DIGITS[format] }: Style): string {
  if (!Number.isFinite(number)) throw new UserError(`${number} cannot be written as a ${format}`);
  switch (format) {
    case 'percent':
      return fixed(shift(number, 2), digits);
    case 'points': {
      const points = fixed(shift(number, 2), digits);
      return points.startsWith('−') || !/[1-9]/.test(points) ? points : `+${points}`;
    }
    case 'count':
      if (!Number.isInteger(number)) throw new UserError(`${number} is not a whole number, so not a count`);
      return fixed(number, 0);
    case 'decimal':
      return fixed(number, digits);
    case 'ratio':
      return `${fixed(number, digits)}×`;
    case 'p-value': {
      if (number < 0 || number > 1) throw new UserError(`${number} is not a p-value`);
      const least = 10 ** -digits;
      return number < least ? `<${fixed(least, digits)}` : fixed(number, digits);
    }
  }
}

/** A difference of scores: "+2.8 points" of shares, and of scores that are none, such as correlations, "0.03". */
export const formatDifference = (difference: number, format: Format): string =>
  format === 'decimal'
    ? formatNumber(difference, { format })
    : `${formatNumber(difference, { format: 'points' })} points`;

/** Writes the ends of an interval: "68.7–76.9", or with "to" where a minus sign would make the dash unclear. */
export function formatRange({ low, high }: Range, style: Style): string {
  const ends = [formatNumber(low, style), formatNumber(high, style)];
  return ends.join(low < 0 || style.format === 'points' ? ' to ' : '–');
}

/** Moves the decimal point on the shortest decimal form, so that 0.7285 becomes 72.85 and no binary neighbour. */
function shift(number: number, places: number): number {
  const [mantissa, exponent = '0'] = String(number).split('e');
  return Number(`${mantissa}e${Number(exponent) + places}`);
}

function fixed(number: number, digits: number): string {
  const [whole = '', fraction] = Math.abs(number).toFixed(digits).split('.');
  const text = [whole.replace(/\B(?=(\d{3})+$)/g, ','), fraction].filter(Boolean).join('.');
  return number < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

/** Words as they begin a sentence or a heading. */
export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
