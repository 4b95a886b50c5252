import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSource } from '../../paper/reading/frontmatter.js';
import { UserError } from '../../project/error.js';
import { didYouMean } from '../../project/nearest.js';
import type { Paths } from '../../project/paths.js';
import { notebookNames } from './notebook.js';

/** The notebooks of the project by name. */
interface PaperNotebooks {
  /** Those that the paper is made of: its front matter names them. All, where it names none or there is no paper. */
  readonly named: readonly string[];
  /** The others, which are run by their names alone. */
  readonly others: readonly string[];
}

/**
 * Which notebooks make the paper.
 *
 * @throws UserError for one that the paper names and that is not there.
 */
export function paperNotebooks({ paper, notebooks }: Pick<Paths, 'paper' | 'notebooks'>): PaperNotebooks {
  const all = notebookNames(notebooks);
  const file = join(paper, 'paper.md');
  const named = existsSync(file)
    ? readSource(readFileSync(file, 'utf8'), 'paper/paper.md').front.notebooks
    : undefined;
  if (!named) return { named: all, others: [] };
  const missing = named.find((name) => !all.includes(name));
  if (missing !== undefined) {
    throw new UserError(`no notebook is called "${missing}"`, {
      at: { file: 'paper/paper.md', field: 'notebooks' },
      hint: didYouMean(missing, all),
    });
  }
  return { named, others: all.filter((name) => !named.includes(name)) };
}

/** The notebooks that are kept in order: those of the paper, and others with a number, such as a tour. */
export function keptNotebooks(paths: Pick<Paths, 'paper' | 'notebooks'>): readonly string[] {
  const { named, others } = paperNotebooks(paths);
  return [...named, ...others.filter((name) => /^\d\d-/.test(name))].sort();
}

/** What is said of notebooks that a run of all leaves alone. */
export const leftAlone = (names: readonly string[]): string =>
  `left alone, since the front matter of paper/paper.md does not name ${names.length === 1 ? 'it' : 'them'}: ${names
    .map((name) => `notebooks/${name}.ipynb`)
    .join(', ')}`;
