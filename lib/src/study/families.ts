import type { Correction } from '../metrics/multiplicity.js';
import type { StudyPlan } from './study.js';

/** Comparisons that are corrected together. */
interface ComparisonFamily {
  readonly role?: 'primary' | 'exploratory';
  readonly correction: Correction;
  /** How many there are, of the primary ones in all notebooks. */
  readonly size: number;
  /** Those here. */
  readonly places: readonly number[];
}

/**
 * The families of a notebook's comparisons: those that the study file names `primary`, which are corrected over all that it
 * names, here or not, and the others, by Benjamini and Hochberg; of a study that names none all are one.
 */
export function familiesOf(
  ids: readonly string[],
  { primary, correction }: Pick<StudyPlan['comparisons'], 'primary' | 'correction'>,
): readonly ComparisonFamily[] {
  const places = [...ids.keys()];
  if (!primary) return [{ correction, size: ids.length, places }];
  const named = places.filter((place) => primary.includes(ids[place] ?? ''));
  const others = places.filter((place) => !named.includes(place));
  return [
    { role: 'primary', correction, size: primary.length, places: named },
    { role: 'exploratory', correction: 'benjamini-hochberg', size: others.length, places: others },
  ];
}
