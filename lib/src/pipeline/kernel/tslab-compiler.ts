import { createRequire, SourceMap } from 'node:module';
import { basename } from 'node:path';
import type * as ts from 'typescript';

/** A place in a cell's TypeScript, line and column counted from 1. */
interface CellPosition {
  readonly line: number;
  readonly column: number;
}

/** Finds the TypeScript behind a place in the JavaScript that runs (both counted from 1); undefined for code added to it. */
export type FindSource = (line: number, column: number) => CellPosition | undefined;

export interface CompilerHooks {
  /** Laid over tslab's own compiler options. */
  readonly options?: ts.CompilerOptions;
  /** Hears of each program tslab makes: one a cell, or more. */
  readonly onProgram?: (program: ts.Program) => void;
  /** Hears of each compiled cell, and gives the name it goes by in stack traces. */
  readonly nameCell?: (findSource: FindSource) => string;
  /** Without what declarations say of themselves, which only an editor shows: a third of the time their parsing takes. */
  readonly undocumented?: boolean;
}

/** `require` as tslab's own modules see it. */
export const requireFromTslab = createRequire(createRequire(import.meta.url).resolve('tslab/dist/main.js'));

/**
 * Changes the TypeScript inside tslab, which has no settings of its own. To be called before any module of tslab is
 * loaded, because these keep what they were given.
 *
 * Only Node's types are loaded into a notebook, not every @types package installed: half the start-up time.
 */
export function hookTslabCompiler({ options, onProgram, nameCell, undocumented }: CompilerHooks): void {
  const path = requireFromTslab.resolve('@tslab/typescript-for-tslab');
  const original: typeof ts = requireFromTslab(path);
  const loaded = requireFromTslab.cache[path];
  if (!loaded) throw new Error('tslab has loaded its TypeScript in a way this version does not know');

  const createWatchCompilerHost = (roots: unknown, own: ts.CompilerOptions, ...rest: unknown[]) =>
    Reflect.apply(original.createWatchCompilerHost, undefined, [
      roots,
      {
        ...own,
        types: ['node'],
        lib: [...(own.lib ?? []), 'lib.es2023.d.ts'],
        ...options,
        inlineSourceMap: nameCell !== undefined,
      },
      ...rest,
    ]);

  const createWatchProgram = (host: ts.WatchCompilerHostOfFilesAndCompilerOptions<ts.BuilderProgram>) => {
    const own = host.afterProgramCreate;
    host.afterProgramCreate = (builder) => {
      own?.(builder);
      onProgram?.(builder.getProgram());
    };
    leaveUnwatched(host);
    const read = host.readFile;
    host.readFile = (path, encoding) => {
      const text = read(path, encoding);
      if (text !== undefined && path.endsWith('/lib.es2023.array.d.ts')) return text + ARRAYS;
      return undocumented && path.endsWith('.d.ts') ? text?.replace(DOC_COMMENT, '$1/* ') : text;
    };
    return original.createWatchProgram(host);
  };

  const transpileModule: typeof ts.transpileModule = (input, settings) => {
    const first = splitSourceMap(input);
    if (!nameCell || !first.map) return original.transpileModule(input, settings);
    const result = original.transpileModule(first.text, {
      ...settings,
      transformers: { before: [importsAwaited(original)] },
      compilerOptions: { ...settings.compilerOptions, inlineSourceMap: true },
    });
    const second = splitSourceMap(result.outputText);
    const lastLine = second.text.split('\n').length;
    const find = findThrough(second.map, first.map);
    const name = nameCell((line, column) => (line > lastLine ? undefined : find(line, column)));
    return { ...result, outputText: `${second.text}\n//# sourceURL=${name}` };
  };

  loaded.exports = { ...original, createWatchCompilerHost, createWatchProgram, transpileModule };
}

/** `import(NAME)` as a call of what the kernel offers, before CommonJS makes a `require` of it. */
const importsAwaited =
  (typescript: typeof ts): ts.TransformerFactory<ts.SourceFile> =>
  (context) =>
  (file) => {
    const visit = (node: ts.Node): ts.Node => {
      const { factory } = context;
      if (typescript.isCallExpression(node) && node.expression.kind === typescript.SyntaxKind.ImportKeyword) {
        const kernel = factory.createPropertyAccessExpression(
          factory.createIdentifier('globalThis'),
          '__tslab__',
        );
        return factory.createCallExpression(
          factory.createPropertyAccessExpression(kernel, 'import'),
          undefined,
          node.arguments,
        );
      }
      return typescript.visitEachChild(node, visit, context);
    };
    return typescript.visitNode(file, visit, typescript.isSourceFile);
  };

/**
 * Keeps tslab from hearing of changed packages. It can hold one change at a time, so `npm ci` or a new build of the lib
 * beside a running kernel would fail the next cell; and what a cell has imported stays what it was in any case. What
 * tslab writes itself (`__tslab__.ts`, `__prev__.d.ts`) and TypeScript that lies beside a notebook are still heard of.
 */
function leaveUnwatched(host: ts.WatchHost): void {
  const { watchFile } = host;
  const still: ts.FileWatcher = { close() {} };
  host.watchFile = (path, ...rest) =>
    /(?:\.d\.[cm]?ts|\.json)$|\/node_modules\//.test(path) && basename(path) !== '__prev__.d.ts'
      ? still
      : watchFile(path, ...rest);
  host.watchDirectory = () => still;
}

/** Methods of arrays that Node 20 has and tslab's TypeScript does not know. */
const ARRAYS = ['Array', 'ReadonlyArray']
  .map(
    (name) => `
interface ${name}<T> {
  toReversed(): T[];
  toSorted(compareFn?: (a: T, b: T) => number): T[];
  toSpliced(start: number, deleteCount?: number, ...items: T[]): T[];
  with(index: number, value: T): T[];
}`,
  )
  .join('\n');

/** Opens a documenting comment, alone at the beginning of its line, and so in no string. */
const DOC_COMMENT = /^([ \t]*)\/\*\*(?!\/)/gm;

/** The line that tslab puts before every cell to make a module of it. */
const LINES_BEFORE_CELL = 1;

/** tslab compiles twice, TypeScript to an ES module and that to CommonJS: so goes the way back. */
function findThrough(second: SourceMap | undefined, first: SourceMap): FindSource {
  return (line, column) => {
    const between = second && entry(second, line - 1, column - 1);
    const source = between && entry(first, between.originalLine, between.originalColumn);
    if (!source || source.originalLine < LINES_BEFORE_CELL) return undefined;
    return { line: source.originalLine - LINES_BEFORE_CELL + 1, column: source.originalColumn + 1 };
  };
}

function entry(map: SourceMap, line: number, column: number) {
  const found = map.findEntry(line, column);
  return 'originalLine' in found ? found : undefined;
}

function splitSourceMap(javascript: string): { readonly text: string; readonly map: SourceMap | undefined } {
  const match = /\n?\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/.exec(
    javascript,
  );
  if (!match?.[1]) return { text: javascript, map: undefined };
  const payload = JSON.parse(Buffer.from(match[1], 'base64').toString());
  return { text: javascript.slice(0, match.index), map: new SourceMap(payload) };
}
