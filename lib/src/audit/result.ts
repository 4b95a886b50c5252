import { z } from 'zod';

/**
 * What a check comes to: nothing found, though it would have been; nothing found where too few rows or permutations could
 * have found anything; something a reader should know of; something a model could score with.
 */
export const VERDICTS = ['fine', 'cannot tell', 'look', 'leaks'] as const;
export type Verdict = (typeof VERDICTS)[number];

const count = z.int().nonnegative();
const counts = z.record(z.string(), count);
const ids = z.array(z.string());
const estimate = z
  .strictObject({ value: z.number(), low: z.number().optional(), high: z.number().optional() })
  .describe(
    'a number with its interval at `options.level`; none where the rows form fewer than 10 groups of linked rows',
  );

const check = z.strictObject({
  id: z.string().describe('kebab-case, stable: `shared-pairs`, `claim-alone`, ...'),
  area: z.enum(['integrity', 'partial inputs', 'structure', 'words']),
  title: z.string(),
  verdict: z.enum(VERDICTS),
  finding: z.string().describe('what was found, a sentence'),
  criterion: z.string().describe('when the check says look and when leaks, a sentence'),
  p: z
    .number()
    .nullable()
    .describe(
      'corrected for what was tried within the check; null for a count, which is no test, and where nothing could be tested',
    ),
  adjustedP: z.number().nullable().describe('`p` corrected by Holm (1979) over the checks of the audit'),
  rowCount: count.describe('rows concerned'),
  rows: ids.describe('the ids of the first 100 of them'),
});

const set = z.strictObject({
  name: z.string(),
  rows: count,
  labels: counts,
  groups: count
    .optional()
    .describe('of linked rows, where there are fewer than 10: nothing is then tested of these rows'),
});

const overlap = z.strictObject({
  of: z.string().describe('`pair`: all texts that are audited; or one of `data.fields`'),
  match: z
    .enum(['same text', 'near'])
    .describe('same but for case, punctuation, white space and compatibility forms; or near'),
  where: z.enum(['train', 'test', 'between']),
  rows: count.describe('rows of the set (between: of test) that have such a partner'),
  share: z.number().describe('of the rows of the set, 0..1'),
  pairs: z.array(ids).describe('the first 100: ids of a row and its partner'),
});

const sharedKey = z.strictObject({
  key: z.string(),
  rows: count.describe('rows of test that have a value of it that a row of train has'),
  share: z.number().describe('of the rows of test, 0..1'),
  pairs: z.array(ids).describe('the first 100: ids of a row and its partner'),
});

const signedLeak = z.strictObject({
  of: z.string().describe('one of `data.fields`, or `key` and the name of one'),
  rows: count.describe('rows of test that share it with rows of train'),
  pairs: count,
  groups: count.describe('groups of linked rows that these rows come in'),
  worth: z.number().describe('how many groups of equal numbers of pairs these are worth'),
  agreement: estimate.describe('share of the pairs with equal labels, 0..1'),
  chance: z.number().describe('the same with the labels of both sides dealt out anew'),
  excess: estimate.describe('agreement less chance: above 0 memory helps, below it misleads'),
  p: z.number().describe('of no excess, two-sided, not corrected'),
});

const splitFloor = z.strictObject({
  by: z.string().describe('what is never on both sides: `row`, one of `data.fields`, a key, `all`'),
  draws: count,
  rows: z.strictObject({ train: z.number(), test: z.number() }).describe('on average'),
  macroF1: z
    .record(z.string(), z.strictObject({ mean: z.number(), low: z.number(), high: z.number() }))
    .describe('by what reads no more than a part of a row: mean, lowest and highest of the draws'),
});

const scored = z.strictObject({ rows: count, accuracy: estimate.nullable(), macroF1: estimate.nullable() });

const partialInput = z.strictObject({
  id: z.string(),
  name: z.string(),
  ...scored.shape,
  f1: z.record(z.string(), z.number()).describe('by label, 0..1'),
  gain: estimate.nullable().describe('accuracy over that of the commonest label of training, 0..1'),
  chance: z
    .strictObject({ mean: z.number(), p: z.number() })
    .nullable()
    .describe(
      'macro-F1 where the labels of the test rows are dealt out anew: its mean, and the two-sided p-value of what was seen',
    ),
  parts: z.array(z.strictObject({ part: z.string(), ...scored.shape })),
});

const feature = z.strictObject({
  feature: z.string(),
  label: z.string(),
  auc: estimate.describe('that of the feature for the label against the rest'),
  p: z.number().describe('of no difference, not corrected'),
});

const rule = z.strictObject({
  id: z.string(),
  reads: z.string().describe('what it counts of: `one feature`, `the claim`, ...'),
  saying: z.string().describe('the rule in words, such as "NO where the evidence is empty; else YES"'),
  readsClaim: z.boolean().describe('whether it looks at the first of `data.fields`'),
  accuracy: estimate,
  macroF1: estimate,
  gain: estimate.describe('accuracy over that of the commonest label of training, 0..1'),
  p: z.number().describe('of no gain, one-sided, not corrected'),
});

const word = z.strictObject({
  word: z.string(),
  field: z.string(),
  label: z.string(),
  rows: count.describe('training rows that hold it'),
  withLabel: count,
  z: z.number(),
  p: z.number().describe('corrected for all words and labels tried'),
  pmi: z.number(),
  lmi: z.number(),
});

const information = z.strictObject({
  input: z.string(),
  bits: z.number().describe('V-information of the input about the label, in bits a row'),
  labels: z
    .record(z.string(), z.strictObject({ rows: count, quantiles: z.array(z.number()).length(5) }))
    .describe('pointwise V-information by label: its 5, 25, 50, 75 and 95 % quantiles, in bits'),
  lowest: z.array(z.strictObject({ id: z.string(), label: z.string(), bits: z.number() })),
});

const subset = z.strictObject({
  rows: count,
  labels: counts,
  ids: ids.describe('of the first 100 of the rows'),
});

const difficulty = z.strictObject({
  subsets: z
    .strictObject({ by: z.array(z.string()), easy: subset, hard: subset })
    .describe('test rows that each of the partial inputs `by` gets right, and that each gets wrong'),
  dynamics: z
    .strictObject({
      epochs: count,
      easy: subset,
      ambiguous: subset,
      hard: subset,
      points: z.array(
        z.strictObject({
          id: z.string(),
          confidence: z.number(),
          variability: z.number(),
          correctness: z.number(),
        }),
      ),
    })
    .nullable()
    .describe(
      'training dynamics: the thirds of the training rows with the highest confidence, variability, and lowest confidence; at most 1,000 rows as points; null where no training was given',
    ),
  filtering: z
    .strictObject({
      settings: z.strictObject({
        partitions: count,
        training: z.number(),
        slice: z.number(),
        threshold: z.number(),
        strength: z.number(),
      }),
      rows: count.describe('training rows filtered, drawn from all where there are more'),
      rounds: z.array(count).describe('rows removed in each round'),
      removed: subset.describe('the easiest first'),
      kept: subset,
      removedByChance: count.describe('rows removed where the labels of the same rows are dealt out anew'),
    })
    .describe('AFLite on the words of the rows'),
});

/** All an audit has measured: numbers, ids and single words, no text of a row. @internal */
export const auditSchema = z.strictObject({
  format: z.literal('small-claims audit'),
  version: z.literal(1),
  options: z.strictObject({
    seed: z.int(),
    replicates: count,
    permutations: count,
    level: z.number().describe('coverage of the intervals'),
    alpha: z.number().describe('chance of any false alarm among the tests where the data are clean'),
  }),
  data: z.strictObject({
    fields: z.array(z.string()).describe('the texts that were audited: what is asked of, and what with'),
    labels: z.array(z.string()),
    train: set,
    test: set,
    divided: z
      .boolean()
      .optional()
      .describe(
        'whether both are parts of one set of rows, divided by the audit: what they share is then no finding',
      ),
    notes: z.array(z.string()),
  }),
  verdict: z.enum(VERDICTS).describe('the gravest of the checks'),
  headline: z.string(),
  checks: z.array(check),
  overlaps: z.array(overlap),
  sharedKeys: z
    .array(sharedKey)
    .optional()
    .describe('of the keys that were asked for, those that tell more than the texts'),
  signedLeaks: z.array(signedLeak).optional().describe('of texts and keys in common, which way they lead'),
  floorsBySplit: z
    .array(splitFloor)
    .optional()
    .describe('what compares no texts reaches, where train and test together are divided anew'),
  priorShift: z
    .strictObject({ p: z.number() })
    .describe('chi-square test of equal label shares in train and test'),
  conflicts: z.strictObject({ rows: count, groups: z.array(ids) }),
  partialInputs: z.array(partialInput),
  features: z.array(feature),
  rules: z.array(rule),
  words: z.array(word),
  information: z.array(information),
  difficulty: difficulty.describe('which rows are easy and which hard; for reading, no check rests on it'),
});

/** The result of an audit. */
export type AuditResult = z.output<typeof auditSchema>;
export type Check = AuditResult['checks'][number];
export type Estimate = z.output<typeof estimate>;
/** The interval of an estimate, if it has one. */
export const boundsOf = ({
  low,
  high,
}: Estimate): { readonly low: number; readonly high: number } | undefined =>
  low === undefined || high === undefined ? undefined : { low, high };

/** The JSON Schema (draft 2020-12) of the JSON an audit is written as. */
export function auditJsonSchema(): object {
  return z.toJSONSchema(auditSchema);
}
