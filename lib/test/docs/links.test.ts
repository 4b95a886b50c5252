import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { page, pages, ROOT, targetOf } from './pages.js';

const relative = pages().flatMap((from) =>
  from.links.filter((link) => !/^[a-z]+:/i.test(link)).map((link) => ({ from, link })),
);

test('every relative link of the documentation leads to a file', () => {
  assert.ok(relative.length > 50);
  const broken = relative.filter(({ from, link }) => {
    const [path = ''] = link.split('#');
    return path !== '' && !existsSync(join(ROOT, targetOf(from, path)));
  });
  assert.deepEqual(
    broken.map(({ from, link }) => `${from.file}: ${link}`),
    [],
  );
});

test('every link to a section leads to a heading', () => {
  const sections = relative.filter(({ link }) => link.includes('#'));
  assert.ok(sections.length > 0);
  const broken = sections.filter(({ from, link }) => {
    const [path = '', anchor = ''] = link.split('#');
    return !(path === '' ? from : page(targetOf(from, path))).anchors.has(anchor);
  });
  assert.deepEqual(
    broken.map(({ from, link }) => `${from.file}: ${link}`),
    [],
  );
});

test('every page of docs is listed in its README', () => {
  const listed = new Set(page('docs/README.md').links);
  const names = pages().flatMap(({ file }) => /^docs\/([^/]+)$/.exec(file)?.[1] ?? []);
  assert.deepEqual(
    names.filter((name) => name !== 'README.md' && !listed.has(name)),
    [],
  );
});
