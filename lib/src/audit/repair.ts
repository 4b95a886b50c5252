import { classify, growTree } from '../learners/tree.js';
import type { Estimate } from '../metrics/estimates.js';
import type { BootstrapOptions } from '../metrics/resampling/bootstrap.js';
import { fitBagModel, mostProbable } from './bag-model.js';
import { linkedPairs } from './linked-pairs.js';
import { lookup } from './lookup.js';
import { type PairData, targetsOf } from './pair.js';
import { pairScores } from './pair-scores.js';
import { type Separation, separation } from './separation.js';
import { SURFACE_FEATURES, surface } from './surface.js';

/** One way to build a dataset, such as a way to give rows of a label the evidence they lack. */
export interface Repair {
  readonly name: string;
  readonly data: PairData;
}

/** What of a label can still be told without reading the claim. */
export interface Remainder {
  readonly name: string;
  /** F1 of the label on test by what never reads the claim. */
  readonly guesses: readonly { readonly approach: BlindApproach; readonly f1: Estimate }[];
  /** F1 of saying the label always: what is told of nothing. */
  readonly floor: number;
  /** The highest of the guesses above the floor, 0 where none is: what the build leaves of the shortcut. */
  readonly left: number;
  /** How far the words of the evidence, and their overlap with the claim, tell the label from the others. */
  readonly length?: Separation;
  readonly overlap?: Separation;
}

/** The words of the evidence, its text met before, its form (a tree of depth 3). */
export type BlindApproach = 'evidence words' | 'evidence lookup' | 'evidence form';

/**
 * Ranks ways to build a dataset by what each leaves of a shortcut to `label`, the least first; of equals as given. Fitted
 * on train, tried on test of each; intervals draw the clusters of `linkedPairs` whole (default 10,000 replicates).
 */
export function rankRepairs(
  repairs: readonly Repair[],
  label: string,
  options: Omit<BootstrapOptions, 'clusters'> = {},
): readonly Remainder[] {
  return repairs
    .map((repair) => remainder(repair, label, { replicates: 10_000, ...options }))
    .sort((a, b) => a.left - b.left);
}

function remainder({ name, data }: Repair, label: string, options: BootstrapOptions): Remainder {
  const { labels, test } = data;
  const target = labels.indexOf(label);
  const gold = targetsOf(test, labels);
  const drawing = { ...options, clusters: linkedPairs(test) };
  const guesses = blindGuesses(data).flatMap(({ approach, predicted }) => {
    const f1 = pairScores(gold, predicted, labels.length, drawing).f1[target];
    return f1 ? [{ approach, f1 }] : [];
  });
  const share = gold.filter((each) => each === target).length / gold.length;
  const floor = (2 * share) / (1 + share);
  const tells = (id: string) => {
    const features = SURFACE_FEATURES.filter((feature) => feature.id === id);
    const [numbers = new Float64Array()] = surface(test, features);
    return separation(
      numbers,
      Array.from(gold, (each) => each === target),
      drawing,
    );
  };
  const [length, overlap] = [tells('evidence-words'), tells('overlap')];
  return {
    name,
    guesses,
    floor,
    left: Math.max(0, ...guesses.map(({ f1 }) => f1.number - floor)),
    ...(length && { length }),
    ...(overlap && { overlap }),
  };
}

function blindGuesses({
  labels,
  train,
  test,
}: PairData): readonly { readonly approach: BlindApproach; readonly predicted: Int32Array }[] {
  const features = SURFACE_FEATURES.filter(({ reads }) => reads === 'evidence');
  const tree = growTree(surface(train, features), targetsOf(train, labels), {
    classes: labels.length,
    depth: 3,
  });
  return [
    {
      approach: 'evidence words',
      predicted: mostProbable(fitBagModel('evidence', train, labels).logprobs(test), labels.length),
    },
    { approach: 'evidence lookup', predicted: lookup('evidence', train, test, labels) },
    { approach: 'evidence form', predicted: classify(tree, surface(test, features)) },
  ];
}
