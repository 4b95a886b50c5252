import { normalForm } from '../datasets/normal-form.js';
import { rounded } from './measured-guesses.js';
import { type NearTexts, nearTexts } from './near-texts.js';
import type { PairData, PairRow } from './pair.js';
import type { AuditResult } from './result.js';

type Overlap = AuditResult['overlaps'][number];

/** Pairs of ids an overlap names at most. */
const MOST_PAIRS = 100;

/** The text that makes two rows the same of: in normal form, empty for none. */
const TEXTS = {
  pair: (row: PairRow) => {
    const [claim, evidence] = [normalForm(row.claim), normalForm(row.evidence)];
    return claim === '' && evidence === '' ? '' : `${claim}\n${evidence}`;
  },
  claim: (row: PairRow) => normalForm(row.claim),
  evidence: (row: PairRow) => normalForm(row.evidence),
} as const;

/** Rows whose pair, claim or evidence is, in normal form, that of another row: within train, within test, and between. */
export function sharedTexts(
  { train, test }: PairData,
  texts: readonly Overlap['of'][] = ['pair', 'claim', 'evidence'],
): readonly Overlap[] {
  return texts.flatMap((of) => {
    const [learnt, tried] = [train.map(TEXTS[of]), test.map(TEXTS[of])];
    return [
      overlap({ of, match: 'same text', where: 'between' }, test, tried, firstWith(train, learnt)),
      overlap({ of, match: 'same text', where: 'train' }, train, learnt, twice(train, learnt)),
      overlap({ of, match: 'same text', where: 'test' }, test, tried, twice(test, tried)),
    ];
  });
}

/** The same of rows whose pair, claim or evidence is nearly that of another. */
export function nearlySharedTexts(data: PairData, texts: readonly NearTexts['of'][]): readonly Overlap[] {
  return texts.flatMap((of) => {
    const near = nearTexts(data, of);
    return (['between', 'train', 'test'] as const).map((where): Overlap => {
      const rows = near[where];
      const all = where === 'train' ? data.train : data.test;
      return {
        of,
        match: 'near',
        where,
        rows: rows.length,
        share: rounded(rows.length / all.length),
        pairs: rows.slice(0, MOST_PAIRS).map(({ row, partner }) => [row, partner]),
      };
    });
  });
}

/** Rows with the same pair of texts, in either set, and not all of one label. */
export function conflictingLabels({ train, test }: PairData): AuditResult['conflicts'] {
  const groups = new Map<string, PairRow[]>();
  for (const row of [...train, ...test]) {
    const text = TEXTS.pair(row);
    const same = groups.get(text);
    if (same) same.push(row);
    else if (text !== '') groups.set(text, [row]);
  }
  const conflicting = [...groups.values()].filter((rows) =>
    rows.some(({ label }) => label !== rows[0]?.label),
  );
  return {
    rows: conflicting.reduce((sum, rows) => sum + rows.length, 0),
    groups: conflicting.slice(0, MOST_PAIRS).map((rows) => rows.map(({ id }) => id)),
  };
}

function overlap(
  kind: Pick<Overlap, 'of' | 'match' | 'where'>,
  rows: readonly PairRow[],
  texts: readonly string[],
  partners: ReadonlyMap<string, readonly string[]>,
): Overlap {
  const pairs = rows.flatMap(({ id }, index) => {
    const partner = partners
      .get(texts[index] ?? '')
      ?.find((other) => kind.where === 'between' || other !== id);
    return partner === undefined ? [] : [[id, partner]];
  });
  return {
    ...kind,
    rows: pairs.length,
    share: rounded(pairs.length / rows.length),
    pairs: pairs.slice(0, MOST_PAIRS),
  };
}

/** The first row with each text. */
function firstWith(
  rows: readonly PairRow[],
  texts: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const first = new Map<string, readonly string[]>();
  for (const [index, { id }] of rows.entries()) {
    const text = texts[index] ?? '';
    if (text !== '' && !first.has(text)) first.set(text, [id]);
  }
  return first;
}

/** The first two rows with each text that has two. */
function twice(rows: readonly PairRow[], texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [index, { id }] of rows.entries()) {
    const text = texts[index] ?? '';
    const same = found.get(text);
    if (!same) {
      if (text !== '') found.set(text, [id]);
    } else if (same.length < 2) same.push(id);
  }
  return new Map([...found].filter(([, ids]) => ids.length > 1));
}
