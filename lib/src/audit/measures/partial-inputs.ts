import { normalForm } from '../../datasets/normal-form.js';
import { fitLookup, majority } from '../../learners/majority.js';
import { mostProbableClasses } from '../../learners/targets.js';
import { fitTextClassifier, type TextClassifierSettings } from '../../learners/text-classifier.js';
import type { BootstrapOptions } from '../../metrics/resampling/bootstrap.js';
import { capital } from '../../reporting/format.js';
import { type Row, textOf } from '../../tasks/row.js';
import { type AuditData, clustersAmong, goldOf, type Input, readBy, textsOf } from '../data.js';
import type { AuditResult } from '../result.js';
import type { LabelledRow } from '../rows.js';
import { type PermutationNull, permutationNull } from './permutation-null.js';
import { accuracyGain, estimateOf, type LabelScores, labelScores, rounded } from './scores.js';

/**
 * The audit's classifiers of words and word pairs: as scikit-learn's LogisticRegression(C=5, class_weight="balanced") on
 * TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2). Probabilities are within 1e-4 of the minimum's.
 */
export const AUDIT_SETTINGS = {
  terms: { longest: 2, minimum: 2, sublinear: true },
  strength: 5,
  balanced: true,
  scaled: true,
  tolerance: 1e-4,
} as const satisfies TextClassifierSettings;

/** What reads part of a row, or all of it without comparing: fitted on train, it says this of the rows of test. */
export interface Guess {
  /** `majority`, `claim-lookup`, `claim`, `both`. */
  readonly approach: string;
  readonly name: string;
  /** Indices of labels. */
  readonly predicted: Int32Array;
  /** Natural log-probabilities of all labels for each test row, those of row 0 first; classifiers alone have them. */
  readonly logprobs?: Float64Array;
}

/** The guesses of a dataset: majority, lookups and classifiers of its texts. */
export function guesses({ fields, labels, train, test }: AuditData): readonly Guess[] {
  const learnt = goldOf(train, labels);
  const formsOf = (rows: readonly Row[], field: string) => rows.map((row) => normalForm(textOf(row, field)));
  const lookup = (field: string): Guess => {
    const remembered = fitLookup(formsOf(train, field), learnt, labels.length);
    return {
      approach: `${field}-lookup`,
      name: `${capital(field)}, by memory (same text in training)`,
      predicted: Int32Array.from(formsOf(test, field), remembered),
    };
  };
  const classifier = (input: Input): Guess => {
    const { logprobs } = fitAuditClassifier(input, { fields, labels, train });
    const found = logprobs(textsOf(test, readBy(input, fields)));
    const name = input === 'both' ? 'Both, not compared' : `${capital(input)} alone`;
    return { approach: input, name, predicted: mostProbableClasses(found, labels.length), logprobs: found };
  };
  return [
    {
      approach: 'majority',
      name: 'Nothing (commonest label)',
      predicted: new Int32Array(test.length).fill(majority(learnt, labels.length)),
    },
    ...fields.map(lookup),
    ...inputsOf(fields).map(classifier),
  ];
}

/** What classifiers read of rows: each field, and of two fields both. */
export const inputsOf = (fields: readonly string[]): readonly Input[] =>
  fields.length > 1 ? [...fields, 'both'] : fields;

/** The audit's classifier of an input. */
export const fitAuditClassifier = (
  input: Input,
  { fields, labels, train }: Pick<AuditData, 'fields' | 'labels' | 'train'>,
  settings: Partial<TextClassifierSettings> = {},
) =>
  fitTextClassifier(textsOf(train, readBy(input, fields)), goldOf(train, labels), labels.length, {
    ...AUDIT_SETTINGS,
    ...settings,
  });

/** How well a guess does, in the whole test part and where its rows have met the text in training or not. */
export interface ScoredGuess extends Guess {
  readonly all: LabelScores;
  /** By field. */
  readonly seen: Readonly<Record<string, Parted>>;
  /** Not of the majority label, which cannot do other than by chance. */
  readonly chance?: PermutationNull;
}

/** Scores of rows whose text occurs in training and of those whose text does not; absent where there are no such rows. */
interface Parted {
  readonly seen?: LabelScores;
  readonly unseen?: LabelScores;
}

/**
 * Scores guesses on test. Intervals draw `clustersAmong` whole; default 10,000 replicates, 999 permutations.
 */
export function scoreGuesses(
  { fields, labels, train, test }: AuditData,
  some: readonly Guess[],
  options: Omit<BootstrapOptions, 'clusters'> & { readonly permutations?: number } = {},
): readonly ScoredGuess[] {
  const { permutations, ...drawing } = { replicates: 10_000, ...options };
  const gold = goldOf(test, labels);
  const clusters = clustersAmong(test, fields);
  const seen = fields.map((field): [string, readonly boolean[]] => [field, seenIn(field, train, test)]);
  return some.map((guess) => {
    const among = (chosen: (row: number) => boolean | undefined) => {
      const rows = [...test.keys()].filter(chosen);
      if (rows.length === 0) return undefined;
      const keys = rows.map((row) => clusters.keys[row] ?? '');
      return labelScores(
        rows.map((row) => gold[row] ?? 0),
        rows.map((row) => guess.predicted[row] ?? 0),
        labels.length,
        { ...drawing, clusters: { name: clusters.name, keys } },
      );
    };
    const parted = (known: readonly boolean[]): Parted => {
      const [met, unmet] = [among((row) => known[row]), among((row) => !known[row])];
      return { ...(met && { seen: met }), ...(unmet && { unseen: unmet }) };
    };
    return {
      ...guess,
      all: labelScores(gold, guess.predicted, labels.length, { ...drawing, clusters }),
      seen: Object.fromEntries(seen.map(([field, known]) => [field, parted(known)])),
      ...(guess.approach !== 'majority' && {
        chance: permutationNull(gold, guess.predicted, labels.length, {
          ...(permutations !== undefined && { permutations }),
          ...(drawing.seed !== undefined && { seed: drawing.seed }),
        }),
      }),
    };
  });
}

/** Whether each row's text, in normal form, occurs in `train`; an empty one is no one's. @internal */
export function seenIn(
  field: string,
  train: readonly LabelledRow[],
  rows: readonly LabelledRow[],
): readonly boolean[] {
  const known = new Set(train.map((row) => normalForm(textOf(row, field))));
  known.delete('');
  return rows.map((row) => known.has(normalForm(textOf(row, field))));
}

/** What reads part of a row, as a result has it. */
export function partialInputs(
  data: AuditData,
  some: readonly Guess[],
  options: Omit<BootstrapOptions, 'clusters'> & { readonly permutations: number },
): AuditResult['partialInputs'] {
  const { permutations: _, ...drawing } = options;
  const clusters = clustersAmong(data.test, data.fields);
  const gold = goldOf(data.test, data.labels);
  const usual = some.find(({ approach }) => approach === 'majority');
  return scoreGuesses(data, some, options).map(({ approach, name, predicted, all, seen, chance }) => ({
    id: approach,
    name,
    ...scoresOf(all),
    f1: Object.fromEntries(data.labels.map((label, index) => [label, rounded(all.f1[index]?.number ?? 0)])),
    gain: usual ? estimateOf(accuracyGain(gold, predicted, usual.predicted, { ...drawing, clusters })) : null,
    chance: chance ? { mean: rounded(chance.macroF1.mean), p: chance.macroF1.twoSided } : null,
    // Where memory helps, and where it cannot. Without rows of both kinds there is nothing to tell apart.
    parts: Object.entries(seen).flatMap(([field, { seen: met, unseen }]) =>
      met && unseen
        ? [
            { part: `${field} in training`, ...scoresOf(met) },
            { part: `${field} not in training`, ...scoresOf(unseen) },
          ]
        : [],
    ),
  }));
}

const scoresOf = ({ n, accuracy, macroF1 }: LabelScores) => ({
  rows: n,
  accuracy: estimateOf(accuracy),
  macroF1: estimateOf(macroF1),
});
