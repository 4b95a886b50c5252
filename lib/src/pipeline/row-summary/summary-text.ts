import { rowsText } from '../../audit/wording.js';
import { visible } from '../../project/visible.js';
import { type Row, textOf } from '../../tasks/row.js';
import { fieldsOf, type Task } from '../../tasks/task.js';
import type { RowSummary, Shared, Spread } from './summary.js';

/** A summary as lines for a terminal, under the name of the rows. */
export function summaryText(name: string, { rows, answers, fields, keys }: RowSummary, task: Task): string {
  const { counts, none, spread, cut } = answers;
  const named = Object.entries(counts);
  // Many labels, or long ones, have a line each.
  const inLine = named.map(([label, count]) => `${label} ${whole(count)}`).join(', ');
  const listed = inLine.length > 100 ? named : [];
  const measured = spread && (task.shape === 'text' ? wordsText(spread) : numbersText(spread));
  const lines: readonly Line[] = [
    [
      task.shape === 'spans' ? 'spans' : 'answers',
      [
        measured ?? (listed.length === 0 && inLine),
        none > 0 && `none in ${rowsText(none)}`,
        cut.spans > 0 && cutText(cut),
      ],
    ],
    ...listed.map(([label, count]): Line => [`  ${label}`, [whole(count)]]),
    ...Object.entries(fields).map(
      ([field, { empty, words }]): Line => [
        field,
        [words && wordsText(words), empty > 0 && `empty in ${rowsText(empty)}`],
      ],
    ),
    ...Object.entries(keys).map(
      ([key, { values, none: without }]): Line => [
        `key ${key}`,
        [
          `${whole(values)} ${values === 1 ? 'value' : 'values'}`,
          without > 0 && `none in ${rowsText(without)}`,
        ],
      ],
    ),
  ];
  return [
    `${name}: ${rowsText(rows)} of the task ${task.name} (${task.shape})`,
    ...laidOut(lines, '  '),
  ].join('\n');
}

/** How many rows share what with those of another name, in a line. */
export function sharedText(other: string, { keys, texts }: Shared): string {
  const shared = [
    ...Object.entries(keys).map(([key, count]) => `key ${key} ${whole(count)}`),
    ...Object.entries(texts).map(([field, count]) => `${field} ${whole(count)}`),
  ];
  return `  rows with the same in ${other}: ${shared.join(', ')}`;
}

/** A row with its answer, texts and keys. */
export function rowText(row: Row, task: Task): string {
  const lines: readonly Line[] = [
    ['answer', [answerText(row, task)]],
    ...fieldsOf(task).map((field): Line => [field, [textOf(row, field)]]),
    ...Object.keys(task.keys).map((key): Line => [`key ${key}`, [(row.keys[key] ?? []).join(' | ')]]),
  ];
  return [`  ${visible(row.id)}`, ...laidOut(lines, '    ')].join('\n');
}

function answerText({ gold, texts }: Row, task: Task): string {
  if (!Array.isArray(gold)) return String(gold);
  const [field = ''] = fieldsOf(task);
  const each = gold.map((one) =>
    typeof one === 'object'
      ? `${one.type} ${one.start}-${one.end} "${texts[field]?.slice(one.start, one.end) ?? ''}"`
      : one,
  );
  return each.join(' | ') || 'none';
}

/** What it is, and what is to be said of it; what is null or false is not. */
type Line = readonly [string, readonly (string | false | null)[]];

function laidOut(lines: readonly Line[], indent: string): readonly string[] {
  const width = Math.max(...lines.map(([what]) => what.length));
  return lines.map(([what, said]) =>
    visible(`${indent}${what.padEnd(width)}  ${said.filter(Boolean).join('; ')}`).trimEnd(),
  );
}

const wordsText = ({ lowest, median, highest }: Spread) =>
  `${whole(lowest)} to ${whole(highest)} words, median ${whole(median)}`;

const numbersText = ({ lowest, lowerQuartile, median, upperQuartile, highest }: Spread) =>
  `${number(lowest)} to ${number(highest)}, quartiles ${[lowerQuartile, median, upperQuartile].map(number).join(', ')}`;

const number = (value: number) => String(Number(value.toPrecision(6)));
const whole = (count: number) => count.toLocaleString('en');

/** `2 begin or end inside a word, first in my-data:train:r7`: what slipped offsets do, and part of what words are made of. */
export const cutText = ({ spans, first }: RowSummary['answers']['cut']) =>
  `${whole(spans)} ${spans === 1 ? 'begins or ends' : 'begin or end'} inside a word, first in ${first}`;
