/** A name that has digits in it: it begins with a letter, or hangs on one by a hyphen, as in Qwen2.5-0.5B or F1. */
const NAME = /^\p{L}/u;

/** What parts words: space, dashes, brackets, signs of relation, a comma between words, the dot of "approx.72". */
const BREAK = /[\s/–—=<>≤≥≈~:;|+±×*"“”()[\]{}]+|,(?!\p{N})|(?<=\p{L}\.)(?=\p{N})/u;

/**
 * The numbers typed by hand in a piece of prose. A name such as SmolLM2-135M or COVID-19 is none; anything that begins
 * with a digit is, "135M" and "3-shot" too, since no rule can tell those from a result.
 */
export function typedNumbers(prose: string): string[] {
  return prose
    .split(BREAK)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%]+$/gu, ''))
    .filter((word) => /\p{N}/u.test(word) && !NAME.test(word));
}

/**
 * The numbers of a title, a heading or a piece of code that look like results: decimals and percentages. Others are
 * names there (Study 2, `k = 3`), and so is a version, which has two dots.
 */
export function typedDecimals(name: string): string[] {
  return typedNumbers(name).filter((word) => /^[^.]*\d\.\d[^.]*$|%$/.test(word));
}

/** The same of TeX, where a whole number of three digits counts too: exponents and the like have fewer. */
export function decimalsInTex(tex: string): string[] {
  return tex.match(/\d*\.\d+|\d+\s*\\?%|\d{3,}/g) ?? [];
}
