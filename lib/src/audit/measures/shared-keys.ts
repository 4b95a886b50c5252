import type { AuditData } from '../data.js';
import type { AuditResult } from '../result.js';
import { rounded } from './scores.js';

type SharedKey = NonNullable<AuditResult['sharedKeys']>[number];

/** Pairs of ids that a key names at most. */
const MOST_PAIRS = 100;

/**
 * Test rows that have a value of a key that a training row has, such as a document or a patient, by key. Left out are keys
 * that no row has, and one called as a field whose rows are those that share its text: it is a hash of the text, or says
 * no more.
 *
 * @param overlaps of the texts of the same rows.
 */
export function sharedKeys(
  { fields, train, test }: AuditData,
  keys: readonly string[],
  overlaps: readonly AuditResult['overlaps'][number][],
): readonly SharedKey[] {
  return keys.flatMap((key) => {
    const rows = [...train, ...test];
    if (rows.every((row) => (row.keys[key] ?? []).length === 0)) return [];
    const first = new Map<string, string>();
    for (const { id, keys: of } of train)
      for (const value of of[key] ?? []) first.set(value, first.get(value) ?? id);
    const pairs = test.flatMap(({ id, keys: of }) => {
      const [partner] = (of[key] ?? []).flatMap((value) => first.get(value) ?? []);
      return partner === undefined ? [] : [[id, partner]];
    });
    const named = pairs.slice(0, MOST_PAIRS);
    const text = overlaps.find(
      ({ of, match, where }) =>
        where === 'between' && match === 'same text' && (fields.length > 1 ? of === key : key === fields[0]),
    );
    const says = text && text.rows === pairs.length && idsOf(text.pairs) === idsOf(named);
    return says
      ? []
      : [{ key, rows: pairs.length, share: rounded(pairs.length / test.length), pairs: named }];
  });
}

const idsOf = (pairs: readonly (readonly string[])[]) => pairs.map(([id]) => id).join('\n');
