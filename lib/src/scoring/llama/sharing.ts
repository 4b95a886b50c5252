import type { Part, TokenisedPrompt } from './tokens.js';

/** How many parts two prompts share from their beginning. */
export function sharedParts(a: readonly Part[], b: readonly Part[]): number {
  const apart = b.findIndex((part, index) => part !== a[index]);
  return apart < 0 ? b.length : apart;
}

/** Of prompts in order, each run of those with the same first field. */
export function byFirstField(prompts: readonly TokenisedPrompt[]): readonly (readonly TokenisedPrompt[])[] {
  const groups: TokenisedPrompt[][] = [];
  for (const prompt of prompts) {
    const last = groups.at(-1);
    if (last?.[0]?.parts[1] === prompt.parts[1]) last.push(prompt);
    else groups.push([prompt]);
  }
  return groups;
}

/** Tokens that are evaluated when prompts are scored in order on one sequence: shared parts once. */
export function tokensToEvaluate(prompts: readonly TokenisedPrompt[]): number {
  let tokens = 0;
  let previous: readonly Part[] = [];
  for (const { parts } of prompts) {
    for (const part of parts.slice(sharedParts(previous, parts))) tokens += part.length;
    previous = parts;
  }
  return tokens;
}
