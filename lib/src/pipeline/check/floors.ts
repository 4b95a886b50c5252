import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { filesUnder } from '../../project/folder.js';
import { typescript } from '../staleness/code-meaning.js';

/**
 * The rooms of lib/src (folders with all below them, or files), floor by floor as in a house: a room may import itself and
 * the floors below it, and none that is beside it. That no files import each other in a circle, Biome sees.
 */
const FLOORS: readonly (readonly string[])[] = [
  // What a notebook imports, and the command line.
  ['index.ts', 'pipeline/cli.ts'],
  // One file a command.
  ['pipeline/commands'],
  // Bringing notebooks up to date; what make check and make verify look at.
  ['pipeline/execution', 'pipeline/check'],
  // What outputs are made from, and whether it has changed.
  ['pipeline/staleness'],
  // A notebook's file, and its run through a kernel; the rows that make audit is told of; entries to be written.
  ['pipeline/notebook', 'pipeline/audit-input', 'pipeline/scaffold'],
  // The process behind a notebook; results made again and compared; what rows are like; predictions
  // written down; what commands have in common.
  [
    'pipeline/kernel',
    'pipeline/reproduction',
    'pipeline/row-summary',
    'pipeline/prediction-output',
    'pipeline/command.ts',
    'pipeline/attempts.ts',
  ],
  // What the last value of a cell looks like.
  ['pipeline/last-value'],
  // The study: its file, its systems and runs, and what comes of them.
  ['study'],
  // Trained adapters and encoders; the page that tells of an audit; rows looked through in a browser.
  ['finetuning', 'audit-report', 'row-browser'],
  // Runs of models; what a model could cheat with; the paper.
  ['scoring', 'audit', 'paper'],
  // Scores, intervals and tests; values, tables and figures; models, where they lie and what they cost.
  ['metrics', 'reporting', 'models'],
  // Releases and their readers, builds, facts and splits.
  ['datasets'],
  // Shapes of tasks and prompts; the store of records; learners of a second.
  ['tasks', 'records', 'learners'],
  // Errors, paths, locks, progress.
  ['project'],
];

/** An import that the house does not allow. */
export interface WrongImport {
  /** Relative to the checked folder. */
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** All imports under `source` (lib/src), of types too, that lead to a room beside or above, and all files without a room. */
export function wrongImports(source: string): readonly WrongImport[] {
  return filesUnder(source).flatMap((file): WrongImport[] => {
    if (!file.endsWith('.ts')) return [];
    const from = placeOf(file);
    if (!from)
      return [{ file, line: 1, what: 'has no room on any floor (lib/src/pipeline/check/floors.ts)' }];
    return importsOf(source, file).flatMap(({ line, target }) => {
      const to = placeOf(target);
      if (to && (to.room === from.room || to.floor > from.floor)) return [];
      const below = FLOORS.slice(from.floor + 1).flat();
      const allowed = ['itself', ...below].join(', ');
      return [{ file, line, what: `${from.room} must not import ${target}: it may import only ${allowed}` }];
    });
  });
}

/** The room a file lies in, and its floor, counted from the roof. */
function placeOf(file: string): { readonly room: string; readonly floor: number } | undefined {
  for (const [floor, rooms] of FLOORS.entries()) {
    const room = rooms.find((name) => file === name || file.startsWith(`${name}/`));
    if (room !== undefined) return { room, floor };
  }
  return undefined;
}

/** The files of the lib that a file imports, in whatever form, each with the line of its name. */
function importsOf(source: string, file: string): { readonly line: number; readonly target: string }[] {
  const text = readFileSync(join(source, file), 'utf8');
  return typescript()
    .preProcessFile(text)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName, pos }) => ({
      line: text.slice(0, pos).split('\n').length,
      target: posix.join(posix.dirname(file), fileName).replace(/\.js$/, '.ts'),
    }));
}
