import { normalForm } from '../../datasets/normal-form.js';
import { type Row, textOf } from '../../tasks/row.js';
import type { AuditData } from '../data.js';
import { type NearDuplicateOptions, visitNearDuplicates } from './near-duplicate.js';

/** A row whose text is nearly that of another. */
interface NearText {
  /** Id of the row, of test where the two are of different parts. */
  readonly row: string;
  /** Id of the row it is nearest to. */
  readonly partner: string;
  readonly jaccard: number;
}

/** Rows with a near duplicate, each with its nearest. */
export interface NearTexts {
  /** A field, or `pair`: the texts of a row, one after the other. */
  readonly of: string;
  /** Test rows near a train row, in the order of test; rows near another of their own part. */
  readonly between: readonly NearText[];
  readonly train: readonly NearText[];
  readonly test: readonly NearText[];
}

/** The text nearest to another: the row that has it first in a part, and where it is among all texts. */
interface Nearest {
  readonly row: string;
  readonly at: number;
  readonly jaccard: number;
}

/** Near duplicates (`nearDuplicates`) within and across the parts of a dataset; equal normal forms are none. */
export function nearTexts(
  { fields, train, test }: Pick<AuditData, 'fields' | 'train' | 'test'>,
  of: string,
  options: NearDuplicateOptions = {},
): NearTexts {
  const compared = of === 'pair' ? fields : [of];
  const forms = [...train, ...test].map((row) =>
    normalForm(compared.map((field) => textOf(row, field)).join('\n')),
  );
  const firsts = {
    train: firstIds(train, forms.slice(0, train.length)),
    test: firstIds(test, forms.slice(train.length)),
  };
  const nearest = { train: new Map<string, Nearest>(), test: new Map<string, Nearest>() };
  visitNearDuplicates(forms, options, ({ a, b, jaccard }) => {
    for (const [own, at] of [
      [a, b],
      [b, a],
    ] as const) {
      const [from = '', to = ''] = [forms[own], forms[at]];
      for (const part of ['train', 'test'] as const) {
        const row = firsts[part].get(to);
        const known = nearest[part].get(from);
        // Of equals the first.
        if (
          row !== undefined &&
          (!known || jaccard > known.jaccard || (jaccard === known.jaccard && at < known.at))
        )
          nearest[part].set(from, { row, at, jaccard });
      }
    }
  });
  const named = (rows: readonly Row[], first: number, part: 'train' | 'test') =>
    rows.flatMap(({ id }, index): NearText[] => {
      const found = nearest[part].get(forms[first + index] ?? '');
      return found ? [{ row: id, partner: found.row, jaccard: found.jaccard }] : [];
    });
  return {
    of,
    between: named(test, train.length, 'train'),
    train: named(train, 0, 'train'),
    test: named(test, train.length, 'test'),
  };
}

function firstIds(rows: readonly Row[], forms: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [index, { id }] of rows.entries()) {
    const form = forms[index] ?? '';
    if (!ids.has(form)) ids.set(form, id);
  }
  return ids;
}
