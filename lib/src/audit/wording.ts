export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

/** `1 row`, `1,200 rows`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`;

export const rowsText = (rows: number) => counted(rows, 'row');

/** What so many rows do: `have`, or `has` of one. */
export const have = (count: number): string => (count === 1 ? 'has' : 'have');

/** `12.3 points over chance`, or below it. */
export const pointsFrom = (gain: number, reference: string) =>
  `${(100 * Math.abs(gain)).toFixed(1)} points ${gain < 0 ? 'below' : 'over'} ${reference}`;

/** A field as several rows have it: the first is counted (claims), the second is not (evidence, context). */
export const severalOf = (field: string, [, second]: readonly string[]): string =>
  field === second || field.endsWith('s') ? field : `${field}s`;

/** Words joined by hyphens, for ids. */
export const kebab = (words: string) => words.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-');
