import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { paperHtml } from 'small-claims/paper/html';
import { compilePdf } from 'small-claims/paper/pdf';
import { readPublished } from 'small-claims/paper/published';
import { readPaper } from 'small-claims/paper/read';
import { renderPaper } from 'small-claims/paper/render';
import { paperTypst } from 'small-claims/paper/typst';
import type { Paths } from 'small-claims/project/paths';
import { fixtureBibliography, fixturePaper, paperProject, removeProject, snapshots } from './project.js';

let paths: Paths;
before(async () => {
  paths = await paperProject();
});
after(() => removeProject(paths));

/** Compares with the snapshot of that name; UPDATE_SNAPSHOTS=1 takes it anew, to be looked at in the diff. */
function assertSnapshot(name: string, actual: string): void {
  const file = join(snapshots, name);
  if (process.env['UPDATE_SNAPSHOTS'] || !existsSync(file)) writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, 'utf8'), `differs from ${file}; UPDATE_SNAPSHOTS=1 takes it anew`);
}

test('the fixture paper is as in the gallery, in HTML and in Typst', () => {
  const files = { paper: fixturePaper, bibliography: fixtureBibliography };
  const { paper, warnings } = readPaper(files, readPublished(paths));
  assert.deepEqual(warnings, []);
  assertSnapshot('paper.html', paperHtml(paper, '/* style.css */'));
  assertSnapshot('paper.typ', paperTypst(paper));
});

test('rendered in another folder and another process, both outputs are the same to the byte', async () => {
  const other = await paperProject();
  try {
    const here = await renderPaper({ paths });
    const script = `import { renderPaper } from 'small-claims/paper/render';
      import { projectPaths } from 'small-claims/project/paths';
      await renderPaper({ paths: projectPaths(${JSON.stringify(other.root)}) });`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script]);
    for (const output of ['paper.html', 'paper.pdf']) {
      assert.deepEqual(
        readFileSync(join(other.paper, output)),
        readFileSync(join(paths.paper, output)),
        output,
      );
    }
    assert.match(readFileSync(here.pdf, 'latin1'), /^%PDF-1\.7/);
  } finally {
    removeProject(other);
  }
});

test('the HTML fetches nothing, runs nothing and links only to anchors that are there', async () => {
  const html = readFileSync((await renderPaper({ paths })).html, 'utf8');
  assert.doesNotMatch(html, /<script|<link\b|<img\b|<iframe|@import|\bsrc=|url\((?!#)/i);
  const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length, 'ids are unique');
  const anchors = [...html.matchAll(/href="#([^"]+)"/g)].map(([, anchor]) => anchor);
  assert.ok(anchors.length > 10);
  assert.deepEqual(
    anchors.filter((anchor) => !ids.includes(anchor)),
    [],
  );
});

test('the PDF has title, authors and subject, and no date', async () => {
  const pdf = readFileSync((await renderPaper({ paths })).pdf, 'latin1');
  assert.doesNotMatch(pdf, /CreationDate|ModDate/);
  assert.match(pdf, /\/Lang \(en\)/);
  assert.match(pdf, /pdfuaid:part/);
});

test('a letter that no typeface has is an error, and not an empty box', async () => {
  const main =
    '#set document(title: "T", date: none)\n#set text(font: "Libertinus Serif", fallback: false)\n#"漢"';
  await assert.rejects(
    compilePdf({ main, files: {} }, paths.paper),
    /the text `"漢"` could not be displayed/,
  );
});
