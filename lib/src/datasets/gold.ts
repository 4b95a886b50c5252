import { type Location, UserError } from '../project/error.js';
import { nearest } from '../project/nearest.js';
import type { Gold } from '../tasks/row.js';
import { shapeOf } from '../tasks/shape-of.js';
import type { Task } from '../tasks/task.js';
import { jsonList } from './formats/cells.js';
import { type Offsets, spansOf } from './formats/spans.js';
import { normaliseSpace } from './text.js';

/** What a file calls labels or types, and what its task calls them; one that is left out is called alike. */
type LabelWords = Readonly<Record<string, string>>;

export interface GoldOptions {
  readonly words?: LabelWords | undefined;
  /** The first field as the file has it, which offsets count in. */
  readonly text?: string;
  /** What they count; default: as `spansOf`. */
  readonly offsets?: Offsets | undefined;
  /** Where it is told what files call a label, as a sentence; default: in the entry of the data set. */
  readonly wordsToldAt?: string | undefined;
}

/**
 * The gold answer of a row as a file has it: a cell's text or a value of JSON. Labels are read by the file's words for
 * them; of sets they come as a list, its JSON, or text parted by `|`, `,` or `;`; spans as annotation tools write them.
 * An empty value is no label of a set, and no span. Of written answers a list, or its JSON, holds several.
 *
 * @throws UserError at `at`: empty, or no answer of the task; for a label with the one that it is most like.
 */
export function readGold(
  task: Task,
  value: unknown,
  at: Location,
  { words = {}, text = '', offsets, wordsToldAt }: GoldOptions = {},
): Gold {
  const empty = value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
  const said = (each: unknown) => {
    const word = normaliseSpace(typeof each === 'string' ? each : JSON.stringify(each));
    return Object.hasOwn(words, word) ? (words[word] ?? word) : word;
  };
  const known = (each: unknown, labels: readonly string[]) => {
    const label = said(each);
    if (labels.includes(label)) return label;
    throw unknownName(
      task.shape === 'spans' ? 'type' : 'label',
      label,
      [...new Set([...Object.keys(words), ...labels])],
      at,
      wordsToldAt,
    );
  };
  try {
    switch (task.shape) {
      case 'one-of':
        if (empty)
          throw new UserError('empty', {
            at,
            hint: 'A row has one label of these; where it may have none, the task is some-of. Else take the row out.',
          });
        return known(value, task.labels);
      case 'some-of': {
        const set = empty ? [] : labelParts(value, [...Object.keys(words), ...task.labels]);
        return shapeOf(task).gold(set.map((each) => known(each, task.labels)));
      }
      case 'spans':
        return shapeOf(task).gold(
          empty
            ? []
            : spansOf(value, text, offsets).map((span) => ({ ...span, type: known(span.type, task.types) })),
        );
      case 'number':
        if (empty) throw new Error('empty');
        return shapeOf(task).gold(value);
      case 'text':
        if (empty) throw new Error('empty');
        return shapeOf(task).gold(typeof value === 'string' ? (textList(value) ?? value) : value);
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(cause instanceof Error ? cause.message : String(cause), { at, cause });
  }
}

/** The texts of a list in JSON. */
function textList(cell: string): readonly unknown[] | undefined {
  const list = jsonList(cell);
  return list?.every((each) => typeof each === 'string') ? list : undefined;
}

/**
 * The items of a set: of a list, its JSON, or text parted by `|`, `,` or `;`. Where one of `words`, which labels are
 * known by, holds a comma or semicolon itself, only `|` parts.
 */
export function labelParts(value: unknown, words: readonly string[]): readonly unknown[] {
  if (typeof value !== 'string') return Array.isArray(value) ? value : [value];
  if (value.trim().startsWith('[')) {
    const list = jsonList(value);
    if (!list) throw new Error(`${JSON.stringify(value)} is no list in JSON, whose quotes are double`);
    return list;
  }
  const separator = words.some((word) => /[,;]/.test(word)) ? '|' : /[|;,]/;
  return value.split(separator).filter((part) => part.trim() !== '');
}

/** A label without its case, space and hyphens: what files often differ in alone. */
export const bareLabel = (label: string): string => label.toLowerCase().replace(/[\s_-]/g, '');

function unknownName(
  what: 'label' | 'type',
  label: string,
  known: readonly string[],
  at: Location,
  toldAt = `What files call a ${what} is told under \`labels\` of the data set in data/datasets.yaml.`,
): UserError {
  const alike = known.find((word) => bareLabel(word) === bareLabel(label));
  const near = nearest(label, known);
  const meant =
    alike !== undefined
      ? `It differs from "${alike}" in case, space or hyphens alone. `
      : near !== undefined
        ? `Is it misspelt? The nearest is "${near}". `
        : '';
  return new UserError(`unknown ${what} ${JSON.stringify(label)}; known are ${known.join(', ')}`, {
    at,
    hint: `${meant}${toldAt}`,
  });
}
