/** What models write around their thoughts. */
const NAMES = 'think|thinking|thought|reasoning|reflection';
const OPENING = String.raw`<(?:${NAMES})>|\[THINK\]|<\|(?:START_THINKING|begin_of_thought)\|>|<\|channel\|>analysis`;
const CLOSING = String.raw`</(?:${NAMES})>|\[/THINK\]|<\|(?:END_THINKING|end_of_thought)\|>|<\|channel\|>final(?:<\|message\|>)?`;
const OPENED = new RegExp(OPENING, 'gi');
const CLOSED = new RegExp(CLOSING, 'gi');
const MARK = new RegExp(`(${OPENING})|${CLOSING}`, 'gi');

/** Whether a prompt ends within a thought. */
export const opensThought = (end: string): boolean => lastOf(end, OPENED) > lastOf(end, CLOSED);

/**
 * Whether a model may think before it answers: its template speaks of thoughts, and what stands before an answer does not
 * end one.
 *
 * @param end what a rendered prompt ends with.
 */
export const mayThink = (template: string | undefined, end: string): boolean =>
  template !== undefined && lastOf(template, OPENED) >= 0 && lastOf(end, CLOSED) < 0;

const lastOf = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].at(-1)?.index ?? -1;

/**
 * A reply without its thoughts, also one that a limit cut off, and one that the prompt had begun: what stands before a
 * first closing mark that nothing opened is thought, if something follows.
 *
 * @example
 * withoutThoughts('It may be false.</think>True'); // -> 'True'
 */
export function withoutThoughts(reply: string): string {
  const kept: string[] = [];
  let from = 0;
  let within = false;
  for (const { 0: mark, 1: opening, index } of reply.matchAll(MARK)) {
    const end = index + mark.length;
    const begunBefore = from === 0 && opening === undefined && reply.slice(end).trim() !== '';
    if (!within && !begunBefore) kept.push(reply.slice(from, index));
    within = opening !== undefined;
    from = end;
  }
  if (!within) kept.push(reply.slice(from));
  return kept.join(' ');
}
