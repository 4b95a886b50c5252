import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { htmlText, lostWords, pdfText } from 'small-claims/paper/completeness';
import { paperPassages, sourcePassages } from 'small-claims/paper/passages';
import { composePaper, renderPaper } from 'small-claims/paper/render';
import type { Paths } from 'small-claims/project/paths';
import { randomStream } from 'small-claims/project/random';
import { publishTable } from 'small-claims/reporting/table';
import { paperProject, publishAs, record, removeProject } from './project.js';

/** All that Markdown allows here, in the shapes that outputs lose things of. */
const TORTURE = `---
title: Torture
authors: [{ name: Ada One }, { name: Bo Two, affiliation: Somewhere }]
keywords: [long tables, nested lists]
abstract: |
  Every word of *this* abstract, and \`code_in_it\`, is kept [@wadden2020fact].
---

# Lists {#sec:lists}

1. first, with **bold** words

   and a second paragraph of it

   - nested bullet with a note[^deep]
     - deeper, *emphasised* — and \`inline_code\`
2. second

> A quotation of several
> lines, with a link to [the archive](https://example.org/a/b) and <https://example.org/12345>.

[^deep]: A footnote with \`code\` and a [link](https://example.org/note).

# Tables

:::{table} long
:::

:::{table} written
:wide:

A caption with $p(y \\mid x)$ and *italics*.

| name | left | right |
|:-----|:----:|------:|
| $x \\in \\{a, b\\}$ then words | alpha\\|beta | \`a_b\` |
| **bold** cell | gamma | delta |
:::

<!-- a comment with words that nobody prints -->

:::{table} long-wide
:wide:
:::

## Words of other scripts and long ones

A name in Greek, Αθήνα, in Cyrillic, Москва, and in Hebrew, שלום עולם, with accents: naïve Łódź, ångström.
Antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis hyphen-ated co-operation electroencephalographically.

\`\`\`
code {{as it stands}} [@not-a-key] <!-- kept -->
\`\`\`

$$
\\sum_{i=1}^{n} x_i
$$

The last sentence.
`;

let paths: Paths;
before(async () => {
  paths = await paperProject();
  await publishAs(paths, '05-torture', async () => {
    for (const id of ['long', 'long-wide'])
      publishTable({
        id,
        caption: `Two hundred rows of ${id}, each with words of its own.`,
        columns: [
          { id: 'name', title: 'Name of the row' },
          { id: 'score', title: 'Score', format: 'percent' },
          { id: 'words', title: 'What is said of it' },
        ],
        rows: Array.from({ length: 200 }, (_, row) => [
          `row-${row}`,
          {
            number: row / 200,
            interval: { low: row / 300, high: row / 150, level: 0.95, method: 'bootstrap' },
          },
          `word${row}x of ${id} said of it`,
        ]),
        notes: ['A note under the table, long enough to be told apart from what stands above it.'],
        sources: [record],
      });
  });
});
after(() => removeProject(paths));

const use = (text: string) => writeFileSync(join(paths.paper, 'paper.md'), text);

test('of a paper of long tables, nested lists, maths and other scripts nothing is lost in either format', async () => {
  use(TORTURE);
  const { html, pdf } = await renderPaper({ paths });
  for (const printed of [htmlText(readFileSync(html, 'utf8')), await pdfText(readFileSync(pdf))])
    for (const words of [
      'A note under the table',
      'word199x of long said of it',
      'word199x of long-wide said of it',
      'The last sentence',
      'gamma',
    ])
      assert.deepEqual(lostWords([{ text: words, from: '' }], printed), [], words);
});

test('whatever word is taken out of a format is told with where it is from', async () => {
  use(TORTURE);
  const { paper, html } = composePaper(paths);
  const passages = paperPassages(paper);
  const printed = htmlText(html);
  const random = randomStream('test: completeness', 1);
  assert.deepEqual(lostWords(passages, printed), []);
  for (let draw = 0; draw < 60; draw++) {
    const { text } = passages[random.below(passages.length)] ?? assert.fail();
    const shown = text.trim();
    if (!/[\p{L}\p{N}]{2}/u.test(shown) || printed.split(shown).length !== 2) continue;
    const told = lostWords(passages, printed.replace(shown, ' '));
    assert.ok(told.length > 0, `"${shown}" was missed by nobody`);
  }
  // Of what stands in several places, one place is missed too.
  assert.ok(printed.split('said of it').length > 200);
  assert.match(
    lostWords(passages, printed.replace('word7x of long said of it', ' '))
      .map(({ words, from }) => `${from}: ${words}`)
      .join(),
    /^Table 1, row 8: word7x/,
  );
});

test('words of the source that the paper lacks are told by line, and what syntax stands for is none', () => {
  const { paper } = composePaper(paths);
  const printed = paperPassages(paper)
    .map(({ text }) => text)
    .join('\n');
  const body = TORTURE.slice(TORTURE.indexOf('# Lists'));
  assert.deepEqual(lostWords(sourcePassages(body, 'paper.md'), printed), []);
  assert.deepEqual(
    lostWords(sourcePassages(`${body}\nVanished words here.\n| a | gone |\n`, 'p.md'), printed),
    [
      { words: 'vanished words here', from: `p.md:${body.split('\n').length + 1}` },
      { words: 'gone', from: `p.md:${body.split('\n').length + 2}` },
    ],
  );
});

test('a word that a column divides is found, and one that is cut is not', () => {
  const passages = [{ text: 'the electroencephalogram was read', from: 'x' }];
  assert.deepEqual(lostWords(passages, 'the electro-\nencephalogram was\nread'), []);
  assert.deepEqual(lostWords(passages, 'the electroen\n12\na note\ncephalogram was read'), []);
  assert.deepEqual(lostWords(passages, 'the electro\nwas read'), [
    { words: 'the electroencephalogram', from: 'x' },
  ]);
});

test('what two passages say is found twice, also where a page ends within one of them', () => {
  const passage = { text: '42.0 (95% CI 37.5–46.5)', from: 'x' };
  const twice = [passage, { ...passage, from: 'y' }];
  const once = 'it has 42.0 (95% CI 37.5–46.5) here\n';
  assert.deepEqual(lostWords(twice, `${once}and 42.0 (95%\n12\na note\nCI 37.5–46.5) there`), []);
  assert.deepEqual(lostWords(twice, `${once}and\n42.0\n(95%\n12\na note\nCI\n37.5–46.5) there`), []);
  assert.deepEqual(
    lostWords(twice, `${once}and 42.0 (95%\n12\na note`).map(({ from }) => from),
    ['y'],
  );
});

test('a paper of which words are lost is not written', async () => {
  use(TORTURE);
  const style = join(paths.paper, 'style.typ');
  const whole = readFileSync(style, 'utf8');
  writeFileSync(style, whole.replace('let remarks = notes.map(', 'let remarks = ().map('));
  assert.notEqual(readFileSync(style, 'utf8'), whole);
  try {
    await assert.rejects(
      renderPaper({ paths }),
      /a note of Table 1: ".*note under the table.*" is not in paper\/paper\.pdf/,
    );
  } finally {
    writeFileSync(style, whole);
  }
});
