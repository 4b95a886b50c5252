import { normalForm } from '../../datasets/normal-form.js';
import { type Row, textOf } from '../../tasks/row.js';
import type { AuditData } from '../data.js';
import type { AuditResult } from '../result.js';
import type { LabelledRow } from '../rows.js';
import { nearTexts } from './near-texts.js';
import { rounded } from './scores.js';

type Overlap = AuditResult['overlaps'][number];

/** Pairs of ids an overlap names at most. */
const MOST_PAIRS = 100;

/** The text that makes two rows the same: in normal form, empty for none. */
const formOf = (row: Row, fields: readonly string[]) => {
  const forms = fields.map((field) => normalForm(textOf(row, field)));
  return forms.some(Boolean) ? forms.join('\n') : '';
};

/** What of rows is compared: all of a row's texts (`pair`), and where it has two each of them. */
const comparedIn = (fields: readonly string[]): readonly (readonly [string, readonly string[]])[] => [
  ['pair', fields],
  ...(fields.length > 1 ? fields.map((field) => [field, [field]] as const) : []),
];

/** Rows whose texts, or one of them, are in normal form those of another row: within train, within test, and between. */
export function sharedTexts({ fields, train, test }: AuditData): readonly Overlap[] {
  return comparedIn(fields).flatMap(([of, compared]) => {
    const forms = (rows: readonly Row[]) => rows.map((row) => formOf(row, compared));
    const [learnt, tried] = [forms(train), forms(test)];
    return [
      overlap({ of, match: 'same text', where: 'between' }, test, tried, firstWith(train, learnt)),
      overlap({ of, match: 'same text', where: 'train' }, train, learnt, twice(train, learnt)),
      overlap({ of, match: 'same text', where: 'test' }, test, tried, twice(test, tried)),
    ];
  });
}

/** The same of rows whose texts, or one of them, are nearly those of another. */
export function nearlySharedTexts(data: AuditData): readonly Overlap[] {
  return comparedIn(data.fields).flatMap(([of]) => {
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

/** Rows with the same texts, in either set, and not all of one label. */
export function conflictingLabels({ fields, train, test }: AuditData): AuditResult['conflicts'] {
  const groups = new Map<string, LabelledRow[]>();
  for (const row of [...train, ...test]) {
    const text = formOf(row, fields);
    const same = groups.get(text);
    if (same) same.push(row);
    else if (text !== '') groups.set(text, [row]);
  }
  const conflicting = [...groups.values()].filter((rows) => rows.some(({ gold }) => gold !== rows[0]?.gold));
  return {
    rows: conflicting.reduce((sum, rows) => sum + rows.length, 0),
    groups: conflicting.slice(0, MOST_PAIRS).map((rows) => rows.map(({ id }) => id)),
  };
}

function overlap(
  kind: Pick<Overlap, 'of' | 'match' | 'where'>,
  rows: readonly Row[],
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
function firstWith(rows: readonly Row[], texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const first = new Map<string, readonly string[]>();
  for (const [index, { id }] of rows.entries()) {
    const text = texts[index] ?? '';
    if (text !== '' && !first.has(text)) first.set(text, [id]);
  }
  return first;
}

/** The first two rows with each text that has two. */
function twice(rows: readonly Row[], texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
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
