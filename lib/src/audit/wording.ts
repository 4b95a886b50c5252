export const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;

export const rowsText = (rows: number) => `${rows.toLocaleString('en')} ${rows === 1 ? 'row' : 'rows'}`;

/** `12.3 points over chance`, or below it. */
export const pointsFrom = (gain: number, reference: string) =>
  `${(100 * Math.abs(gain)).toFixed(1)} points ${gain < 0 ? 'below' : 'over'} ${reference}`;

/** A field as several rows have it: the first is counted (claims), the second is not (evidence, context). */
export const severalOf = (field: string, [, second]: readonly string[]): string =>
  field === second || field.endsWith('s') ? field : `${field}s`;

/** Words joined by hyphens, for ids. */
export const kebab = (words: string) => words.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-');
