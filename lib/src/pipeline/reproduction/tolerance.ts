/** How near a recomputed number is to the committed one, from nearest to farthest. */
export const TOLERANCES = ['exact', 'noise', 'interval', 'redrawn', 'outside', 'missing', 'new'] as const;
export type Tolerance = (typeof TOLERANCES)[number];

/** What each class means, for a reader. */
export const MEANINGS: Readonly<Record<Tolerance, string>> = {
  exact: 'the same in every digit',
  noise: 'within numeric noise: a millionth of the number, or of 1 for smaller ones',
  interval: 'within the sampling interval of the committed number',
  redrawn: 'a figure drawn differently; its numbers are judged in tables and values',
  outside: 'outside that interval, or without one beyond noise',
  missing: 'not made this time',
  new: 'made this time, and not published from the committed records',
};

const NOISE = 1e-6;

/** The class of a recomputed number. @param interval of the committed number, where it has one. */
export function tolerance(
  committed: number,
  again: number | undefined,
  interval?: { readonly low: number; readonly high: number },
): Tolerance {
  if (again === undefined) return 'missing';
  if (Object.is(committed, again) || committed === again) return 'exact';
  if (Math.abs(committed - again) <= NOISE * Math.max(1, Math.abs(committed))) return 'noise';
  return interval && again >= interval.low && again <= interval.high ? 'interval' : 'outside';
}

/** The farthest of several classes. */
export function farthest(classes: readonly Tolerance[]): Tolerance {
  return TOLERANCES[Math.max(0, ...classes.map((each) => TOLERANCES.indexOf(each)))] ?? 'exact';
}
