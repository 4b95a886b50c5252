import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import ts from 'typescript';

const src = join(projectPaths().root, 'lib', 'src');
const entries = readdirSync(src, { recursive: true, withFileTypes: true });
const folders = ['', ...entries.flatMap((entry) => (entry.isDirectory() ? [pathOf(entry)] : []))];
const files = entries.flatMap((entry) =>
  entry.isFile() && entry.name.endsWith('.ts') ? [pathOf(entry)] : [],
);

function pathOf({ parentPath, name }: { readonly parentPath: string; readonly name: string }): string {
  return join(parentPath, name).slice(src.length + 1);
}

const read = (file: string) => readFileSync(join(src, file), 'utf8');

test('a folder can be taken in at a glance, and a file held in the head', () => {
  for (const folder of folders) {
    const here = readdirSync(join(src, folder), { withFileTypes: true }).filter((entry) => entry.isFile());
    assert.ok(here.length <= 30, `lib/src/${folder} holds ${here.length} files`);
  }
  for (const file of files) {
    const lines = read(file).split('\n').length - 1;
    assert.ok(lines <= 270, `lib/src/${file} has ${lines} lines`);
  }
});

test('every room says what it is for', () => {
  for (const folder of folders.filter((each) => each !== '' && !each.includes('/')))
    assert.ok(existsSync(join(src, folder, 'README.md')), `lib/src/${folder} has no README.md`);
});

test('only readers, and what is about claim verification by name, know the labels of claims', () => {
  for (const file of files.filter((each) => !/^datasets\/readers\/|claim-verification/.test(each)))
    assert.doesNotMatch(read(file), /SUPPORT|CONTRADICT|\bNEI\b/, `lib/src/${file}`);
});

test('what is told which project it is of tells that to all that it calls, and leaves none to its default', () => {
  const parsed = files.map((file) => ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  /** The places of parameters whose default is the project of the working directory, by function. */
  const left = new Map(
    parsed.flatMap((source) =>
      nodesIn(source).flatMap((node): [string, number][] => {
        const made = ts.isVariableDeclaration(node) ? node.initializer : node;
        const name = ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node) ? node.name : undefined;
        if (!name || !made || !ts.isFunctionLike(made)) return [];
        const place = made.parameters.findIndex(({ initializer, type }) =>
          /projectPaths\(|openRecords\(\)|ReleasePlaces = /.test(
            `${type?.getText()} = ${initializer?.getText()}`,
          ),
        );
        return place < 0 ? [] : [[name.getText(), place]];
      }),
    ),
  );
  assert.equal(left.get('buildFacts'), 1);
  assert.equal(left.get('loadBuild'), 1);
  const forgotten = parsed.flatMap((source) =>
    nodesIn(source)
      .filter(ts.isCallExpression)
      .flatMap((call) => {
        const place = left.get(call.expression.getText());
        if (place === undefined || call.arguments.length > place || !knowsPaths(call)) return [];
        const { line } = source.getLineAndCharacterOfPosition(call.getStart());
        return [`${source.fileName}:${line + 1} ${call.expression.getText()}`];
      }),
  );
  assert.deepEqual(forgotten, []);
});

const nodesIn = (node: ts.Node): readonly ts.Node[] => [node, ...node.getChildren().flatMap(nodesIn)];

/** Whether a function around a node has `paths`, as a parameter or a constant. */
function knowsPaths(node: ts.Node): boolean {
  for (let around = node.parent; around; around = around.parent) {
    const known = ts.isFunctionLike(around)
      ? around.parameters
      : ts.isBlock(around)
        ? around.statements
            .filter(ts.isVariableStatement)
            .flatMap((each) => each.declarationList.declarations)
        : [];
    if (known.some(({ name }) => /\bpaths\b/.test(name.getText()))) return true;
  }
  return false;
}
