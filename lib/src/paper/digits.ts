/** A name that has digits in it: it begins with a letter, or hangs on one by a hyphen, as in Qwen2.5-0.5B or F1. */
const NAME = /^\p{L}/u;

/**
 * The numbers typed by hand in a piece of prose. A name such as SmolLM2-135M or COVID-19 is none; anything that begins
 * with a digit is, "135M" and "3-shot" too, since no rule can tell those from a result.
 */
export function typedNumbers(prose: string): string[] {
  return prose
    .split(/[\s/–—]+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%]+$/gu, ''))
    .filter((word) => /\p{N}/u.test(word) && !NAME.test(word));
}
