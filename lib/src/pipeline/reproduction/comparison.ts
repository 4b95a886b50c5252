import type { Published } from '../../paper/published.js';
import type { Cell, PublishedTable } from '../../reporting/table.js';
import { farthest, type Tolerance, tolerance } from './tolerance.js';

/** A published thing, as committed and as made again. */
export interface Compared {
  readonly kind: 'value' | 'table' | 'figure';
  readonly id: string;
  readonly notebook: string;
  readonly class: Tolerance;
  /** Each number or text that is not the same, in words. */
  readonly differences: readonly string[];
  /** Of how many of its sources the committed record was taken, since it could not be made again. */
  readonly taken: number;
  readonly sources: number;
}

/**
 * Compares all that `committed` holds of the named notebooks with what was made again, and tells what is new in it.
 *
 * @param isTaken whether a source of the second, by its path, is a committed record that was not made again.
 */
export function compareReproduction(
  committed: Published,
  again: Published,
  notebooks: readonly string[],
  isTaken: (path: string) => boolean,
): readonly Compared[] {
  const compared: Compared[] = [];
  const add = (
    kind: Compared['kind'],
    id: string,
    notebook: string,
    sources: readonly { readonly path: string }[],
    outcome: { readonly class: Tolerance; readonly differences: readonly string[] },
  ) => {
    if (!notebooks.includes(notebook)) return;
    const paths = [...new Set(sources.map(({ path }) => path))];
    compared.push({
      kind,
      id,
      notebook,
      ...outcome,
      taken: paths.filter(isTaken).length,
      sources: paths.length,
    });
  };
  for (const [id, { content, notebook }] of committed.values) {
    const other = again.values.get(id)?.content;
    const found = tolerance(content.number, other?.number, content.interval);
    const differences = found === 'exact' ? [] : [`${content.number} -> ${other?.number ?? 'missing'}`];
    add('value', id, notebook, other?.sources ?? [], { class: found, differences });
  }
  for (const [id, { content, notebook }] of committed.tables) {
    const other = again.tables.get(id)?.content;
    add('table', id, notebook, other?.sources ?? [], tableOutcome(content, other));
  }
  for (const [id, { svg, notebook }] of committed.figures) {
    const other = again.figures.get(id);
    add('figure', id, notebook, other?.content.sources ?? [], {
      class: !other ? 'missing' : other.svg === svg ? 'exact' : 'redrawn',
      differences: other?.svg === svg ? [] : [other ? 'it is drawn differently' : 'missing'],
    });
  }
  for (const kind of ['value', 'table', 'figure'] as const) {
    const [before, after] = [committed[`${kind}s`], again[`${kind}s`]];
    for (const [id, { content, notebook }] of after) {
      if (before.has(id)) continue;
      add(kind, id, notebook, content.sources, { class: 'new', differences: ['nothing to compare it with'] });
    }
  }
  return compared;
}

function tableOutcome(table: PublishedTable, other: PublishedTable | undefined) {
  if (!other) return { class: 'missing' as const, differences: ['missing'] };
  const [before, after] = [shapeOf(table), shapeOf(other)];
  const classes: Tolerance[] = [before === after ? 'exact' : 'outside'];
  const differences = before === after ? [] : [`${before} -> ${after}`];
  for (const [index, row] of table.rows.entries()) {
    for (const [column, cell] of row.entries()) {
      const now = other.rows[index]?.[column];
      if (now === undefined) continue;
      const found = cellTolerance(cell, now);
      classes.push(found);
      const place = `row ${index + 1}, ${table.columns[column]?.title ?? column + 1}`;
      if (found !== 'exact') differences.push(`${place}: ${cellText(cell)} -> ${cellText(now)}`);
    }
  }
  return { class: farthest(classes), differences };
}

const shapeOf = ({ rows, columns }: PublishedTable) =>
  `${rows.length} rows under ${columns.map(({ id }) => id).join(', ')}`;

function cellTolerance(cell: Cell, now: Cell): Tolerance {
  const [before, after] = [numberOf(cell), numberOf(now)];
  if (before === undefined || after === undefined)
    return cellText(cell) === cellText(now) ? 'exact' : 'outside';
  return tolerance(before, after, typeof cell === 'object' && cell !== null ? cell.interval : undefined);
}

const numberOf = (cell: Cell): number | undefined => {
  if (typeof cell === 'number') return cell;
  return typeof cell === 'object' && cell !== null ? cell.number : undefined;
};

const cellText = (cell: Cell): string => String(numberOf(cell) ?? cell ?? 'nothing');
