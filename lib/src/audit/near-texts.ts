import { type NearDuplicateOptions, nearDuplicates } from './near-duplicate.js';
import { normalForm } from './normal-form.js';
import type { PairData, PairRow, Part } from './pair.js';

/** A row whose text is nearly that of another. */
export interface NearText {
  /** Id of the row, of test where the two are of different parts. */
  readonly row: string;
  /** Id of the row it is nearest to. */
  readonly partner: string;
  readonly jaccard: number;
}

/** Rows with a near duplicate, each with its nearest. */
export interface NearTexts {
  readonly of: Part | 'pair';
  /** Test rows near a train row, in the order of test; rows near another of their own part. */
  readonly between: readonly NearText[];
  readonly train: readonly NearText[];
  readonly test: readonly NearText[];
}

/** What of rows is compared; a pair is its two texts, one after the other. */
const TEXTS: Readonly<Record<NearTexts['of'], (row: PairRow) => string>> = {
  claim: ({ claim }) => claim,
  evidence: ({ evidence }) => evidence,
  pair: ({ claim, evidence }) => `${claim}\n${evidence}`,
};

/** Near duplicates (`nearDuplicates`) within and across the parts of a dataset; equal normal forms are none. */
export function nearTexts(
  { train, test }: PairData,
  of: NearTexts['of'],
  options?: NearDuplicateOptions,
): NearTexts {
  const forms = [...train, ...test].map((row) => normalForm(TEXTS[of](row)));
  const near = new Map<string, { readonly form: string; readonly jaccard: number }[]>();
  for (const { a, b, jaccard } of nearDuplicates(forms, options)) {
    const [one = '', two = ''] = [forms[a], forms[b]];
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      const known = near.get(from);
      if (known) known.push({ form: to, jaccard });
      else near.set(from, [{ form: to, jaccard }]);
    }
  }
  const trainForms = forms.slice(0, train.length);
  const testForms = forms.slice(train.length);
  const [firstTrain, firstTest] = [firstIds(train, trainForms), firstIds(test, testForms)];
  // By falling similarity, so that the first partner of those that the part has is the nearest.
  const nearest = (rows: readonly PairRow[], own: readonly string[], others: ReadonlyMap<string, string>) =>
    rows.flatMap(({ id }, index): NearText[] => {
      const partner = near.get(own[index] ?? '')?.find(({ form }) => others.has(form));
      const found = partner && others.get(partner.form);
      return partner && found !== undefined ? [{ row: id, partner: found, jaccard: partner.jaccard }] : [];
    });
  return {
    of,
    between: nearest(test, testForms, firstTrain),
    train: nearest(train, trainForms, firstTrain),
    test: nearest(test, testForms, firstTest),
  };
}

function firstIds(rows: readonly PairRow[], forms: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const [index, { id }] of rows.entries()) {
    const form = forms[index] ?? '';
    if (!ids.has(form)) ids.set(form, id);
  }
  return ids;
}
