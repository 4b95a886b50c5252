import type { Answer } from '../../tasks/shape.js';
import { family, type Measure, unfit } from '../measure.js';
import { type Rouge, rouge } from './rouge.js';

/** How good a written answer is, by measure: what a record keeps of it, since texts are kept elsewhere. */
export type WrittenScores = Rouge & Readonly<Record<'exact-match', number>>;

/** Scores a written answer against the texts that would be right. */
export function writtenScores(candidate: string, references: readonly string[]): WrittenScores {
  return { 'exact-match': exactMatch(candidate, references), ...rouge(candidate, references) };
}

/**
 * 1 where a text equals one that is right but for case, ASCII punctuation, articles and white space, else 0: the exact
 * match of SQuAD (Rajpurkar et al. 2016).
 */
function exactMatch(candidate: string, references: readonly string[]): number {
  return references.some((reference) => normal(reference) === normal(candidate)) ? 1 : 0;
}

const normal = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[!-/:-@[-`{-~]/g, '')
    .replaceAll(/(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');

/** Means over rows of what was scored when each answer was read (`writtenScores`); 0 where there was none. */
export function textMeasures(): readonly Measure[] {
  const titles: Readonly<Record<keyof WrittenScores, string>> = {
    'exact-match': 'exact match',
    'rouge-1': 'ROUGE-1',
    'rouge-2': 'ROUGE-2',
    'rouge-l': 'ROUGE-L',
  };
  const ids = Object.entries(titles);
  const means = family(1 + ids.length, (add, _gold, answer, row) => {
    add(0);
    if (answer === null) return;
    for (const [index, [id]] of ids.entries()) add(1 + index, scoreOf(answer, id, row));
  });
  return ids.map(([id, title], index) => ({
    ...{ id, title, format: 'percent', better: 'higher', family: means },
    overRows: id === 'exact-match' ? 'right' : 'score',
    of: (sums) => (sums[1 + index] ?? 0) / (sums[0] ?? 0),
  }));
}

function scoreOf(answer: Answer, id: string, row: number): number {
  const score =
    typeof answer === 'object' &&
    !Array.isArray(answer) &&
    Object.entries(answer).find(([key]) => key === id)?.[1];
  if (typeof score === 'number') return score;
  throw unfit(
    { what: 'answer', row },
    answer,
    `Give its scores by measure, ${id} among them: writtenScores makes them.`,
  );
}
