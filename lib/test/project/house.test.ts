import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';

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
