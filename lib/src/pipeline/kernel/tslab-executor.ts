import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as ts from 'typescript';
import { interrupt } from '../../project/interruption.js';
import { type Completion, completeText, signatureAt } from './language.js';
import { requireFromTslab } from './tslab-compiler.js';

/** What tslab's converter makes of a cell. */
interface Conversion {
  readonly diagnostics: readonly unknown[];
  readonly output?: string;
  /** Declarations of all that the cells so far have left. */
  readonly declOutput?: string;
}

interface Converter {
  convert(previous: string, source: string): Conversion;
  inspect(previous: string, source: string, position: number): QuickInfo | undefined;
  complete(
    previous: string,
    source: string,
    position: number,
  ): Completion & { readonly original?: { readonly entries?: readonly { readonly name: string }[] } };
}

/** What tslab shows of a name: parts that it joins. */
interface QuickInfo {
  readonly displayParts?: readonly object[];
}

interface Converters {
  readonly node: Converter;
  readonly browser: Converter;
  close(): void;
}

interface Executor {
  execute(source: string): Promise<boolean>;
  interrupt(): void;
  /** What the cells have declared, by name. */
  readonly locals: Readonly<Record<string, unknown>>;
}

interface Output {
  log(value: unknown): void;
  error(...values: unknown[]): void;
}

/** What is asked to end by an interruption has this long to say so, before the cell ends without it. */
const GRACE_MS = 1500;

/**
 * Changes how tslab runs a cell: its last value is shown by what it is, a cell that throws keeps what it declared before, and
 * an interruption is heard of by what the cell has begun. To be called before tslab starts.
 */
export function hookTslabExecutor(programNow: () => ts.Program | undefined): void {
  const executor: { createExecutor(folder: string, converters: Converters, output: Output): Executor } =
    requireFromTslab('./executor.js');
  const { createExecutor } = executor;
  executor.createExecutor = (folder, converters, output) => {
    let shown: Promise<void> = Promise.resolve();
    let converted: Conversion[] = [];
    // Of a cell that threw: tslab itself forgets all that it declared.
    let kept: string | undefined;
    const node: Converter = {
      ...converters.node,
      convert(previous, source) {
        const conversion = converters.node.convert(kept ?? previous, source);
        converted = [conversion];
        return conversion;
      },
      inspect(previous, source, position) {
        const info = converters.node.inspect(kept ?? previous, source, position);
        const program = programNow();
        const signature = program && signatureAt(program, position);
        if (signature === undefined) return info;
        const parts = info?.displayParts ? [{ text: '\n\n' }, ...info.displayParts] : [];
        return { ...info, displayParts: [{ text: signature }, ...parts] };
      },
      complete(previous, source, position) {
        const found = converters.node.complete(kept ?? previous, source, position);
        return (
          completeText(source, position, found.original?.entries?.map(({ name }) => name) ?? []) ?? found
        );
      },
    };
    const own = createExecutor(
      folder,
      { ...converters, node, close: () => converters.close() },
      {
        error: (...values) => output.error(...values),
        log(value) {
          shown = showLast(value, output);
        },
      },
    );
    offerImport();
    let patience: NodeJS.Timeout | undefined;
    return {
      ...own,
      async execute(source) {
        converted = [];
        shown = Promise.resolve();
        try {
          const ok = await own.execute(source);
          const ran = converted.find(({ diagnostics }) => diagnostics.length === 0);
          if (ran) kept = ok ? undefined : declared(ran, own.locals);
          await shown;
          return ok;
        } finally {
          clearTimeout(patience);
        }
      },
      interrupt() {
        interrupt();
        clearTimeout(patience);
        patience = setTimeout(() => own.interrupt(), GRACE_MS);
      },
    };
  };
}

/** `import('NAME')` of a cell, which tslab makes a `require`: that cannot load what awaits at its top level. */
function offerImport(): void {
  const kernel: unknown = Reflect.get(globalThis, '__tslab__');
  if (typeof kernel !== 'object' || kernel === null) return;
  Reflect.set(
    kernel,
    'import',
    (name: string) => import(/^\.\.?\//.test(name) ? pathToFileURL(resolve(name)).href : name),
  );
}

async function showLast(value: unknown, output: Output): Promise<void> {
  if (typeof value === 'object' && value !== null) {
    try {
      const { showLastValue } = await import('../last-value/last-value.js');
      if (await showLastValue(value)) return;
    } catch (error) {
      process.stderr.write(
        `The value is shown as it is: ${error instanceof Error ? error.message : error}\n`,
      );
    }
  }
  output.log(value);
}

/** The declarations after a cell that threw, without those of its own that it did not come to. */
function declared({ output = '', declOutput = '' }: Conversion, locals: Executor['locals']): string {
  const typescript: typeof ts = requireFromTslab('@tslab/typescript-for-tslab');
  // TypeScript begins a module by `exports.b = exports.a = void 0`.
  const [beginning = ''] = /^(?:exports\.\S+ = )+void 0;$/m.exec(output) ?? [];
  const missing = new Set(
    [...beginning.matchAll(/exports\.(\S+) =/g)]
      .map(([, name = '']) => name)
      .filter((name) => locals[name] === undefined),
  );
  const file = typescript.createSourceFile('declared.d.ts', declOutput, typescript.ScriptTarget.Latest);
  const named = (name: ts.Node | undefined) =>
    name !== undefined && typescript.isIdentifier(name) && missing.has(name.text);
  const statements = file.statements.flatMap((statement): ts.Statement[] => {
    if (typescript.isClassDeclaration(statement) && named(statement.name)) return [];
    if (!typescript.isVariableStatement(statement)) return [statement];
    const { declarationList: list } = statement;
    const declarations = list.declarations.filter(({ name }) => !named(name));
    if (declarations.length === 0) return [];
    return [
      typescript.factory.updateVariableStatement(
        statement,
        statement.modifiers?.filter(typescript.isModifier),
        typescript.factory.updateVariableDeclarationList(list, declarations),
      ),
    ];
  });
  return typescript.createPrinter().printFile(typescript.factory.updateSourceFile(file, statements));
}
