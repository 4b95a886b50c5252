import { UserError } from '../project/error.js';
import type { Answer } from '../tasks/shape.js';
import type { Answers } from './measure.js';
import type { Measured } from './measures/measures.js';

/** What a record holds of a row: log-probabilities of a task's labels in their order, or an answer, null where there is none. */
export type RecordedAnswer =
  | {
      readonly id: string;
      readonly logprobs: readonly number[];
      /** Labels whose probability is known no further than that it is low. */
      readonly bounded?: readonly string[];
    }
  | { readonly id: string; readonly answer: Answer | null };

/**
 * A system's answer to each of `rows`, in their order: of log-probabilities the most probable label. Null where it gave
 * none: it refused, answered in other words, or its endpoint told the probability of no label.
 *
 * @param record the file that the answers are from; its rows then stand in the order of `rows`. Default: they may stand in any.
 * @throws UserError where a row has no answer, or answers belong to no row; of a record with its file and line.
 *
 * @example
 * const recorded = [{ id: 'b', answer: null }, { id: 'a', logprobs: [-0.1, -2.4] }];
 * answersTo({ shape: 'one-of', labels: ['yes', 'no'] }, [{ id: 'a' }, { id: 'b' }], recorded); // -> ['yes', null]
 */
export function answersTo(
  task: Measured,
  rows: readonly { readonly id: string }[],
  recorded: readonly RecordedAnswer[],
  record?: string,
): Answers {
  const labels = 'labels' in task ? task.labels : [];
  const byId = new Map(recorded.map((each) => [each.id, each]));
  const at = record === undefined ? {} : { file: record };
  if (byId.size !== rows.length)
    throw new UserError(`${rows.length} rows but answers to ${byId.size}`, { at });
  return rows.map(({ id }, index) => {
    const each = byId.get(id);
    if (!each) throw new UserError(`no answer to row ${id}`, { at });
    const there = recorded[index]?.id;
    if (record !== undefined && there !== id) {
      throw new UserError(`${there} stands where ${id} does in the build`, {
        // After the header, and counted from 1.
        at: { ...at, line: index + 2, field: 'id' },
      });
    }
    if ('answer' in each) return each.answer;
    return each.bounded?.length === labels.length ? null : mostProbable(each.logprobs, labels);
  });
}

/**
 * The most probable label; of equals, the first in the order of the labels.
 * @throws UserError for a number that is NaN, and for as many as there are no labels.
 */
export function mostProbable(logprobs: readonly number[], labels: readonly string[]): string {
  const [first] = labels;
  if (first === undefined || logprobs.length !== labels.length)
    throw new UserError(`${logprobs.length} log-probabilities of ${labels.length} labels`);
  let [best, highest] = [first, Number.NEGATIVE_INFINITY];
  for (const [index, label] of labels.entries()) {
    const logprob = logprobs[index] ?? Number.NaN;
    if (Number.isNaN(logprob)) throw new UserError(`the log-probability of ${label} is not a number`);
    if (logprob > highest) [best, highest] = [label, logprob];
  }
  return best;
}

/**
 * How far a row leans to a label and not to some others, in nats: the log-odds of them alone.
 *
 * @example
 * logOdds([-0.25, -2, -4], ['yes', 'no', 'maybe'], 'yes', ['no']); // -> 1.75
 */
export function logOdds(
  logprobs: readonly number[],
  labels: readonly string[],
  label: string,
  others: readonly string[] = labels.filter((each) => each !== label),
): number {
  const of = (each: string) => logprobs[labels.indexOf(each)] ?? Number.NaN;
  const [only = Number.NaN] = others.map(of);
  const rest =
    others.length === 1 ? only : Math.log(others.reduce((sum, each) => sum + Math.exp(of(each)), 0));
  return of(label) - rest;
}
