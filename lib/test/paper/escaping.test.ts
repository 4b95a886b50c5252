import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { paperHtml } from 'small-claims/paper/html/page';
import { mathml, typstMaths } from 'small-claims/paper/maths';
import { compilePdf } from 'small-claims/paper/pdf';
import { type Published, readPublished } from 'small-claims/paper/published';
import { readBibliography } from 'small-claims/paper/reading/bibliography';
import { readPaper } from 'small-claims/paper/reading/read';
import { inlineSvg } from 'small-claims/paper/svg';
import { paperTypst } from 'small-claims/paper/typst';
import type { Paths } from 'small-claims/project/paths';
import { publishTable } from 'small-claims/reporting/table';
import { publishValue } from 'small-claims/reporting/value';
import { paperProject, publishAs, record, removeProject } from './project.js';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style><svg onload=alert(1)>',
  '"); #panic("injected") //',
  '#panic("injected")',
  '$ #panic("injected") $',
  ']#panic("injected")[',
  '\\")#panic("injected")',
  '\\u{22})#panic()',
  '@label <anchor> = heading',
  '// comment /* and */ another',
  '&lt;b&gt; &amp; \u0000\u0007\u001b[31m',
];

let paths: Paths;
let published: Published;
before(async () => {
  paths = await paperProject();
  await publishAs(paths, '05-hostile', () => {
    HOSTILE.forEach((hostile, i) => {
      publishValue({
        id: `hostile-${i}`,
        number: i,
        format: 'count',
        description: hostile,
        unit: hostile,
        interval: { low: 0, high: 1, level: 0.95, method: hostile },
        sources: [{ ...record, making: { madeAt: hostile, machine: { cpu: hostile, cores: 1 } } }],
      });
    });
    publishTable({
      id: 'hostile',
      caption: HOSTILE.join(' '),
      columns: HOSTILE.map((hostile, i) => ({ id: `c${i}`, title: hostile })),
      rows: [HOSTILE],
      notes: HOSTILE,
      sources: [record],
    });
  });
  published = readPublished(paths);
});
after(() => removeProject(paths));

/** Hostile text in every place that text comes from: dataset words in a table, and the paper's own. */
function hostilePaper() {
  const quoted = HOSTILE.map((hostile) => JSON.stringify(hostile));
  const markdown = HOSTILE.map((hostile) => hostile.replace(/[@$\p{Cc}]/gu, ''));
  const body = [
    ...HOSTILE.map((_, i) => `{{hostile-${i} ci}}`),
    ':::{table} hostile\n:::',
    ...markdown,
    ...markdown.map((hostile) => `*a ${hostile} b*`),
    ...markdown.map((hostile) => `\`\` ${hostile.replaceAll('`', '')} \`\``),
    ...markdown.map((hostile) => `# ${hostile}`),
    `\`\`\`\n${HOSTILE.join('\n')}\n\`\`\``,
    '[@hostile]',
  ].join('\n\n');
  const front = [
    `title: ${quoted.join(' ').replace(/^"|"$/g, '"').replace(/" "/g, ' ')}`,
    `authors: [{ name: ${quoted[0]}, affiliation: ${quoted[4]}, email: ${quoted[2]} }]`,
    `keywords: [${quoted.join(', ')}]`,
    'abstract: Short.',
  ].join('\n');
  const words = HOSTILE.join(' ').replace(/[\\{}\p{Cc}]/gu, '');
  const bibliography = `@misc{hostile, author = {${words}}, title = {${words}}, year = 2020, journal = {${words}}, publisher = {${words}}, url = {https://example.org/${words.replace(/\s/g, '_')}}}`;
  // The bodies' own digits are hostile, not results.
  const marked = body.replace(/^(?!```|\{\{|:::|#|\[@|.*`).*\d.*$/gmu, (line) => line.replace(/\d/g, 'x'));
  return readPaper({ paper: `---\n${front}\n---\n\n${marked}\n`, bibliography }, published).paper;
}

test('hostile text stays text in the HTML', () => {
  const html = paperHtml(hostilePaper(), '');
  const tags = [...html.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag);
  assert.ok(tags.length > 100);
  for (const tag of tags) {
    assert.doesNotMatch(tag, /^<\/?(script|img|svg|iframe|b>.*&)/i);
    assert.doesNotMatch(tag.replace(/"[^"]*"/g, '""'), /\son\w+\s*=|'/i, tag);
    // Beside the web: pages of executed notebooks, and files that the page carries itself.
    assert.doesNotMatch(
      tag,
      /href="(?!#|https?:|mailto:|\.\.\/build\/notebooks\/[\w-]+\.html["#]|data:text\/plain;charset=utf-8;base64,[\w+/=]*")/i,
      tag.slice(0, 100),
    );
  }
  assert.doesNotMatch(html.replace(/[\n\r\t]/g, ''), /\p{Cc}/u);
});

test('hostile text stays text in the Typst source, which compiles and calls nothing', async () => {
  const main = paperTypst(hostilePaper());
  // Outside string literals no word of the hostile text is left.
  const code = main.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  assert.doesNotMatch(code, /panic|injected|alert|comment/);
  const style = readFileSync(`${paths.paper}/style.typ`, 'utf8');
  assert.ok((await compilePdf({ main, files: { 'style.typ': style } }, paths.paper)).length > 1000);
});

test('a directive cannot be called by a name that would break out of an attribute', () => {
  for (const name of ['x"><img/src=x/onerror=alert(1)>', "x'onload='f()", 'x y', 'X', '../x', '']) {
    const table = `:::{table} ${name}\nCaption.\n\n| a |\n|---|\n| b |\n:::\n`;
    const paper = `---\ntitle: T\nauthors: [{ name: A }]\nabstract: Short.\n---\n${table}`;
    assert.throws(
      () => readPaper({ paper, bibliography: '' }, published),
      /paper\.md:6: ".*" cannot name a table/,
      name,
    );
  }
});

test('an address of the bibliography leads to the web', () => {
  const bibliography = '@misc{a, author={A}, title={T}, year=2020, url={javascript:alert(1)}}';
  assert.throws(() => readBibliography(bibliography, 'r.bib'), /r\.bib:1: url: .*no web address/);
});

test('TeX cannot reach Typst code or HTML', () => {
  for (const tex of ['#panic("x")', 'a $ #panic() $ b', '\\href{javascript:alert(1)}{x}']) {
    assert.throws(() => typstMaths(tex), /cannot read the TeX/, tex);
  }
  assert.throws(() => typstMaths('\\text{a" panic() "b}'), /cannot be written in the PDF/);
  assert.throws(() => typstMaths('\\text{a\\\\} b \\text{ panic() }'), /cannot be written in the PDF/);
  assert.doesNotMatch(mathml('</math><script>', { display: false }), /<\/math>.|<script/);
});

test('a figure that holds a script, a style, an event or an address is refused', () => {
  const active = [
    '<script>1</script>',
    '<g onclick="f()"/>',
    '<foreignObject/>',
    '<style>@import "x"</style>',
    '<image href="http://x/y.png"/>',
    '<a xlink:href="javascript:alert(1)"/>',
    '<a href="https://example.org/"/>',
    '<rect fill="url(http://x/#y)"/>',
    '<!ENTITY x SYSTEM "file:///etc/passwd">',
  ];
  for (const content of active) {
    assert.throws(
      () => inlineSvg(`<svg width="10" height="10">${content}</svg>`, 'f'),
      /the figure "f" holds/,
      content,
    );
  }
});

test('two figures in one page do not share ids', () => {
  const svg = '<svg width="10" height="10"><clipPath id="clip0"/><g clip-path="url(#clip0)"/></svg>';
  assert.equal(
    inlineSvg(svg, 'fig-a'),
    '<svg style="max-width:14px"><clipPath id="fig-a-clip0"/><g clip-path="url(#fig-a-clip0)"/></svg>',
  );
});
