import { sha256 } from '../../project/digest.js';
import { meaning, typescript } from './code-meaning.js';
import { type Foreign, importedNames, mentions, parse } from './code-units.js';

/** What a notebook's code cell depends on, by its text alone. */
export interface CellCode {
  /** Of what it says, without comments and layout; but for comments that speak to the compiler. */
  readonly hash: string;
  readonly imports: readonly Foreign[];
  /** Whether it loads something whose name is computed. */
  readonly opaque: boolean;
}

/** Reads a code cell, which is TypeScript. */
export function readCell(source: string): CellCode {
  const syntax = typescript();
  const file = parse(source, 'cell.ts');
  const imports: Foreign[] = [];
  for (const statement of file.statements) {
    const from =
      (syntax.isImportDeclaration(statement) || syntax.isExportDeclaration(statement)) &&
      statement.moduleSpecifier &&
      syntax.isStringLiteralLike(statement.moduleSpecifier)
        ? statement.moduleSpecifier.text
        : undefined;
    if (from === undefined) continue;
    if (syntax.isImportDeclaration(statement)) {
      imports.push(...importedNames(statement).map(([, name]) => ({ from, name })));
      if (!statement.importClause) imports.push({ from, name: '*' });
    } else imports.push({ from, name: '*' });
  }
  const code = file.statements.filter((statement) => !syntax.isImportDeclaration(statement));
  const { modules, opaque } = mentions(code);
  const directives = source.match(/(?<!\/)\/\/+\s*(?:@ts-|<)[^\n]*/g) ?? [];
  return {
    hash: sha256([meaning(file), ...directives].join('\n')).slice(0, 16),
    imports: [...imports, ...modules.map((from) => ({ from, name: '*' }))],
    opaque,
  };
}
