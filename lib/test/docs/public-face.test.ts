import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { runInThisContext } from 'node:vm';
// As a whole: what is exported for users that are not here has this test for its user.
import * as smallClaims from 'small-claims';
import { cellChecker } from 'small-claims/pipeline/check/cell-types';
import { readNotebook } from 'small-claims/pipeline/notebook/notebook';
import ts from 'typescript';
import { scratchProject, writeNotebook } from '../pipeline/scratch-project.js';
import { modelFile } from '../scoring/model.js';
import { ROOT } from './pages.js';

const names = Object.keys(smallClaims).sort();
/** Their examples ask the small model, which is not everywhere. */
const NEED_MODEL = ['score'];
const examples = publicFunctions(join(ROOT, 'lib/src/index.ts'));

test('every function and constant that the lib exports has a docstring with an example of 1 to 6 lines', () => {
  assert.deepEqual([...examples.keys()].sort(), names);
  for (const [name, { says, example }] of examples) {
    assert.ok(says.length > 20, `${name} has no docstring that says something`);
    assert.ok(example.includes(name), `${name} has no example that uses it`);
    assert.ok(example.split('\n').length <= 6, `the example of ${name} is too long`);
  }
});

test('the examples compile as cells of a notebook', (t) => {
  const checker = cellChecker(ROOT);
  after(() => checker.close());
  const bodies = [...examples].map(
    ([name, { example }]) => `const example_${name} = async () => {\n${example}\n};`,
  );
  const cell = [`import { type BuiltRepair, ${names.join(', ')} } from 'small-claims';`, ...bodies].join(
    '\n',
  );
  const failures = checker.check(readNotebook(writeNotebook(scratchProject(t), 'examples', [cell])));
  assert.deepEqual(
    failures.map(({ line = 1, what }) => `${cell.split('\n')[line - 1]}: ${what}`),
    [],
  );
});

for (const [name, { example }] of examples) {
  test(`the example of ${name} gives what it says`, async (t) => {
    const out = mkdtempSync(join(tmpdir(), 'example-'));
    t.after(() => rmSync(out, { recursive: true }));
    const environment = { ...process.env };
    t.after(() => Object.assign(process.env, environment));
    Object.assign(process.env, { SMALL_CLAIMS_NOTEBOOK: name, SMALL_CLAIMS_OUT: out });
    for (const place of ['DATA_MIRROR', 'MODELS_DIR', 'STUDY']) delete process.env[place];
    if (NEED_MODEL.includes(name) && (await modelFile(t)) === undefined) return;
    t.mock.method(globalThis, 'fetch', () => assert.fail('an example needs the network'));
    t.mock.method(console, 'log', () => undefined);
    assert.ok((await run(example)) > 0, 'the example says nothing of what it gives');
  });
}

/** Runs an example and holds each `EXPRESSION; // -> VALUE` and `// throws MESSAGE` in it to what it says. How many there were. */
async function run(example: string): Promise<number> {
  let checks = 0;
  const file = ts.createSourceFile('example.ts', example, ts.ScriptTarget.ESNext, true);
  const lines = file.statements.map((statement) => {
    const code = statement.getText(file);
    const [comment] = ts.getTrailingCommentRanges(example, statement.end) ?? [];
    const [, kind, said = ''] =
      /^\/\/ (->|throws) (.+)$/.exec(comment ? example.slice(comment.pos, comment.end) : '') ?? [];
    if (kind === undefined || !ts.isExpressionStatement(statement)) return code;
    checks += 1;
    const expression = statement.expression.getText(file);
    if (kind === '->') return `same(${expression}, (${said}), ${JSON.stringify(expression)});`;
    return `await throwing(async () => ${expression}, ${JSON.stringify(said)});`;
  });
  const scope = { ...smallClaims, same, throwing };
  const source = `(async ({ ${Object.keys(scope).join(', ')} }) => {{\n${lines.join('\n')}\n}})`;
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  await runInThisContext(outputText)(scope);
  return checks;
}

/** Numbers as far as they are written out; of objects the fields that are. */
function same(actual: unknown, said: unknown, of: string): void {
  if (typeof said === 'number' && typeof actual === 'number' && Number.isFinite(said)) {
    const [, decimals = ''] = String(said).split('.');
    const room = decimals === '' ? 1e-9 : 0.51 * 10 ** -decimals.length;
    assert.ok(Math.abs(actual - said) <= room, `${of} is ${actual}, not ${said}`);
  } else if (ArrayBuffer.isView(actual) || Array.isArray(actual)) {
    const [found, wanted] = [Array.from(Object.values(actual)), Array.isArray(said) ? said : []];
    assert.equal(found.length, wanted.length, `${of} has ${found.length} items: ${JSON.stringify(found)}`);
    for (const [index, each] of wanted.entries()) same(found[index], each, `${of}[${index}]`);
  } else if (said !== null && typeof said === 'object' && actual !== null && typeof actual === 'object') {
    for (const [key, each] of Object.entries(said)) same(Reflect.get(actual, key), each, `${of}.${key}`);
  } else assert.deepEqual(actual, said, of);
}

const throwing = (act: () => Promise<unknown>, said: string) =>
  assert.rejects(
    act,
    (error: Error) => error instanceof smallClaims.UserError && error.message.includes(said),
  );

/** The docstrings of what a module exports that is no type, by name. */
function publicFunctions(
  index: string,
): ReadonlyMap<string, { readonly says: string; readonly example: string }> {
  const found = new Map<string, { readonly says: string; readonly example: string }>();
  for (const statement of parsed(index).statements) {
    if (!ts.isExportDeclaration(statement) || statement.isTypeOnly) continue;
    const { exportClause, moduleSpecifier } = statement;
    assert.ok(
      exportClause &&
        ts.isNamedExports(exportClause) &&
        moduleSpecifier &&
        ts.isStringLiteral(moduleSpecifier),
    );
    const module = parsed(join(dirname(index), moduleSpecifier.text.replace(/\.js$/, '.ts')));
    for (const { name, isTypeOnly } of exportClause.elements)
      if (!isTypeOnly) found.set(name.text, docstring(module, name.text));
  }
  return found;
}

function docstring(module: ts.SourceFile, name: string) {
  const nodes = module.statements.filter((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.some((each) => each.name.getText(module) === name)
      : (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
        statement.name?.text === name,
  );
  const docs = nodes.flatMap((node) => ts.getJSDocCommentsAndTags(node)).filter(ts.isJSDoc);
  const textOf = (comment: ts.JSDoc['comment']) => ts.getTextOfJSDocComment(comment) ?? '';
  const [tag] = docs.flatMap(({ tags = [] }) => tags.filter((each) => each.tagName.text === 'example'));
  return { says: docs.map(({ comment }) => textOf(comment)).join(' '), example: textOf(tag?.comment).trim() };
}

function parsed(file: string): ts.SourceFile {
  assert.ok(existsSync(file), `${file} is not there`);
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
}
