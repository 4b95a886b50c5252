import { majority } from '../../learners/majority.js';
import { classify, growTree, saying } from '../../learners/tree.js';
import type { BootstrapOptions } from '../../metrics/resampling/bootstrap.js';
import { type AuditData, clustersAmong, goldOf } from '../data.js';
import type { AuditResult } from '../result.js';
import {
  accuracy,
  accuracyGain,
  estimateOf,
  type LabelScores,
  labelScores,
  rounded,
  type Scored,
} from './scores.js';
import { type Separation, separation } from './separation.js';
import { type SurfaceFeature, surface, surfaceFeatures } from './surface.js';

/** How far each surface feature tells each label from the others, in the test part. */
interface FeatureSeparation {
  readonly feature: SurfaceFeature;
  readonly label: string;
  /** Absent where all rows are of the label, or none is. */
  readonly separation?: Separation;
}

/** A rule made of surface features, fitted on train. */
interface SurfaceRule {
  /** What it may look at: `one feature`, every one of a text (`the claim`), or every one (`both`). */
  readonly reads: string;
  readonly features: readonly SurfaceFeature[];
  /** In words. */
  readonly saying: string;
  /** Accuracy on train, 0..1. */
  readonly trained: number;
  /** Label indices of the test rows. */
  readonly predicted: Int32Array;
  readonly scores: LabelScores;
  /** Accuracy on test less that of the commonest label of train. */
  readonly gain: Scored & { readonly p: number };
}

/** What the form of rows gives away. */
export interface Structure {
  readonly separations: readonly FeatureSeparation[];
  /**
   * First the one-feature rule that has the highest accuracy on train: at most four parts of one feature's range. Then
   * trees of depth 3 at most, on the features of each text, and of two texts on all.
   */
  readonly rules: readonly SurfaceRule[];
  /** Accuracy on test of the commonest label of train. */
  readonly majority: number;
}

/** Depth of the trees; a one-feature rule is one less deep. */
const DEPTH = 3;

/**
 * Measures what can be told by counting alone. Rules are fitted on train and tried on test; intervals take `clustersAmong`
 * whole (bootstraps have 10,000 replicates by default).
 */
export function structure(
  { fields, labels, train, test }: AuditData,
  options: Omit<BootstrapOptions, 'clusters'> = {},
): Structure {
  const clusters = clustersAmong(test, fields);
  const drawing = { replicates: 10_000, ...options, clusters };
  const classes = labels.length;
  const [learnt, gold] = [goldOf(train, labels), goldOf(test, labels)];
  const features = surfaceFeatures(fields);
  const [training, testing] = [surface(train, features), surface(test, features)];
  const usual = new Int32Array(test.length).fill(majority(learnt, classes));

  const fit = (chosen: readonly number[], depth: number) => {
    const of = (columns: readonly Float64Array[]) => chosen.flatMap((index) => columns[index] ?? []);
    const tree = growTree(of(training), learnt, { classes, depth });
    return { chosen, tree, trained: accuracy(learnt, classify(tree, of(training))), of };
  };
  const rule = ({ chosen, tree, trained, of }: ReturnType<typeof fit>, reads: string): SurfaceRule => {
    const read = chosen.flatMap((index) => features[index] ?? []);
    const predicted = classify(tree, of(testing));
    return {
      reads,
      features: read,
      saying: saying(tree, read, labels),
      trained,
      predicted,
      scores: labelScores(gold, predicted, classes, drawing),
      gain: accuracyGain(gold, predicted, usual, drawing),
    };
  };

  const all = [...features.keys()];
  const single = all.map((index) => fit([index], DEPTH - 1));
  const best = single.reduce((one, other) => (other.trained > one.trained + 1e-12 ? other : one));
  const of = (field: string) => all.filter((index) => features[index]?.reads.join() === field);
  return {
    separations: features.flatMap((feature, index) =>
      labels.map((label, target): FeatureSeparation => {
        const positive = Array.from(gold, (each) => each === target);
        const found = separation(testing[index] ?? [], positive, { clusters });
        return { feature, label, ...(found && { separation: found }) };
      }),
    ),
    rules: [
      rule(best, 'one feature'),
      ...fields.map((field) => rule(fit(of(field), DEPTH), `the ${field}`)),
      ...(fields.length > 1 ? [rule(fit(all, DEPTH), 'both')] : []),
    ],
    majority: accuracy(gold, usual),
  };
}

/** Each count's area under the ROC curve for each label, as a result has it. */
export function reportedFeatures({ separations }: Structure): AuditResult['features'] {
  return separations.flatMap(({ feature, label, separation: found }) => {
    if (!found) return [];
    const auc = { value: rounded(found.auc), low: rounded(found.low), high: rounded(found.high) };
    return [{ feature: feature.name, label, auc, p: found.p }];
  });
}

/** The rules, as a result has them. */
export function reportedRules({ rules }: Structure, [first = '']: readonly string[]): AuditResult['rules'] {
  return rules.map(({ reads, features, saying: said, scores, gain }) => ({
    id: reads.replaceAll(' ', '-'),
    reads,
    saying: said,
    readsClaim: features.some((feature) => feature.reads.includes(first)),
    accuracy: estimateOf(scores.accuracy),
    macroF1: estimateOf(scores.macroF1),
    gain: estimateOf(gain),
    p: gain.p,
  }));
}
