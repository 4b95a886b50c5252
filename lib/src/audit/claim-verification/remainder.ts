import { classify, growTree } from '../../learners/tree.js';
import { UserError } from '../../project/error.js';
import { type AuditData, clustersAmong, goldOf } from '../data.js';
import { guesses } from '../measures/partial-inputs.js';
import { labelScores, type Scored } from '../measures/scores.js';
import { type Separation, separation } from '../measures/separation.js';
import { surface, surfaceFeatures } from '../measures/surface.js';

/** What of a label can still be told without reading the claim. */
export interface Remainder {
  /** F1 of the label on test by what never reads the claim: words of the evidence, its text met before, its form. */
  readonly guesses: readonly { readonly approach: string; readonly f1: Scored }[];
  /** F1 of saying the label always: what is told of nothing. */
  readonly floor: number;
  /** The highest of the guesses above the floor, 0 where none is: what the build leaves of the shortcut. */
  readonly left: number;
  /** How far the words of the evidence, and their overlap with the claim, tell the label from the others. */
  readonly length?: Separation;
  readonly overlap?: Separation;
}

/**
 * What a way to build a dataset of claims and evidence leaves of a shortcut to `label`, such as that of NEI by evidence it
 * lacks. Fitted on train, tried on test; intervals draw `clustersAmong` whole.
 *
 * @throws UserError where rows have one text, or no label of the name.
 */
export function remainder(data: AuditData, label: string, replicates: number): Remainder {
  const { fields, labels, test } = data;
  const [, evidence] = fields;
  const target = labels.indexOf(label);
  if (evidence === undefined || target < 0)
    throw new UserError(
      `rows have ${fields.join(' and ')}, and the labels ${labels.join(', ')}: no shortcut to ${label}`,
    );
  const gold = goldOf(test, labels);
  const drawing = { replicates, clusters: clustersAmong(test, fields) };
  const guessed = blindGuesses(data, evidence).flatMap(({ approach, predicted }) => {
    const f1 = labelScores(gold, predicted, labels.length, drawing).f1[target];
    return f1 ? [{ approach, f1 }] : [];
  });
  const share = gold.filter((each) => each === target).length / gold.length;
  const floor = (2 * share) / (1 + share);
  const tells = (id: string) => {
    const features = surfaceFeatures(fields).filter((feature) => feature.id === id);
    const [numbers = new Float64Array()] = surface(test, features);
    return separation(
      numbers,
      Array.from(gold, (each) => each === target),
      drawing,
    );
  };
  const [length, overlap] = [tells(`${evidence}-words`), tells('overlap')];
  return {
    guesses: guessed,
    floor,
    left: Math.max(0, ...guessed.map(({ f1 }) => f1.number - floor)),
    ...(length && { length }),
    ...(overlap && { overlap }),
  };
}

function blindGuesses(
  { labels, train, test }: AuditData,
  evidence: string,
): readonly { readonly approach: string; readonly predicted: Int32Array }[] {
  const features = surfaceFeatures([evidence]);
  const tree = growTree(surface(train, features), goldOf(train, labels), {
    classes: labels.length,
    depth: 3,
  });
  const read = guesses({ fields: [evidence], labels, train, test, notes: [] });
  const predictedBy = (approach: string) =>
    read.flatMap((guess) => (guess.approach === approach ? [guess.predicted] : []));
  return [
    ...predictedBy(evidence).map((predicted) => ({ approach: `${evidence} words`, predicted })),
    ...predictedBy(`${evidence}-lookup`).map((predicted) => ({ approach: `${evidence} lookup`, predicted })),
    { approach: `${evidence} form`, predicted: classify(tree, surface(test, features)) },
  ];
}
