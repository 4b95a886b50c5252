import { writtenScores } from '../metrics/measures/text.js';
import type { Gold } from '../tasks/row.js';
import type { Answer } from '../tasks/shape.js';
import type { Task } from '../tasks/task.js';

/** What a single answer is worth. */
export interface Judged {
  /** Whether it counts as right on the page (`rightMeans`); null where there is no gold. */
  readonly right: boolean | null;
  /** 0..1, to bring the worst rows first; null where there is no gold. */
  readonly score: number | null;
}

/** A number no further off than this share of its range counts as right on the page. */
const NEAR = 0.1;
/** A text with at least this much ROUGE-L does. */
const ALIKE = 0.5;

/** What counts as right, as the page says it. Scores of the task are none of this: they do not cut at a threshold. */
export const rightMeans = ({ shape }: Task): string =>
  ({
    'one-of': 'Right: the gold label.',
    'some-of': 'Right: exactly the gold labels.',
    number: `Right: off by no more than ${100 * NEAR} % of the range.`,
    spans: 'Right: exactly the gold spans.',
    text: `Right: a ROUGE-L of ${ALIKE} or more.`,
  })[shape];

/** Judges one answer, so that rows can be sorted and filtered. @param answer null where there is none, which is not right. */
export function judged(task: Task, gold: Gold | undefined, answer: Answer | null): Judged {
  if (gold === undefined) return { right: null, score: null };
  if (answer === null) return { right: false, score: 0 };
  if (task.shape === 'number') {
    const [low, high] = task.range;
    const share = Math.abs(Number(gold) - Number(answer)) / (high - low);
    return { right: share <= NEAR + 1e-9, score: Math.max(0, 1 - share) };
  }
  if (task.shape === 'text') {
    const score = rougeOf(answer, gold);
    return { right: score >= ALIKE, score };
  }
  const [wanted, named] = [parts(gold), parts(answer)];
  const hits = named.filter((part) => wanted.includes(part)).length;
  const all = wanted.length + named.length;
  return { right: hits === wanted.length && hits === named.length, score: all === 0 ? 1 : (2 * hits) / all };
}

/** Of a text its ROUGE-L, which records keep in place of it. */
function rougeOf(answer: Answer, gold: Gold): number {
  if (typeof answer === 'string' && Array.isArray(gold))
    return writtenScores(
      answer,
      gold.filter((text) => typeof text === 'string'),
    )['rouge-l'];
  const scores: [string, unknown][] = typeof answer === 'object' ? Object.entries(answer) : [];
  return Number(scores.find(([id]) => id === 'rouge-l')?.[1] ?? 0);
}

/** A label, the labels of a set or the spans, each as a text that is equal where they are. */
function parts(answer: Answer | Gold): readonly string[] {
  const all: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  return all.map(partText);
}

function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null) return String(part);
  const { type, start, end } = { type: '', start: 0, end: 0, ...part };
  return JSON.stringify([type, start, end]);
}
