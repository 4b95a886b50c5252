import { jsonList } from '../../datasets/formats/cells.js';
import { spanType } from '../../datasets/formats/spans.js';
import type { Table } from '../../datasets/formats/table.js';
import { labelParts } from '../../datasets/gold.js';
import { areLabelSets } from '../../datasets/label-forms.js';
import { cellsOf } from '../../datasets/task-columns.js';
import type { ShapeName } from '../../tasks/task.js';

/** More different answers than this and they are no labels. */
const MOST_LABELS = 30;

/** What the answers of a column look like, and the labels they name. */
export interface GuessedAnswers {
  readonly shape: ShapeName;
  readonly labels?: readonly string[];
  readonly range?: readonly [number, number];
  /** Decimals of numbers. */
  readonly digits?: number;
}

/**
 * What answers look like: spans, sets, numbers, one label of some, or texts; as told, where a shape is. Cells are sets
 * where they part into a few short items that come again.
 *
 * @param words what labels are known by.
 */
export function guessAnswers(
  table: Table,
  gold: string,
  told: ShapeName | undefined,
  words: readonly string[],
): GuessedAnswers {
  const cells = cellsOf(table, gold).filter(({ text }) => text !== '');
  const lists = cells.map(({ text, value }) => (Array.isArray(value) ? value : jsonList(text)));
  const items = lists.flatMap((list) => list ?? []);
  const labels = [...new Set(cells.map(({ text }) => text))].sort();
  const sets = cells.map(({ text }, at) =>
    (lists[at] ?? (text.startsWith('[') ? [text] : labelParts(text, words))).map((part) =>
      String(part).trim(),
    ),
  );
  const parts = [...new Set(sets.flat())].filter(Boolean).sort();
  const shape = told ?? shapeOf();
  if (shape === 'number') {
    const numbers = cells.map(({ text }) => Number(text));
    const decimals = cells.map(({ text }) => /\.(\d+)$/.exec(text)?.[1]?.length ?? 0);
    return {
      shape,
      range: [Math.floor(Math.min(0, ...numbers)), Math.ceil(Math.max(...numbers))],
      digits: Math.min(6, Math.max(...decimals)),
    };
  }
  if (shape === 'one-of') return { shape, labels };
  if (shape === 'some-of') return { shape, labels: parts };
  if (shape === 'spans') return { shape, labels: [...new Set(items.map(spanType))].filter(Boolean).sort() };
  return { shape };

  function shapeOf(): ShapeName {
    if (items.some((item) => typeof item === 'object')) return 'spans';
    if (
      items.length > 0 ||
      areLabelSets(
        cells.map(({ text }) => text),
        sets,
      )
    )
      return 'some-of';
    const numeric = cells.every(({ text }) => Number.isFinite(Number(text)));
    if (numeric && (labels.length > 10 || labels.some((text) => !Number.isInteger(Number(text)))))
      return 'number';
    return labels.length <= MOST_LABELS && labels.length < cells.length ? 'one-of' : 'text';
  }
}
