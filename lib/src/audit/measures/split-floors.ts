import { linkedByText } from '../../datasets/group.js';
import { split } from '../../datasets/split.js';
import { mostProbableClasses } from '../../learners/targets.js';
import { scores } from '../../metrics/measure.js';
import { mean } from '../../metrics/resampling/summed.js';
import { UserError } from '../../project/error.js';
import { randomStream } from '../../project/random.js';
import { textOf } from '../../tasks/row.js';
import { type AuditData, goldOf, readBy, textsOf } from '../data.js';
import type { AuditResult } from '../result.js';
import type { LabelledRow } from '../rows.js';
import { fitAuditClassifier, inputsOf } from './partial-inputs.js';
import { accuracyAndMacroF1, named, rounded } from './scores.js';

export interface SplitFloorOptions {
  /** How often rows are divided anew. Default 2; 0 for none. */
  readonly draws?: number;
  /** Rows that are divided at most, drawn from all: what is fitted takes as long as all else. Default 1,200. */
  readonly most?: number;
}

type SplitFloor = NonNullable<AuditResult['floorsBySplit']>[number];

/**
 * What compares no texts reaches, split by row, by each text, by each key and by all of them: rows of train and test together
 * are divided anew, a fifth of them to try on, and classifiers of single texts, and of both side by side, are fitted to the
 * others. Rows that share a claim or a document inflate such a floor, or deflate it, and with it the scores of models.
 */
export function splitFloors(
  { fields, labels, train, test }: Pick<AuditData, 'fields' | 'labels' | 'train' | 'test'>,
  {
    draws = 2,
    most = 1200,
    seed = 0,
    keys = [],
  }: SplitFloorOptions & {
    readonly seed?: number;
    readonly keys?: readonly string[];
  } = {},
): readonly SplitFloor[] {
  if (draws === 0) return [];
  const rows = [...train.map(placed('train', fields)), ...test.map(placed('test', fields))];
  const inputs = inputsOf(fields);
  return [...new Set(['row', ...fields, ...keys, 'all'])].flatMap((by): readonly SplitFloor[] => {
    const found: { readonly train: number; readonly test: number; readonly macroF1: readonly number[] }[] =
      [];
    for (let draw = 0; draw < draws; draw++) {
      const random = randomStream(`rows of split floors`, seed * 1000 + draw);
      const some = rows.length > most ? random.shuffle(rows).slice(0, most) : rows;
      const parts = divided(some, fields, by, draw);
      // Where nearly all rows are linked there is nothing to hold out.
      if (!parts || parts.test.length < LEAST) continue;
      found.push({
        train: parts.train.length,
        test: parts.test.length,
        macroF1: inputs.map((input) => {
          const { logprobs } = fitAuditClassifier(input, { fields, labels, train: parts.train }, QUICK);
          const predicted = mostProbableClasses(
            logprobs(textsOf(parts.test, readBy(input, fields))),
            labels.length,
          );
          const [, macroF1 = 0] = scores(
            accuracyAndMacroF1(labels.length),
            named(goldOf(parts.test, labels)),
            named(predicted),
          );
          return macroF1;
        }),
      });
    }
    if (found.length === 0) return [];
    return [
      {
        by,
        draws: found.length,
        rows: {
          train: rounded(mean(found.map((each) => each.train))),
          test: rounded(mean(found.map((each) => each.test))),
        },
        macroF1: Object.fromEntries(
          inputs.map((input, index) => {
            const all = found.map(({ macroF1 }) => macroF1[index] ?? 0);
            return [
              input,
              { mean: rounded(mean(all)), low: rounded(Math.min(...all)), high: rounded(Math.max(...all)) },
            ];
          }),
        ),
      },
    ];
  });
}

/** Rows to try on that a draw has at least. */
const LEAST = 10;

/** Near enough to the best fit for a score, in half the time. */
const QUICK = { tolerance: 1e-3 } as const;

/** Rows as they are divided: texts by their place, so that what they are called changes no draw. */
const placed = (part: string, fields: readonly string[]) => (row: LabelledRow) => ({
  ...row,
  // A row of train and one of test may have the same id.
  id: `${part} ${row.id}`,
  row,
  texts: Object.fromEntries(fields.map((field, place) => [`text ${place}`, textOf(row, field)])),
  keys: Object.fromEntries(Object.entries(row.keys).map(([key, values]) => [placeOf(key, fields), values])),
});

const placeOf = (name: string, fields: readonly string[]) =>
  fields.includes(name) ? `text ${fields.indexOf(name)}` : name;

type Placed = ReturnType<ReturnType<typeof placed>>;

/** A fifth of the rows held out; undefined where that cannot be, as of rows that are all linked. */
function divided(rows: readonly Placed[], fields: readonly string[], by: string, seed: number) {
  const links = linkedByText(
    rows,
    fields.map((_, place) => `text ${place}`),
  );
  const linked = rows.flatMap(({ row }, index) => {
    const { id = '', keys = {} } = links[index] ?? {};
    return [{ row, id, keys, gold: row.gold }];
  });
  try {
    const { train, held } = split(linked, {
      heldShare: 0.2,
      group: placeOf(by, fields),
      seed,
      stratify: { strata: [], stratum: String },
    });
    return { train: train.map(({ row }) => row), test: held.map(({ row }) => row) };
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    return undefined;
  }
}
