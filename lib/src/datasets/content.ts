import { words } from '../learners/tfidf.js';

/** English articles, pronouns, prepositions, conjunctions and auxiliaries: words that say nothing of the topic. */
const FUNCTION_WORDS = new Set(
  `about above after again against all also although am among an and any are as at be because been before being
  below between both but by can could did do does doing down during each either few for from further had has
  have having he her here hers him his how however if in into is it its itself may me might more most must my
  neither no nor not of off on once only onto or other our ours out over own per rather same shall she should
  since so some such than that the their theirs them then there these they this those though through thus to
  too toward towards under until up upon us very via was we were what when where whether which while who whom
  whose why will with within without would yet you your yours`.split(/\s+/),
);

/** The distinct words of a text other than function words. */
function contentWords(text: string): ReadonlySet<string> {
  return new Set(words(text).filter((word) => !FUNCTION_WORDS.has(word)));
}

/** Share of the claim's content words that occur in the evidence, 0..1; 0 for a claim of function words alone. */
export function lexicalOverlap(claim: string, evidence: string): number {
  const wanted = [...contentWords(claim)];
  const there = contentWords(evidence);
  return wanted.length === 0 ? 0 : wanted.filter((word) => there.has(word)).length / wanted.length;
}
