import { UserError } from '../../project/error.js';
import { type Cell, type Notebook, shortPath } from './notebook.js';

/** Where in a notebook something went wrong: the cell by its number, its line from 1 where that is known. */
export interface CellPlace {
  readonly cell: number;
  readonly line?: number;
}

/** What went wrong in a cell. */
export interface CellFailure extends CellPlace {
  /** One line or more, as the kernel or the compiler wrote it. */
  readonly what: string;
  readonly hint?: string | undefined;
}

/** A notebook stopped at a cell. The message shows the cell, its line and what went wrong there. */
export class NotebookFailure extends UserError {
  readonly failure: CellFailure;

  constructor(notebook: Notebook, failure: CellFailure) {
    super(describeFailure(notebook, failure), failure.hint === undefined ? {} : { hint: failure.hint });
    this.name = 'NotebookFailure';
    this.failure = failure;
  }
}

/** Notebook, cell and line of a failure, the line with its neighbours, and what went wrong. */
export function describeFailure(notebook: Notebook, { cell: number, line, what }: CellFailure): string {
  const cell = notebook.cells.find((candidate) => candidate.number === number);
  return [
    `${shortPath(notebook.path)}, cell [${number}]${line === undefined ? '' : `, line ${line}`}:`,
    ...(cell ? excerpt(cell, line) : []),
    '',
    ...what
      .trimEnd()
      .split('\n')
      .map((text) => `  ${text}`),
  ].join('\n');
}

/** The line with its neighbours, or the cell's first lines. */
function excerpt(cell: Cell, line: number | undefined): string[] {
  const all = cell.source.split('\n');
  const first = line === undefined ? 1 : Math.max(1, line - 2);
  return all.slice(first - 1, first + 3).map((text, index) => {
    const number = first + index;
    return `  ${number === line ? '>' : ' '} ${String(number).padStart(3)} | ${text}`;
  });
}

/**
 * Where a failure that the kernel has written about lies: in the cell that ran, if its text names a line of that, else
 * in the first cell it names.
 *
 * Knows a compiler message, `3:7 - Cannot find name 'x'`, which is about the cell that ran, and a frame of a stack,
 * `at f (cell [2]:3:7)`.
 */
export function placeOf(text: string, running: number): CellPlace {
  const compiler = /^(\d+):\d+ - /.exec(text);
  if (compiler) return { cell: running, line: Number(compiler[1]) };
  const frames = [...text.matchAll(/\bcell \[(\d+)\]:(\d+):\d+/g)].map(([, cell, line]) => ({
    cell: Number(cell),
    line: Number(line),
  }));
  return frames.find(({ cell }) => cell === running) ?? frames[0] ?? { cell: running };
}
