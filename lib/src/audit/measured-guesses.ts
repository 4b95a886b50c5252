import type { Estimate as Scored } from '../metrics/estimates.js';
import type { BootstrapOptions } from '../metrics/resampling/bootstrap.js';
import { accuracyGain } from './accuracy-gain.js';
import { linkedPairs } from './linked-pairs.js';
import { type PairData, targetsOf } from './pair.js';
import type { PairScores } from './pair-scores.js';
import type { AuditResult, Estimate } from './result.js';
import { type Approach, type Guess, type ScoredGuess, scoreGuesses } from './shortcut.js';

type Drawing = Omit<BootstrapOptions, 'clusters'> & { readonly permutations: number };

const NAMES: Readonly<Record<Approach, string>> = {
  majority: 'Nothing (commonest label)',
  'claim-lookup': 'Claim, by memory (same text in training)',
  'evidence-lookup': 'Evidence, by memory (same text in training)',
  claim: 'Claim alone',
  evidence: 'Evidence alone',
  both: 'Both, not compared',
};

/** What reads part of a row, scored. */
export function measuredGuesses(
  data: PairData,
  guesses: readonly Guess[],
  options: Drawing,
): AuditResult['partialInputs'] {
  const scored = scoreGuesses(data, guesses, options);
  const clusters = linkedPairs(data.test);
  const majority = scored.find(({ approach }) => approach === 'majority');
  return scored.map((guess) => ({
    id: guess.approach,
    name: NAMES[guess.approach],
    ...scoresOf(guess.all),
    f1: Object.fromEntries(
      data.labels.map((label, index) => [label, rounded(guess.all.f1[index]?.number ?? 0)]),
    ),
    gain: majority ? gainOf(data, guess.predicted, majority.predicted, { ...options, clusters }) : null,
    chance: guess.chance ? { mean: rounded(guess.chance.macroF1.mean), p: guess.chance.macroF1.p } : null,
    parts: partsOf(guess),
  }));
}

/** Accuracy of predictions over that of others on the same rows, with an interval of the difference. */
function gainOf(
  { labels, test }: PairData,
  predicted: Int32Array,
  others: Int32Array,
  { permutations: _, ...drawing }: Drawing & Pick<BootstrapOptions, 'clusters'>,
): Estimate {
  return estimateOf(accuracyGain(targetsOf(test, labels), predicted, others, drawing));
}

/** Test rows whose text occurs in training, and the others: where memory helps, and where it cannot. */
function partsOf({ seen }: ScoredGuess): AuditResult['partialInputs'][number]['parts'] {
  return (['claim', 'evidence'] as const).flatMap((part) => {
    const { seen: met, unseen } = seen[part];
    // Without rows of both kinds there is nothing to tell apart.
    if (!met || !unseen) return [];
    return [
      { part: `${part} in training`, ...scoresOf(met) },
      { part: `${part} not in training`, ...scoresOf(unseen) },
    ];
  });
}

function scoresOf({ n, accuracy, macroF1 }: PairScores) {
  return { rows: n, accuracy: estimateOf(accuracy), macroF1: estimateOf(macroF1) };
}

/** A number and its interval, as a report has them. */
export function estimateOf({ number, interval }: Scored): Estimate {
  return { value: rounded(number), low: rounded(interval.low), high: rounded(interval.high) };
}

/** Six decimals: more would say more of the machine than of the data. */
export const rounded = (number: number) => Number(number.toFixed(6));
