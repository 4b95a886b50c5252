import { UserError } from '../project/error.js';

/** A sentence of a text, and whether what it says is so. */
export type Sentence = readonly [sentence: string, check: () => boolean];

/**
 * Holds a text to what was found: prints the sentences that are so, one a line.
 * Throws UserError with all that are not, in their own words; a check that throws leaves its sentence unfounded, and its
 * message stands beside it.
 *
 * @example
 * holds([['two is even', () => 2 % 2 === 0]]); // -> undefined
 * holds([['two is odd', () => 2 % 2 === 1]]); // throws two is odd
 */
export function holds(sentences: readonly Sentence[]): void {
  const wrong = sentences.flatMap(([sentence, check]) => {
    const fault = faultOf(check);
    return fault === undefined ? [] : [`  - ${sentence}${fault}`];
  });
  if (wrong.length > 0) {
    throw new UserError(`the text says what is not so:\n${wrong.join('\n')}`, {
      hint: 'Mend the text, or what it tells of.',
    });
  }
  console.log(sentences.map(([sentence]) => `It holds: ${sentence}.`).join('\n'));
}

/** Undefined where the check passes. */
function faultOf(check: () => boolean): string | undefined {
  try {
    return check() ? undefined : '';
  } catch (error) {
    return ` (${error instanceof Error ? error.message : String(error)})`;
  }
}
