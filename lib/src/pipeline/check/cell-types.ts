import type * as ts from 'typescript';
import { hookTslabCompiler, requireFromTslab } from '../kernel/tslab-compiler.js';
import type { CellFailure } from '../notebook/failure.js';
import type { Notebook } from '../notebook/notebook.js';

/** What tslab's converter says of a cell. Lines from 0. */
interface Conversion {
  readonly diagnostics: readonly {
    readonly start: { readonly line: number };
    readonly messageText: string;
    readonly fileName?: string | undefined;
  }[];
  /** Declarations of all that the cells so far have left, for the next. */
  readonly declOutput?: string;
}

interface Converter {
  convert(previous: string, source: string): Conversion;
  close(): void;
}

export interface CellChecker {
  /** What is wrong in a notebook, up to its first wrong cell: the types of those after it would be guesses. */
  check(notebook: Notebook): readonly CellFailure[];
  /** Lets go of the files it watches, which else keep the process from ending. */
  close(): void;
}

/**
 * Makes a checker of notebooks. It uses the kernel's own compiler, so that what passes here compiles there too (a name
 * declared anew in a later cell, a top-level await), and adds `strict`, a rule that no promise is left unawaited, and one
 * against what this compiler gets wrong.
 * Changes tslab for the whole process.
 *
 * @param folder where the notebooks run.
 */
export function cellChecker(folder: string): CellChecker {
  let program: ts.Program | undefined;
  hookTslabCompiler({
    undocumented: true,
    options: { strict: true },
    onProgram(latest) {
      program = latest;
    },
  });
  const typescript: typeof ts = requireFromTslab('@tslab/typescript-for-tslab');
  const converter = createConverter(folder);

  const check = (notebook: Notebook) => {
    let previous = '';
    for (const { number: cell, source } of notebook.cells) {
      if (cell === undefined) continue;
      const { diagnostics, declOutput = '' } = converter.convert(previous, source);
      const wrong = diagnostics.map(({ start, messageText, fileName }) =>
        fileName === undefined
          ? { cell, line: start.line + 1, what: messageText }
          : { cell, what: `${fileName}:${start.line + 1}: ${messageText}` },
      );
      const atRunTime = program ? runtimeFlaws(typescript, program) : [];
      const failures = [...wrong, ...atRunTime.map((found) => ({ cell, ...found }))];
      if (failures.length > 0) return failures;
      previous = declOutput;
    }
    return [];
  };
  return { check, close: () => converter.close() };
}

/** tslab resolves imports from where the process is when a converter is made. */
function createConverter(folder: string): Converter {
  const here = process.cwd();
  process.chdir(folder);
  try {
    return requireFromTslab('./converter.js').createConverter({ isJS: false });
  } finally {
    process.chdir(here);
  }
}

/**
 * What compiles in the cell just compiled and does not run as it reads: statements that make a promise and let it go, and
 * `{ name }` of a name that another cell declares. tslab writes such a name as a property of its `exports`, but leaves it
 * bare there, where nothing is called so; `{ name } = ...` would set a global variable.
 */
function runtimeFlaws(typescript: typeof ts, program: ts.Program) {
  const file = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('/__tslab__.ts'));
  const types = program.getTypeChecker();
  const found: { readonly line: number; readonly what: string; readonly hint: string }[] = [];
  const visit = (node: ts.Node) => {
    // tslab puts one line before the cell, so the line counted from 0 is that of the cell from 1.
    const tell = (what: string, hint: string) =>
      file && found.push({ line: file.getLineAndCharacterOfPosition(node.getStart(file)).line, what, hint });
    if (typescript.isExpressionStatement(node) && !typescript.isVoidExpression(node.expression)) {
      if (types.getTypeAtLocation(node.expression).getProperty('then'))
        tell(
          'this makes a promise that nothing awaits',
          'Write `await` before it: else what it does may be lost or come out of order.',
        );
    }
    if (typescript.isShorthandPropertyAssignment(node)) {
      const { declarations = [] } = types.getShorthandAssignmentValueSymbol(node) ?? {};
      const name = node.name.text;
      if (declarations.some((each) => each.getSourceFile().fileName.endsWith('/__prev__.d.ts')))
        tell(
          `{ ${name} } of a name that another cell declares is not defined in the kernel`,
          `Write { ${name}: ${name} }.`,
        );
    }
    typescript.forEachChild(node, visit);
  };
  if (file) visit(file);
  return found;
}
