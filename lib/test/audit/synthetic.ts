import type { PlainRow } from 'small-claims/audit/rows';
import { type RandomStream, randomStream } from 'small-claims/project/random';

/** A claim with evidence, as a user of the audit would write it. */
export type Pair = PlainRow & { readonly claim: string; readonly evidence: string };

export interface Synthetic {
  readonly train: readonly Pair[];
  readonly test: readonly Pair[];
}

const LABELS = ['no', 'unknown', 'yes'];
const VOCABULARY = 400;

/** Pairs whose labels are dealt out at random: no text tells anything of them. Words are as frequent as in Zipf's law. */
export function cleanPairs(seed: number, { train = 600, test = 300 } = {}): Synthetic {
  const random = randomStream('clean pairs', seed);
  const cumulative: number[] = [];
  for (let rank = 1; rank <= VOCABULARY; rank++) cumulative.push((cumulative.at(-1) ?? 0) + 1 / rank);
  const total = cumulative.at(-1) ?? 0;
  const word = () => {
    const at = random.next() * total;
    return `w${cumulative.findIndex((sum) => sum >= at)}`;
  };
  const text = (least: number, most: number) =>
    `${Array.from({ length: least + random.below(most - least + 1) }, word).join(' ')}.`;
  const rows = (part: string, count: number) =>
    Array.from({ length: count }, (_, row) => ({
      id: `${part}:${row}`,
      claim: text(6, 14),
      evidence: text(12, 40),
      label: LABELS[random.below(LABELS.length)] ?? '',
    }));
  return { train: rows('train', train), test: rows('test', test) };
}

type Change = (row: Pair, random: RandomStream) => Pair;

/** The same pairs, with every row of one label changed that a draw of `share` falls on. */
export function planted({ train, test }: Synthetic, label: string, share: number, change: Change): Synthetic {
  const random = randomStream('planted', 0);
  const plant = (rows: readonly Pair[]) =>
    rows.map((row) => (row.label === label && random.next() < share ? change(row, random) : row));
  return { train: plant(train), test: plant(test) };
}

/**
 * Clean pairs of which the parts share the evidence: a text of evidence has two training rows and one test row, labelled as
 * they fall, or so that they agree, or so that a test row never has the label of its training rows.
 */
export function sharedPairs(
  seed: number,
  way: 'same' | 'opposite' | 'any',
  { groups = 200 } = {},
): Synthetic {
  const { train, test } = cleanPairs(seed, { train: 2 * groups, test: groups });
  const random = randomStream('shared pairs', seed);
  const learnt = train.map((row, index) => {
    const twin = train[index - (index % 2)] ?? row;
    return { ...row, evidence: twin.evidence, label: way === 'any' ? row.label : twin.label };
  });
  const tried = test.map((row, index) => {
    const twin = learnt[2 * index] ?? row;
    const others = LABELS.filter((label) => label !== twin.label);
    const opposite = others[random.below(others.length)] ?? '';
    const label = { same: twin.label, opposite, any: row.label }[way];
    return { ...row, evidence: twin.evidence, label };
  });
  return { train: learnt, test: tried };
}
