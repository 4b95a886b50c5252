import { factsOf } from '../../datasets/facts.js';
import { confusion } from '../../metrics/confusion.js';
import { evaluate } from '../../metrics/evaluation.js';
import { mainMeasure, measuresOf } from '../../metrics/measures/measures.js';
import { formatNumber, formatRange } from '../../reporting/format.js';
import { type Cell, tableText } from '../../reporting/table.js';
import type { Prediction } from '../../scoring/own/score.js';
import type { Row } from '../../tasks/row.js';
import { shapeOf } from '../../tasks/shape-of.js';
import type { Task } from '../../tasks/task.js';

/** A prediction, and the row with its gold that it is about. */
interface Judged {
  readonly row: Row;
  readonly prediction: Prediction;
}

/**
 * Scores of predictions of rows that have gold, with intervals, as a terminal shows them; of a task of one label a row also
 * how often which label was taken for which. Undefined where no row has gold.
 *
 * @param rows of the predictions, in their order: their texts, which some measures take.
 */
export function scoresText(
  predictions: readonly Prediction[],
  rows: readonly Pick<Row, 'texts'>[],
  task: Task,
): string | undefined {
  const judged = predictions.flatMap((prediction, index): Judged[] => {
    const { id, gold, keys } = prediction;
    return gold === undefined
      ? []
      : [{ prediction, row: { id, gold, keys, texts: rows[index]?.texts ?? {} } }];
  });
  if (judged.length === 0) return undefined;
  const tables = [measured(judged, predictions.length, task), ...confused(judged, task)];
  return tables.join('\n\n');
}

function measured(judged: readonly Judged[], all: number, task: Task): string {
  const answers = judged.map(({ prediction: { scored, prediction } }) => scored ?? prediction);
  const facts = judged.map(({ row }) => factsOf(row, task));
  const estimates = evaluate(task, facts, [answers]);
  const main = [mainMeasure(task).id, ...shapeOf(task).measures];
  const wanted = measuresOf(task).filter(({ id, label }) => main.includes(id) || label !== undefined);
  const notes = new Set<string>();
  const rows = wanted.map(({ id, title, format }): Cell[] => {
    const { number, interval, note } = estimates.of(id);
    if (note !== undefined) notes.add(`${title}: ${note}.`);
    return [title, formatNumber(number, { format }), interval ? formatRange(interval, { format }) : '—'];
  });
  const none = answers.filter((answer) => answer === null).length;
  const { counts } = shapeOf(task).unanswered;
  return tableText({
    caption: `${whole(judged.length)} of ${whole(all)} rows have gold${none > 0 ? `; ${whole(none)} of them were not answered, and count ${counts}` : ''}:`,
    columns: [
      { id: 'score', title: 'score' },
      { id: 'number', title: '', align: 'right' },
      { id: 'interval', title: '95 % interval' },
    ],
    rows,
    notes: [...notes],
  });
}

function confused(judged: readonly Judged[], task: Task): readonly string[] {
  if (task.shape !== 'one-of') return [];
  const { labels, counts } = confusion(
    task,
    judged.map(({ row }) => row),
    judged.map(({ prediction: { prediction } }) => prediction),
  );
  const unanswered = judged.some(({ prediction: { prediction } }) => prediction === null);
  const answers = [...labels, ...(unanswered ? ['no answer'] : [])];
  return [
    tableText({
      caption: 'gold, and what was predicted:',
      columns: [
        { id: 'gold', title: 'gold' },
        ...answers.map((title) => ({ id: title, title, format: 'count' as const })),
      ],
      rows: labels.map((gold, line) => [gold, ...answers.map((_, at) => counts[line]?.[at] ?? 0)]),
    }),
  ];
}

const whole = (count: number) => count.toLocaleString('en');
