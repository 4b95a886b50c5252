import type * as ts from 'typescript';
import { sha256 } from '../../project/digest.js';
import { meaning, typescript } from './code-meaning.js';

/** What a piece of code names, and so may reach. */
export interface Mentions {
  /** Identifiers, whatever they are bound to: a local variable of the same name makes too much of it, never too little. */
  readonly names: readonly string[];
  /** Modules and packages it loads while it runs: `import('...')`, `require('...')`, a worker's file. */
  readonly modules: readonly string[];
  /** Whether it loads something whose name is computed, and so may reach anything. */
  readonly opaque: boolean;
}

/** A declaration at the top of a module, or all that the module does when it is loaded. */
export interface Unit extends Mentions {
  /** Of what it says, without comments and layout. */
  readonly hash: string;
}

/** A thing of another module; the name `*` is all of it. */
export interface Foreign {
  readonly from: string;
  readonly name: string;
}

/** A module of the lib, taken apart. */
export interface ModuleUnits {
  /** By local name. */
  readonly imports: Readonly<Record<string, Foreign>>;
  /** By exported name: a local name, or a thing of another module. */
  readonly exports: Readonly<Record<string, string | Foreign>>;
  /** The modules of `export * from`. */
  readonly stars: readonly string[];
  /** Every module that is loaded with this one. */
  readonly loads: readonly string[];
  /** Top-level declarations by each name they bind. A class is whole. */
  readonly units: Readonly<Record<string, Unit>>;
  /** What loading the module does besides giving its constants their values. */
  readonly effects: Unit;
}

/**
 * Takes a compiled module apart, by its syntax alone.
 *
 * The value of a constant is taken to be all that computing it gives, unless it is awaited or assigns to something.
 */
export function moduleUnits(text: string): ModuleUnits {
  const syntax = typescript();
  const file = parse(text, 'module.js');
  const imports: Record<string, Foreign> = {};
  const exports: Record<string, string | Foreign> = {};
  const units: Record<string, Unit> = {};
  const [stars, loads, effects]: [string[], string[], ts.Node[]] = [[], [], []];

  for (const statement of file.statements) {
    const exported = syntax.canHaveModifiers(statement)
      ? (syntax.getModifiers(statement) ?? []).map(({ kind }) => kind)
      : [];
    const declare = (name: string, unit: Unit) => {
      units[name] = unit;
      if (exported.includes(syntax.SyntaxKind.ExportKeyword)) {
        exports[exported.includes(syntax.SyntaxKind.DefaultKeyword) ? 'default' : name] = name;
      }
    };
    if (syntax.isImportDeclaration(statement)) {
      const from = literal(statement.moduleSpecifier);
      loads.push(from);
      for (const [local, name] of importedNames(statement)) imports[local] = { from, name };
      if (!statement.importClause) effects.push(statement);
    } else if (syntax.isExportDeclaration(statement)) {
      const from = statement.moduleSpecifier && literal(statement.moduleSpecifier);
      if (from !== undefined) loads.push(from);
      const { exportClause } = statement;
      if (!exportClause) stars.push(from ?? '');
      else if (syntax.isNamespaceExport(exportClause))
        exports[exportClause.name.text] = { from: from ?? '', name: '*' };
      else {
        for (const { name, propertyName } of exportClause.elements) {
          const source = (propertyName ?? name).text;
          exports[name.text] = from === undefined ? source : { from, name: source };
        }
      }
    } else if (syntax.isExportAssignment(statement)) {
      units['default'] = unitOf([statement]);
      exports['default'] = 'default';
    } else if (syntax.isFunctionDeclaration(statement) || syntax.isClassDeclaration(statement)) {
      declare(statement.name?.text ?? 'default', unitOf([statement]));
    } else if (syntax.isVariableStatement(statement)) {
      const unit = unitOf([statement]);
      for (const { name } of statement.declarationList.declarations) {
        for (const bound of boundNames(name)) declare(bound, unit);
      }
      if (hasEffect(statement)) effects.push(statement);
    } else if (!syntax.isEmptyStatement(statement)) effects.push(statement);
  }
  return { imports, exports, stars, loads, units, effects: unitOf(effects) };
}

function unitOf(nodes: readonly ts.Node[]): Unit {
  return { hash: sha256(nodes.map(meaning).join('\n')).slice(0, 16), ...mentions(nodes) };
}

/** What pieces of code name. */
export function mentions(nodes: readonly ts.Node[]): Mentions {
  const syntax = typescript();
  const names = new Set<string>();
  const modules = new Set<string>();
  let opaque = false;
  const visit = (node: ts.Node): void => {
    const { parent } = node;
    if (syntax.isIdentifier(node)) {
      const property =
        (syntax.isPropertyAccessExpression(parent) && parent.name === node) ||
        (syntax.isPropertyAssignment(parent) && parent.name === node);
      if (!property) names.add(node.text);
    } else if (syntax.isStringLiteralLike(node) && /^\.{1,2}\/.*\.js$/.test(node.text))
      modules.add(node.text);
    else if (syntax.isImportDeclaration(node)) modules.add(literal(node.moduleSpecifier));
    else if (syntax.isCallExpression(node) && loadsModule(node.expression)) {
      const [argument] = node.arguments;
      if (argument && syntax.isStringLiteralLike(argument)) modules.add(argument.text);
      // Any file of a folder: `./readers/${name}.js`.
      else if (
        argument &&
        syntax.isTemplateExpression(argument) &&
        /^\.{1,2}\/.*\/$/.test(argument.head.text)
      )
        modules.add(`${argument.head.text}*`);
      // A path resolved from others (path.resolve) loads nothing, an import of a computed name may load anything.
      else if (node.expression.kind === syntax.SyntaxKind.ImportKeyword) opaque = true;
    }
    syntax.forEachChild(node, visit);
  };
  nodes.forEach(visit);
  return { names: [...names], modules: [...modules], opaque };
}

function loadsModule(callee: ts.Expression): boolean {
  const syntax = typescript();
  if (callee.kind === syntax.SyntaxKind.ImportKeyword) return true;
  const name = syntax.isPropertyAccessExpression(callee) ? callee.name : callee;
  return syntax.isIdentifier(name) && /^(require\w*|resolve)$/.test(name.text);
}

/** Whether giving these variables their values does more: awaits, or assigns to something. */
function hasEffect(statement: ts.VariableStatement): boolean {
  const syntax = typescript();
  const visit = (node: ts.Node): boolean => {
    if (syntax.isFunctionLike(node)) return false;
    if (syntax.isAwaitExpression(node) || syntax.isDeleteExpression(node)) return true;
    if (syntax.isPostfixUnaryExpression(node)) return true;
    if (
      syntax.isPrefixUnaryExpression(node) &&
      [syntax.SyntaxKind.PlusPlusToken, syntax.SyntaxKind.MinusMinusToken].includes(node.operator)
    )
      return true;
    if (syntax.isBinaryExpression(node)) {
      const { kind } = node.operatorToken;
      const { FirstAssignment, LastAssignment } = syntax.SyntaxKind;
      if (kind >= FirstAssignment && kind <= LastAssignment) return true;
    }
    return syntax.forEachChild(node, visit) ?? false;
  };
  return visit(statement);
}

/** Of an import, the pairs of local and imported names; types are none. */
export function importedNames({ importClause }: ts.ImportDeclaration): [local: string, name: string][] {
  const syntax = typescript();
  if (!importClause || importClause.isTypeOnly) return [];
  const found: [string, string][] = [];
  if (importClause.name) found.push([importClause.name.text, 'default']);
  const bindings = importClause.namedBindings;
  if (bindings && syntax.isNamespaceImport(bindings)) found.push([bindings.name.text, '*']);
  else if (bindings) {
    for (const { name, propertyName, isTypeOnly } of bindings.elements) {
      if (!isTypeOnly) found.push([name.text, (propertyName ?? name).text]);
    }
  }
  return found;
}

function boundNames(name: ts.BindingName): string[] {
  const syntax = typescript();
  if (syntax.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    syntax.isBindingElement(element) ? boundNames(element.name) : [],
  );
}

/** A syntax tree that knows its parents. */
export function parse(text: string, name: string): ts.SourceFile {
  const syntax = typescript();
  return syntax.createSourceFile(
    name,
    text,
    { languageVersion: syntax.ScriptTarget.ESNext, jsDocParsingMode: syntax.JSDocParsingMode.ParseNone },
    true,
  );
}

const literal = (node: ts.Expression) => (typescript().isStringLiteralLike(node) ? node.text : '');
