import { UserError } from '../project/error.js';
import { goldLabels, LABELS, type Label } from '../tasks/example.js';
import type { RowFacts } from '../tasks/row.js';
import type { Answer } from '../tasks/shape.js';
import { type LabelLogprobs, prediction } from './prediction.js';

/** What a model said of a row: log-probabilities of the labels, or an answer in words, null where it is none. */
export type Said =
  | { readonly id: string; readonly logprobs: LabelLogprobs; readonly bounded?: readonly string[] }
  | { readonly id: string; readonly answer: Answer | null };

/**
 * The label that a model gave each of `rows`, in their order; null where it gave none: it refused, answered in other
 * words, or its endpoint told the probability of no label.
 *
 * @throws UserError where a row has no answer, or answers belong to no row.
 */
export function judgements(
  rows: readonly { readonly id: string }[],
  said: readonly Said[],
): (Label | null)[] {
  const byId = new Map(said.map((each) => [each.id, each]));
  if (byId.size !== rows.length) throw new UserError(`${rows.length} rows but answers to ${byId.size}`);
  return rows.map(({ id }) => {
    const each = byId.get(id);
    if (!each) throw new UserError(`no answer to row ${id}`);
    if ('answer' in each) return LABELS.find((label) => label === each.answer) ?? null;
    return each.bounded?.length === LABELS.length ? null : prediction(each.logprobs);
  });
}

/**
 * Judgements as predictions, a missing one counted as wrong: as the label after the row's own, in the order of LABELS.
 * Unanswered rows thus lower the scores and are not dropped. F1 comes out slightly below what a fourth class that
 * nobody belongs to would give, because the label they are counted as is predicted more often.
 */
export function countedAsWrong(rows: readonly RowFacts[], judged: readonly (Label | null)[]): Label[] {
  if (rows.length !== judged.length)
    throw new UserError(`${rows.length} rows but ${judged.length} judgements`);
  return goldLabels(rows).map(
    (label, row) => judged[row] ?? LABELS[(LABELS.indexOf(label) + 1) % LABELS.length] ?? label,
  );
}
