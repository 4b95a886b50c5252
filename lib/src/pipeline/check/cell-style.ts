import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CellFailure } from '../notebook/failure.js';
import { type Notebook, withSources } from '../notebook/notebook.js';

/** What a line of code may hold where the formatter cannot break it: a long text, a comment. */
const LONGEST_LINE = 120;
const LINES_OF_A_CELL = 60;

/** The notebooks with their code cells written as Biome writes the lib; a cell that it cannot read stays as it is. */
export function formatCells(notebooks: readonly Notebook[], root: string): readonly Notebook[] {
  const file = (notebook: Notebook, cell: number) => `${notebook.name}/${cell}.ts`;
  const files = notebooks.flatMap((notebook) =>
    codeOf(notebook).map(({ number, source }) => [file(notebook, number), `${source}\n`] as const),
  );
  return withFiles(files, root, (folder) => {
    biome(['check', '--write', '--linter-enabled=false', folder], root);
    return notebooks.map((notebook) => {
      const formatted = codeOf(notebook).map(({ number }) => {
        const text = readFileSync(join(folder, file(notebook, number)), 'utf8');
        return [number, text.replace(/\n$/, '')] as const;
      });
      return withSources(notebook, new Map(formatted));
    });
  });
}

/** What is wrong with the style of each notebook's cells: not formatted, a line too long, what the linter says. */
export function styleFlaws(
  notebooks: readonly Notebook[],
  root: string,
): ReadonlyMap<Notebook, readonly CellFailure[]> {
  const linted = lintNotebooks(notebooks, root);
  const formatted = formatCells(notebooks, root);
  return new Map(
    notebooks.map((notebook, index) => {
      const after = formatted[index]?.cells ?? [];
      const flaws = codeOf(notebook).flatMap(({ number, source }) => {
        const wanted = after.find((cell) => cell.number === number)?.source ?? source;
        return formatFlaws(number, source.split('\n'), wanted.split('\n'));
      });
      return [notebook, [...flaws, ...(linted.get(notebook) ?? [])]];
    }),
  );
}

function formatFlaws(cell: number, lines: readonly string[], wanted: readonly string[]): CellFailure[] {
  const differs = lines.findIndex((line, index) => line !== wanted[index]);
  if (differs >= 0 || wanted.length > lines.length) {
    const line = differs < 0 ? lines.length : differs + 1;
    return [{ cell, line, what: 'not formatted as the lib is', hint: 'make format does it.' }];
  }
  return lines.flatMap((text, index) =>
    text.length > LONGEST_LINE
      ? [{ cell, line: index + 1, what: `${text.length} characters in a line: at most ${LONGEST_LINE}` }]
      : [],
  );
}

/** The code cells of too many lines. */
export function longCells(notebook: Notebook): readonly CellFailure[] {
  return codeOf(notebook).flatMap(({ number: cell, source }) => {
    const count = source.split('\n').length;
    return count > LINES_OF_A_CELL ? [{ cell, what: `${count} lines: at most ${LINES_OF_A_CELL}` }] : [];
  });
}

/** What Biome's linter says of each notebook: its cells as one module, since what one declares another uses. */
function lintNotebooks(
  notebooks: readonly Notebook[],
  root: string,
): ReadonlyMap<Notebook, readonly CellFailure[]> {
  const files = notebooks.map((notebook) => {
    // A name alone at the end of a cell shows what it holds, and so is used.
    const cells = codeOf(notebook).map(({ source }) => source.replace(/(?<=^|\n)\w+;?\s*$/, 'void $&'));
    return [`${notebook.name}.ts`, `${cells.join('\n')}\n`] as const;
  });
  const output = withFiles(files, root, (folder) => biome(['lint', ...LINT, folder], root));
  const found = [...output.matchAll(GITHUB)].map(([, rule = '', file = '', line, message = '']) => ({
    name: basename(file, '.ts'),
    rule,
    line: Number(line),
    what: `${message} (${rule})`,
  }));
  return new Map(
    notebooks.map((notebook) => {
      const flaws = found.filter(({ name }) => name === notebook.name);
      // What cannot be read, the compiler tells of; the rest is then a guess.
      if (flaws.some(({ rule }) => rule === 'parse')) return [notebook, []];
      return [
        notebook,
        flaws.flatMap(({ line, what }) => placeIn(notebook, line).map((at) => ({ ...at, what }))),
      ];
    }),
  );
}

/** Warnings and errors, each on one line; circles of imports, which cells cannot make, would take a second to look for. */
const LINT = [
  '--reporter=github',
  '--max-diagnostics=none',
  '--diagnostic-level=warn',
  '--skip=suspicious/noImportCycles',
];
/** `::warning title=lint/correctness/noUnusedVariables,file=a.ts,line=1,endLine=1,col=7,endColumn=8::Unused.` */
const GITHUB = /^::\w+ title=([^,]*),file=([^,]*),line=(\d+),[^:]*::(.*)$/gm;

/** The cell, and the line in it, of a line of all cells one after the other. */
function placeIn(notebook: Notebook, line: number): { readonly cell: number; readonly line: number }[] {
  let before = 0;
  return codeOf(notebook).flatMap(({ number: cell, source }) => {
    const [first, { length }] = [before, source.split('\n')];
    before += length;
    return line > first && line <= before ? [{ cell, line: line - first }] : [];
  });
}

const codeOf = ({ cells }: Notebook) =>
  cells.flatMap(({ number, source }) => (number === undefined ? [] : [{ number, source }]));

/** Does something with files in a folder of their own, under the project's settings of Biome. */
function withFiles<Result>(
  files: readonly (readonly [name: string, text: string])[],
  root: string,
  work: (folder: string) => Result,
): Result {
  mkdirSync(join(root, 'build'), { recursive: true });
  const folder = mkdtempSync(join(root, 'build', 'cells-'));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Biome says of files that git is not told of. */
function biome(options: readonly string[], root: string): string {
  const program = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const all = [program, ...options, '--vcs-enabled=false'];
  return spawnSync(process.execPath, all, { cwd: root, encoding: 'utf8' }).stdout;
}
