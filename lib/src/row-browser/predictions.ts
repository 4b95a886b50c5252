import { type AskableRow, askedRows } from '../scoring/own/rows.js';
import type { Prediction } from '../scoring/own/score.js';
import { labelsOf, type Task } from '../tasks/task.js';
import type { Browsed, BrowsedAnswer } from './page-rows.js';

/**
 * What a model answers about rows of one's own, to be looked through.
 *
 * @param rows as `score` was given them
 *
 * @example
 * const rows = [{ id: 'soap', claim: 'Soap helps.', evidence: 'It does.' }];
 * const predictions = [{ id: 'soap', prediction: null, keys: {} }];
 * const about = { name: 'soap', system: 'a model', task: findTask('claim-verification') };
 * browsedPredictions(predictions, rows, about).rows; // -> [{ id: 'soap', texts: { claim: 'Soap helps.', evidence: 'It does.' } }]
 */
export function browsedPredictions(
  predictions: readonly Prediction[],
  rows: readonly AskableRow[],
  { name, system, task }: { readonly name: string; readonly system: string; readonly task: Task },
): Browsed {
  const asked = askedRows(rows, task);
  return {
    name,
    title: name,
    task,
    rows: predictions.map(({ id, gold }, at) => ({
      id,
      texts: asked[at]?.texts ?? {},
      ...(gold !== undefined && { gold }),
    })),
    systems: [{ name: system, answers: new Map(predictions.map((each) => [each.id, answerOf(each, task)])) }],
  };
}

function answerOf(
  { prediction, probabilities, mass, written, scored }: Prediction,
  task: Task,
): BrowsedAnswer {
  return {
    answer: scored === undefined ? prediction : scored,
    ...(probabilities && { probabilities: labelsOf(task).map((label) => probabilities[label] ?? 0) }),
    ...(mass !== undefined && { mass }),
    ...(written !== undefined && { written }),
  };
}
