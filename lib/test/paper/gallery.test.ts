import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { paperHtml } from 'small-claims/paper/html/page';
import { compilePdf, refuseForeignFonts } from 'small-claims/paper/pdf';
import { problemText } from 'small-claims/paper/problem';
import { readPublished } from 'small-claims/paper/published';
import { readPaper } from 'small-claims/paper/reading/read';
import { renderPaper } from 'small-claims/paper/render';
import { paperTypst } from 'small-claims/paper/typst';
import type { Paths } from 'small-claims/project/paths';
import { COLOURS, INK, LINE, SOFT_INK } from 'small-claims/reporting/palette';
import { fixtureBibliography, fixturePaper, paperProject, removeProject, snapshots } from './project.js';

let paths: Paths;
before(async () => {
  paths = await paperProject();
});
after(() => removeProject(paths));

/** Compares with the snapshot of that name; only UPDATE_SNAPSHOTS=1 takes one, to be looked at in the diff. */
function assertSnapshot(name: string, actual: string): void {
  const file = join(snapshots, name);
  if (process.env['UPDATE_SNAPSHOTS'] === '1') writeFileSync(file, actual);
  assert.equal(actual, readFileSync(file, 'utf8'), `differs from ${file}; UPDATE_SNAPSHOTS=1 takes it anew`);
}

test('the fixture paper is as in the gallery, in HTML and in Typst', () => {
  const files = { paper: fixturePaper, bibliography: fixtureBibliography };
  const { paper, warnings } = readPaper(files, readPublished(paths));
  assert.deepEqual(
    warnings.map(({ at, message }) => `${at.file}:${at.line} ${message}`),
    ['paper/references.bib:30 "unused2020" is not cited'],
  );
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

test('what is not used is told in one line that names the file with the list', async () => {
  const { warnings } = await renderPaper({ paths });
  assert.deepEqual(warnings.map(problemText), [
    'build/paper-warnings.txt: warning: 1 thing is published or listed and not used in the paper, which is no mistake: a paper need not name all that notebooks publish',
  ]);
  assert.equal(
    readFileSync(join(paths.build, 'paper-warnings.txt'), 'utf8'),
    'paper/references.bib:30: warning: "unused2020" is not cited\n',
  );
});

test('a table written in the paper can be taken along as a published one can', async () => {
  const { html } = await renderPaper({ paths });
  const at = (name: string) => readFileSync(join(paths.tables, name), 'utf8');
  assert.equal(at('quoted.csv'), 'Model,Macro-F1\r\nBig,65.2\r\nSmall,not known\r\n');
  assert.match(at('quoted.tex'), /^% quoted, written in paper\/paper\.md\./);
  assert.match(at('quoted.tex'), /\\begin\{tabular\}\{lr\}.*\n {4}Big & 65\.2 \\\\\n/s);
  assert.match(at('scores.csv'), /^model,f1,f1-low,f1-high,n\r\n/);
  assert.match(readFileSync(html, 'utf8'), /<a download="quoted\.csv"/);
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

test('each colour of the house has its counterpart on a dark ground, on screens alone', () => {
  const style = readFileSync(join(paths.paper, 'style.css'), 'utf8');
  for (const colour of [...COLOURS, INK, SOFT_INK, LINE]) {
    for (const use of ['fill', 'stroke']) {
      assert.match(
        style,
        new RegExp(`\\.adapts \\[${use}="${colour}"\\] \\{\\s+${use}: (?!${colour})`),
        `${use} ${colour}`,
      );
    }
  }
  assert.doesNotMatch(style, /@media \(prefers-color-scheme: dark\)/);
});

test('the PDF has title, authors and subject, and no date', async () => {
  const pdf = readFileSync((await renderPaper({ paths })).pdf, 'latin1');
  assert.doesNotMatch(pdf, /CreationDate|ModDate/);
  assert.match(pdf, /\/Lang \(en\)/);
  assert.match(pdf, /pdfuaid:part/);
});

for (const [language, expected] of [
  ['en-GB', 'en-GB'],
  ['es-419', 'es'],
  ['zh-Hant-TW', 'zh-TW'],
  ['haw', 'haw'],
] as const) {
  test(`the language ${language} is that of the HTML, and ${expected} that of the PDF`, async () => {
    const files = {
      paper: fixturePaper.replace('keywords:', `language: ${language}\nkeywords:`),
      bibliography: fixtureBibliography,
    };
    const { paper } = readPaper(files, readPublished(paths));
    assert.match(paperHtml(paper, ''), new RegExp(`<html lang="${language}">`));
    const main = paperTypst({ ...paper, abstract: [], body: [], references: [] });
    const style = readFileSync(join(paths.paper, 'style.typ'), 'utf8');
    const pdf = await compilePdf({ main, files: { 'style.typ': style } }, paths.paper);
    assert.match(Buffer.from(pdf).toString('latin1'), new RegExp(`/Lang \\(${expected}\\)`));
  });
}

test('a letter that no typeface has is an error, and not an empty box', async () => {
  const main =
    '#set document(title: "T", date: none)\n#set text(font: "Libertinus Serif", fallback: false)\n#"漢"';
  await assert.rejects(
    compilePdf({ main, files: {} }, paths.paper),
    /the text `"漢"` could not be displayed/,
  );
});

test('a letter in a figure that no typeface has is an error, and not drawn in a font of this machine', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20">&#x2713; done</text></svg>';
  const main = '#set document(title: "T", date: none)\n#image("figures/f.svg", alt: "a")';
  await assert.rejects(
    compilePdf({ main, files: { 'figures/f.svg': svg } }, paths.paper, (text) => [`the figure ${text}`]),
    /the text `"✓"` could not be displayed.*\n {2}"✓" is written in the figure ✓\.\n {2}Write it in letters/,
  );
});

test('an italic letter in a figure or a heading is drawn in the pinned italic, whatever is installed', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text y="20" font-family="Libertinus Sans" font-style="italic">done</text></svg>';
  const main = '#set document(title: "T", date: none)\n#image("figures/f.svg", alt: "a")';
  const pdf = await compilePdf({ main, files: { 'figures/f.svg': svg } }, paths.paper);
  assert.match(Buffer.from(pdf).toString('latin1'), /\/BaseFont \/[A-Z]+\+LibertinusSans-Italic/);
});

test('a PDF that holds a font of this machine is refused', () => {
  const pdf = (font: string) => Buffer.from(`<</Type /Font /BaseFont /ABCDEF+${font}/Subtype /Type0>>`);
  assert.throws(() => refuseForeignFonts(pdf('DejaVuSansMono')), /a font of this machine, DejaVuSansMono/);
  refuseForeignFonts(pdf('LibertinusSerif-Bold'));
});

test('a letter that no typeface has is told with the line and the table it stands in', async () => {
  const other = await paperProject();
  try {
    const file = join(other.paper, 'paper.md');
    const source = `${readFileSync(file, 'utf8')}\nThe sign 漢.\n`;
    writeFileSync(file, source);
    const table = join(other.published, '02-in-domain', 'tables', 'scores.json');
    writeFileSync(table, readFileSync(table, 'utf8').replace('Not run', 'Not 漢'));
    const line = source.trimEnd().split('\n').length;
    await assert.rejects(
      renderPaper({ paths: other }),
      new RegExp(
        `"漢" is written in paper/paper\\.md:${line}, the table "scores" of notebooks/02-in-domain\\.ipynb`,
      ),
    );
    assert.equal(existsSync(join(other.paper, 'paper.html')), false);
  } finally {
    removeProject(other);
  }
});
