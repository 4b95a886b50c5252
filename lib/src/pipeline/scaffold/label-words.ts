import { distance } from 'fastest-levenshtein';
import type { Table } from '../../datasets/formats/table.js';
import { bareLabel } from '../../datasets/gold.js';
import { cellsOf } from '../../datasets/task-columns.js';
import { UserError } from '../../project/error.js';
import { alternatives, nearest } from '../../project/nearest.js';
import { namedBy, type Task } from '../../tasks/task.js';

/** The file's words for labels where the task's are others: as told, or but for case, space and hyphens. */
export function labelWords(
  task: Task,
  words: readonly string[],
  told: Readonly<Record<string, string>>,
  { table, gold }: { readonly table: Table; readonly gold: string },
): Readonly<Record<string, string>> {
  const known = namedBy(task);
  if (known.length === 0) return {};
  const meant = Object.values(told).find((label) => !known.includes(label));
  if (meant !== undefined)
    throw new UserError(
      `the task ${task.name} has no ${task.shape === 'spans' ? 'type' : 'label'} "${meant}"`,
      {
        at: { field: task.shape === 'spans' ? '--types' : '--labels' },
        hint: alternatives(meant, known),
      },
    );
  const strange: string[] = [];
  const mapped = words.flatMap((word): [string, string][] => {
    const label =
      told[word] ??
      known.find((each) => each === word) ??
      known.find((each) => bareLabel(each) === bareLabel(word));
    if (label === undefined) strange.push(word);
    return label === undefined || label === word ? [] : [[word, label]];
  });
  if (strange.length === 0) return Object.fromEntries(mapped);
  const pairs = strange.map((word) => [word, likely(word, known) ?? 'LABEL'] as const);
  const inJson = pairs.flat().some((name) => /[,=]|^[[{]/.test(name));
  const proposal = inJson
    ? JSON.stringify(Object.fromEntries(pairs))
    : pairs.map((pair) => pair.join('=')).join(',');
  const said = strange.map((word) => `"${word}"`).join(', ');
  const near = strange.flatMap((word) => {
    const label = nearest(word, known);
    return label === undefined ? [] : [`"${word}" for ${label}`];
  });
  const cells = cellsOf(table, gold);
  const first = cells.findIndex(({ text }) => strange.some((word) => text.includes(word)));
  throw new UserError(
    `${strange.length === 1 ? `the answer ${said} is` : `the answers ${said} are`} none of the task ${task.name}, which has ${known.join(', ')}`,
    {
      at: { file: table.file, line: table.rows[first]?.line ?? 1, field: gold },
      hint: `${near.length > 0 ? `Misspelt, ${near.join(', ')}? Then mend the file. ` : ''}Where the file calls a label so, say which: --labels ${quoted(proposal)}`,
    },
  );
}

/** The one label that begins as a word does, four letters of five, or differs from it in one, of five in two: `naus.` is for `nausea`. */
function likely(word: string, labels: readonly string[]): string | undefined {
  const bare = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const said = bare(word);
  const [near, ...others] = labels.filter((label) => {
    const other = bare(label);
    const shorter = Math.min(said.length, other.length);
    const begun = said.slice(0, Math.ceil(0.8 * shorter));
    return shorter > 2 && (other.startsWith(begun) || distance(said, other) <= (shorter < 5 ? 1 : 2));
  });
  return others.length === 0 ? near : undefined;
}

/** As one word of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
