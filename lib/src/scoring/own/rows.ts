import { textKey } from '../../datasets/table-texts.js';
import { UserError } from '../../project/error.js';
import { alternatives } from '../../project/nearest.js';
import type { Gold, Row } from '../../tasks/row.js';
import { shapeOf } from '../../tasks/shape-of.js';
import type { Task } from '../../tasks/task.js';

/** A row as builds and files have it; id, gold and keys may be missing. */
type TextRow = Partial<Pick<Row, 'id' | 'gold' | 'keys'>> & Pick<Row, 'texts'>;

/** A row to be asked about: as builds have it, or its texts by field, with `id` and `gold` where it has such. */
export type AskableRow = TextRow | Readonly<Record<string, string>>;

/** A row that is complete but for its gold. */
export interface AskedRow extends Omit<Row, 'gold'> {
  readonly gold?: Gold;
}

const isTextRow = (row: AskableRow): row is TextRow => typeof row.texts === 'object';

/**
 * Rows as a model can be asked about them. One without an id is called by its place, counted from 1; one without keys has
 * hashes of its texts for those that are called as a field.
 *
 * @throws UserError naming the row: a text missing, a field or gold that the task has not, an id twice.
 */
export function askedRows(rows: readonly AskableRow[], task: Task): readonly AskedRow[] {
  const seen = new Set<string>();
  return rows.map((row, index) => {
    const { id = `${index + 1}`, gold, keys, texts } = isTextRow(row) ? row : apart(row);
    const flaw = (message: string, hint: string) =>
      new UserError(`row ${id === `${index + 1}` ? id : `${id} (number ${index + 1})`}: ${message}`, {
        hint,
      });
    if (seen.has(id)) throw flaw('its id is given twice', 'Give each row an id of its own, or none.');
    seen.add(id);
    const fields = Object.keys(task.fields);
    for (const field of Object.keys(texts))
      if (!fields.includes(field))
        throw flaw(`"${field}" is no field of ${task.name}`, alternatives(field, fields));
    for (const [field, { optional }] of Object.entries(task.fields))
      if (!optional && !texts[field]?.trim())
        throw flaw(`no ${field}`, `A row of ${task.name} has ${fields.join(' and ')}.`);
    return {
      id,
      texts: Object.fromEntries(fields.map((field) => [field, texts[field] ?? ''])),
      keys: keys ?? textKeys(texts, task),
      ...(gold !== undefined && { gold: goldOf(gold, task, flaw) }),
    };
  });
}

function apart({ id, gold, ...texts }: Readonly<Record<string, string>>): TextRow {
  return { ...(id !== undefined && { id }), ...(gold !== undefined && { gold }), texts };
}

function goldOf(gold: Gold, task: Task, flaw: (message: string, hint: string) => UserError): Gold {
  try {
    return shapeOf(task).gold(gold);
  } catch (cause) {
    throw flaw(
      `gold: ${cause instanceof Error ? cause.message : cause}`,
      'Leave gold out where there is none.',
    );
  }
}

/** As tables without columns for keys have them. */
const textKeys = (texts: Row['texts'], { keys }: Task): Row['keys'] =>
  Object.fromEntries(Object.keys(keys).map((key) => [key, textKey(texts[key])]));
