import { createRequire } from 'node:module';
import type * as ts from 'typescript';
import { requireFromTslab } from './tslab-compiler.js';

/** The line that tslab puts before every cell to make a module of it. */
const BEFORE_CELL = 'export {};\n'.length;

interface SignatureItem {
  readonly prefixDisplayParts: readonly ts.SymbolDisplayPart[];
  readonly separatorDisplayParts: readonly ts.SymbolDisplayPart[];
  readonly suffixDisplayParts: readonly ts.SymbolDisplayPart[];
  readonly documentation: readonly ts.SymbolDisplayPart[];
  readonly parameters: readonly {
    readonly displayParts: readonly ts.SymbolDisplayPart[];
    readonly documentation: readonly ts.SymbolDisplayPart[];
  }[];
}

interface Internals {
  readonly SignatureHelp: {
    getSignatureHelpItems(
      program: ts.Program,
      file: ts.SourceFile,
      position: number,
      reason: undefined,
      token: object,
    ):
      | {
          readonly items: readonly SignatureItem[];
          readonly selectedItemIndex: number;
          readonly argumentIndex: number;
        }
      | undefined;
  };
}

/**
 * What the function takes whose call the cursor is in: its signature, the parameter at hand, and what its documentation says.
 * Undefined outside of a call. TypeScript has this for editors; tslab does not ask for it.
 */
export function signatureAt(program: ts.Program, position: number): string | undefined {
  const internals: Internals = requireFromTslab('@tslab/typescript-for-tslab');
  const file = program.getSourceFiles().find(({ fileName }) => fileName.endsWith('/__tslab__.ts'));
  if (!file) return undefined;
  const token = { isCancellationRequested: () => false, throwIfCancellationRequested() {} };
  const found = internals.SignatureHelp.getSignatureHelpItems(
    program,
    file,
    position + BEFORE_CELL,
    undefined,
    token,
  );
  const item = found?.items[found.selectedItemIndex];
  if (!found || !item) return undefined;
  const text = (parts: readonly ts.SymbolDisplayPart[]) => parts.map((part) => part.text).join('');
  const parameters = item.parameters.map(({ displayParts }) => text(displayParts));
  const parameter = item.parameters[found.argumentIndex];
  return [
    `${text(item.prefixDisplayParts)}${parameters.join(text(item.separatorDisplayParts))}${text(item.suffixDisplayParts)}`,
    ...(parameter && item.parameters.length > 1
      ? [['here:', text(parameter.displayParts), text(parameter.documentation)].filter(Boolean).join(' ')]
      : []),
    ...(item.documentation.length > 0 ? ['', text(item.documentation)] : []),
  ].join('\n');
}

/** Names to complete a text with. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly string[];
}

/**
 * Completes the text in quotation marks that the cursor is in by what TypeScript knows may stand there, and by what the
 * project has: builds, models, adapters, tasks, prompts, measures. Undefined outside of such a text.
 */
export function completeText(code: string, position: number, own: readonly string[]): Completion | undefined {
  const line = code.slice(code.lastIndexOf('\n', position - 1) + 1, position);
  const begun = /^(?:[^'"`]|(['"`])(?:(?!\1).)*\1)*(['"])([^'"]*)$/.exec(line)?.[3];
  if (begun === undefined) return undefined;
  const { knownNames }: typeof import('./known-names.js') = createRequire(import.meta.url)(
    './known-names.js',
  );
  const all = [...new Set([...own, ...knownNames()])];
  const starting = all.filter((name) => name.startsWith(begun));
  const candidates = starting.length > 0 ? starting : all.filter((name) => name.includes(begun));
  return candidates.length === 0 ? undefined : { start: position - begun.length, end: position, candidates };
}
