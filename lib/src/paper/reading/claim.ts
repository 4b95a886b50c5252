import { formatDifference, formatNumber } from '../../reporting/format.js';
import type { Value } from '../../reporting/value.js';
import { type ComparisonTest, supports, VERDICTS, type Verdict, verdictOf } from '../../reporting/verdict.js';
import { type Inline, text } from '../document.js';
import { nearest } from '../problem.js';
import { lookUp, type Scope } from './scope.js';

/** Other forms a sentence may need of a verdict. */
const FORMS: ReadonlyMap<string, Verdict> = new Map([
  ...VERDICTS.map((verdict) => [verdict, verdict] as const),
  ['outperform', 'outperforms'],
  ['outperformed', 'outperforms'],
  ['are outperformed by', 'is outperformed by'],
  ['match', 'matches'],
  ['matched', 'matches'],
  ['do not differ from', 'does not differ from'],
  ['did not differ from', 'does not differ from'],
  ['is not found to differ from', 'does not differ from'],
  ['are not found to differ from', 'does not differ from'],
]);

/**
 * The words of a claim, ``{claim}`id: outperforms` ``, if the test of the published comparison `id` supports them; else
 * a complaint that says what it does support.
 */
export function claim(
  content: string,
  { published, used }: Scope,
  complain: (message: string, hint?: string) => void,
): Inline[] {
  const [, id = '', words = ''] = /^([^:\s]+):\s*(.+)$/s.exec(content) ?? [];
  const verdict = FORMS.get(words.replace(/\s+/g, ' '));
  if (!verdict) {
    complain(
      `"${content}" is no claim`,
      id && words ? nearest(words, [...FORMS.keys()], '') : 'Write {claim}`id-of-a-comparison: outperforms`.',
    );
    return [];
  }
  const found = lookUp('value', id, published.values, used, complain);
  if (!found) return [];
  const { number, format, test, notebook } = found.content;
  if (!test) {
    complain(
      `"${id}" is no comparison`,
      `Publish it with publishComparisons in notebooks/${notebook}.ipynb.`,
    );
    return [];
  }
  if (!supports(verdict, number, test)) {
    complain(`the test of "${id}" does not support "${words}"`, evidence(number, format, test));
    return [];
  }
  return [text(words)];
}

function evidence(difference: number, format: Value['format'], test: ComparisonTest): string {
  const p = (number: number) => formatNumber(number, { format: 'p-value' });
  const { equivalence } = test;
  const verdict = verdictOf(difference, test);
  if (verdict === undefined) return `It could not be tested, since ${test.reason}.`;
  return (
    `It supports "${verdict}": ${formatDifference(difference, format)}, ` +
    `corrected p ${p(test.corrected)} of no difference and ${p(equivalence.corrected ?? equivalence.p)} of one beyond ` +
    `${formatDifference(equivalence.margin, format)}, at ${test.alpha.toFixed(2)}.`
  );
}
