import { visible } from '../../project/visible.js';
import { tableCsv } from '../../reporting/csv.js';
import { type Cell, type Column, tableText } from '../../reporting/table.js';
import type { Prediction } from '../../scoring/own/score.js';
import type { Gold } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { labelsOf, type Task } from '../../tasks/task.js';

/** What a file of predictions begins with. */
export const BEGINS = /^(?:id,prediction|\{"id":(?:"(?:[^"\\]|\\.)*"),"prediction":)/;

/** Longer than this and a cell of a terminal is cut. */
const LONGEST = 40;

/** Predictions as CSV, a row each: id, prediction, a probability a label or what was written, and gold where there is any. */
export function predictionsCsv(predictions: readonly Prediction[], task: Task): string {
  const all = columnsOf(predictions, task);
  return tableCsv({
    caption: 'Predictions.',
    columns: all.map(({ column }) => column),
    rows: predictions.map((row) => all.map(({ cell }) => cell(row))),
  });
}

/** The same as JSON Lines, probabilities by label. */
export const predictionsJsonl = (predictions: readonly Prediction[]): string =>
  predictions
    .map(({ id, prediction, probabilities, mass, written, gold }) => {
      const shares =
        probabilities &&
        Object.fromEntries(Object.entries(probabilities).map(([label, each]) => [label, six(each)]));
      return `${JSON.stringify({ id, prediction, probabilities: shares, mass, written, gold })}\n`;
    })
    .join('');

/** The first predictions for a terminal. */
export function predictionsText(predictions: readonly Prediction[], task: Task, most: number): string {
  const shown = predictions.slice(0, most);
  const all = columnsOf(predictions, task).filter(({ inFilesAlone }) => !inFilesAlone);
  const more = predictions.length - shown.length;
  return tableText({
    caption: '',
    columns: all.map(({ column }) => column),
    rows: shown.map((row) => all.map(({ cell }) => cutShort(cell(row)))),
    ...(more > 0 && { notes: [`... and ${more.toLocaleString('en')} more`] }),
  }).trimStart();
}

/** A single prediction for a terminal: the answer, and under it the labels, the most probable first. */
export function predictionText({ prediction, probabilities, written = '' }: Prediction): string {
  if (!probabilities) {
    if (prediction === null) return `no answer; it wrote: ${visible(written, '\n')}`;
    // Of sets and spans the words say more than labels and places.
    return visible(typeof prediction === 'object' ? written.trim() : answerText(prediction), '\n');
  }
  const labels = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return tableText({
    caption: `${prediction === null ? 'no answer' : answerText(prediction)}\n`,
    columns: [
      { id: 'label', title: 'label' },
      { id: 'probability', title: 'probability', format: 'decimal', digits: 3 },
    ],
    rows: labels,
  });
}

interface PredictionColumn {
  readonly column: Column;
  readonly inFilesAlone?: boolean;
  cell(row: Prediction): Cell;
}

function columnsOf(predictions: readonly Prediction[], task: Task): readonly PredictionColumn[] {
  const some = (has: (row: Prediction) => unknown) => predictions.some((row) => has(row) !== undefined);
  const scored = some(({ probabilities }) => probabilities);
  const hasGold = some(({ gold }) => gold);
  const number = (id: string, title: string): Column => ({ id, title, format: 'decimal', digits: 3 });
  const rounded = (share: number | undefined) => (share === undefined ? null : six(share));
  const labels = scored ? labelsOf(task) : [];
  return [
    { column: { id: 'id', title: 'id' }, cell: ({ id }) => id },
    {
      column: { id: 'prediction', title: 'prediction' },
      cell: ({ prediction }) => (prediction === null ? null : answerText(prediction)),
    },
    ...labels.map((label) => ({
      column: number(`p_${label}`, label),
      cell: ({ probabilities }: Prediction) => rounded(probabilities?.[label]),
    })),
    ...(scored && hasGold
      ? [
          {
            column: number('p_gold', 'gold'),
            inFilesAlone: true,
            cell: ({ probabilities, gold }: Prediction) => rounded(probabilities?.[String(gold)]),
          },
        ]
      : []),
    ...(scored
      ? [
          {
            column: number('mass', 'mass'),
            inFilesAlone: true,
            cell: ({ mass }: Prediction) => rounded(mass),
          },
        ]
      : [
          {
            column: { id: 'written', title: 'written' },
            inFilesAlone: task.shape === 'text',
            cell: ({ written }: Prediction) => written ?? null,
          },
        ]),
    ...(hasGold
      ? [
          {
            column: { id: 'gold', title: 'gold' },
            cell: ({ gold }: Prediction) => (gold === undefined ? null : answerText(gold)),
          },
        ]
      : []),
  ];
}

/** An answer in a cell: labels of a set parted by bars, as they are read; spans as JSON. */
function answerText(answer: Answer | Gold): string {
  if (typeof answer !== 'object') return String(answer);
  if (!Array.isArray(answer)) return JSON.stringify(answer);
  const items: readonly unknown[] = answer;
  return items.every((each) => typeof each === 'string') ? items.join('|') : JSON.stringify(items);
}

function cutShort(cell: Cell): Cell {
  if (typeof cell !== 'string') return cell;
  const text = visible(cell);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Logarithms are kept with six decimals, so that more of a probability would say nothing. */
const six = (share: number) => Math.round(share * 1e6) / 1e6;
