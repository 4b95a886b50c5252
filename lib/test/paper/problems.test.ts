import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { plainText } from 'small-claims/paper/document';
import { type Published, readPublished } from 'small-claims/paper/published';
import { readPaper } from 'small-claims/paper/reading/read';
import { typedNumbers } from 'small-claims/paper/reading/typed-numbers';
import { UserError } from 'small-claims/project/error';
import type { Paths } from 'small-claims/project/paths';
import type { QuotedFigure } from 'small-claims/reporting/quoted';
import { publishValue } from 'small-claims/reporting/value';
import { fixtureBibliography, paperProject, publishAs, record, removeProject } from './project.js';

let paths: Paths;
let published: Published;
before(async () => {
  paths = await paperProject();
  await publishAs(paths, '03-cross-domain', () => {
    publishValue({ id: 'gain', number: 0.02, format: 'points', test: GAIN, sources: [record] });
  });
  published = readPublished(paths);
});
after(() => removeProject(paths));

const GAIN = {
  method: 'studentised approximate randomisation',
  reason: 'macro-F1 is no mean over rows',
  alpha: 0.05,
  p: 0.04,
  corrected: 0.08,
  equivalence: { margin: 0.03, p: 0.2, corrected: 0.4 },
  correction: 'holm',
  family: 2,
};

const QUOTED: readonly QuotedFigure[] = [
  { id: 'big-model', work: 'sarrouti2021evidence', measure: 'macro-F1', value: 65.2, unit: 'percent' },
];

const FRONT = '---\ntitle: T\nauthors:\n  - name: A\nabstract: Short.\n---\n';

/** Reads a paper whose body begins in line 7. */
const read = (body: string, front = FRONT) =>
  readPaper({ paper: front + body, bibliography: fixtureBibliography, quoted: QUOTED }, published);

const mistakes: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown value',
    '\nSee {{rule-acuracy}}.',
    /^paper\/paper\.md:8: .*"rule-acuracy"\s+Did you mean "rule-accuracy"\?/,
  ],
  ['an unknown form of a value', '{{rule-accuracy ic}}', /:7: unknown form "ic".*\s+Did you mean "ci"/],
  [
    'a claim of something that is no comparison',
    'a {claim}`rule-accuracy: outperforms` b',
    /:7: "rule-accuracy" is no comparison/,
  ],
  [
    'a claim its test does not support',
    'one\na {claim}`gain: outperforms` b',
    /:8: the test of "gain" does not support "outperforms"\s+It supports "does not differ from": \+2\.0 points, corrected p 0\.080/,
  ],
  ['a claim in other words', '{claim}`gain: outperfoms`', /:7: .*is no claim\s+Did you mean "outperforms"/],
  ['an interval where none was published', '{{model-accuracy ci}}', /:7: "model-accuracy" has no interval/],
  ['an n where none was published', '{{model-accuracy n}}', /:7: "model-accuracy" has no n\b/],
  [
    'a level where no interval was published',
    '{{model-accuracy level}}',
    /:7: "model-accuracy" has no interval/,
  ],
  [
    'replicates where no interval was published',
    '{{model-accuracy replicates}}',
    /:7: "model-accuracy" has no interval/,
  ],
  ['an unknown table', ':::{table} score\n:::', /:7: .*table "score"\s+Did you mean "scores"/],
  ['an unknown figure', 'a\n\n:::{figure} emty\n:::', /:9: .*figure "emty"\s+Did you mean "empty"/],
  ['an unknown block', ':::{tabel} scores\n:::', /:7: unknown block "tabel"\s+Did you mean "table"/],
  ['an unknown option', ':::{table} scores\n:wid:\n:::', /:7: unknown option ":wid:"/],
  [
    'an unknown citation',
    'one\ntwo [@waden2020fact]',
    /:8: .*"waden2020fact"\s+Did you mean "wadden2020fact"/,
  ],
  [
    'an unknown work in running text',
    '@sarouti2021evidence says',
    /:7: .*"sarouti2021evidence"\s+Did you mean "sarrouti2021evidence"/,
  ],
  ['an unknown part of the paper', '# A {#sec:a}\n\nsee @sec:b', /:9: .*"@sec:b"\s+Did you mean "sec:a"/],
  ['an unknown role', '{quotd}`1 @wadden2020fact`', /:7: unknown role "{quotd}"\s+Did you mean "quoted"/],
  [
    'a quoted number that is typed though the work’s figures are known',
    '{quoted}`65.2 @sarrouti2021evidence`',
    /:7: the number "65\.2" of "sarrouti2021evidence" is typed by hand\s+data\/quoted\.yaml has its figures: big-model/,
  ],
  [
    'a quoted figure that nobody knows',
    '{quoted}`big-modle @sarrouti2021evidence`',
    /:7: no figure "big-modle" of "sarrouti2021evidence" is known\s+Did you mean "big-model"/,
  ],
  ['a quoted number without its source', '{quoted}`88.4`', /:7: a quoted number without its source/],
  ['a number typed by hand', 'one\ntwo scores 72.9 here', /:8: the number "72\.9" is typed by hand/],
  ['a number typed into a caption', ':::{table} scores\nOf 450 rows.\n:::', /:8: the number "450"/],
  ['a number typed into a footnote', 'a[^1]\n\n[^1]: of 450', /:9: the number "450"/],
  ['a number typed into a cell', ':::{table} t\nC.\n\n| a |\n|---|\n| 1 |\n:::', /:1[0-2]: the number "1"/],
  ['a result typed into maths', 'of $n = 450$', /:7: the number "450"/],
  ['a decimal typed into maths set apart', 'a\n\n$$\nx = 88.4\n$$', /:9: the number "88\.4"/],
  ['a percentage typed into maths', '$88\\%$', /:7: the number "88\\%"/],
  ['a decimal typed into code', 'a `88.4` b', /:7: the number "88\.4"/],
  ['a decimal typed into a heading', '# We reach 88.4', /:7: the number "88\.4"/],
  ['a footnote that is not there', 'one\ntwo[^nope]', /:8: "\[\^nope\]" is not read/],
  ['a footnote that nothing refers to', 'a\n\n[^note]: Text.', /:9: no text refers to the footnote "note"/],
  ['a value that is not closed', 'a {{ rule-accuracy', /:7: "\{\{ rule-accuracy" is not read/],
  ['a citation that is none', 'a [@1]', /:7: "\[@1\]" is not read/],
  ['a section named in another way', '# Data {#data}', /:7: "\{#data\}" is not read/],
  ['a name in the middle of a heading', '# Data {#sec:a} here', /:7: "\{#sec:a\} here" is not read/],
  ['a section name given twice', '# A {#sec:x}\n\n# B {#sec:x}', /:9: "sec:x" is the name of another/],
  ['a name that an earlier title has', '# Data\n\n# B {#sec:data}', /:9: "sec:data" is the name of another/],
  [
    'a table shown twice',
    ':::{table} scores\n:::\n\n:::{table} scores\n:::',
    /:10: "tbl:scores" is the name/,
  ],
  [
    'a table written under the name of a published one',
    ':::{table} scores\nC.\n\n| a |\n|---|\n| b |\n:::',
    /:7: 02-in-domain publishes a table "scores"/,
  ],
  ['a heading that leaves out a level', '# A\n\n### B', /:9: a heading of level 3 under one of level 1/],
  ['a picture', '![alt](picture.png)', /:7: an image/],
  ['a link within the file system', '[x](../secret)', /:7: a link to "\.\.\/secret"/],
  ['a table without a name', '| a |\n|---|\n| b |', /:7: a table outside/],
  [
    'a second work in a citation',
    '[@wadden2020fact, @unused2020]',
    /:7: "@unused2020" is a second work.*\s+.*semicolon/,
  ],
  ['a second work by "and"', 'a\n[@wadden2020fact and @unused2020]', /:8: "@unused2020" is a second work/],
  ['a comment that is not closed', 'a\n\n<!-- b', /:9: "<!– b" is not read/],
  ['a number after a comment', 'a <!-- one\ntwo --> b\nof 450', /:9: the number "450"/],
  [
    'a cell too many',
    ':::{table} t\nC.\n\n| a |\n|---|\n| b |\n| c | d |\n:::',
    /:13: the row has more cells/,
  ],
  [
    'a bar within maths in a cell',
    ':::{table} t\nC.\n\n| a | b |\n|---|---|\n| $P(x|y)$ | b |\n:::',
    /:12: .*more cells/,
  ],
  [
    'a cell too many in a quotation',
    '> :::{table} t\n> C.\n>\n> | a |\n> |---|\n> | b | c\n> :::',
    /:12: .*more cells/,
  ],
  [
    'TeX that the PDF cannot write',
    'a\n\n$$\n\\boxed{x}\n$$',
    /:9: the TeX .* has \\boxed, which cannot be written/,
  ],
  ['TeX of old', '$\\{\\bf x\\}$', /:7: the TeX .* has \\bf, which/],
  ['TeX between two bars', '$\\left\\{ a \\middle| b \\right\\}$', /:7: the TeX .* has \\middle, which/],
  ['TeX that is none', '$\\frac{1$', /:7: .*cannot read the TeX/],
];
for (const [what, body, message] of mistakes) {
  test(`${what} is an error that names file and line`, () => {
    assert.throws(
      () => read(body),
      (error) => error instanceof UserError && message.test(error.message),
    );
  });
}

const unsupported: readonly (readonly [string, string, number, string])[] = [
  ['outperforms', 'One.\nThe model outperforms the rule.', 8, 'outperforms'],
  ['surpassed, in a list', '- a\n- it surpassed all', 8, 'surpassed'],
  ['beats, with a number', 'It beats\nthe rule, by {{gain}} points.', 7, 'beats'],
  ['matches, with a number', 'At {{rule-accuracy}}\nit matches the best.', 8, 'matches'],
  ['better than, over a line', 'With {{gain}} it is better\nthan that.', 7, 'better than'],
  ['exceeds, in a caption', ':::{table} scores\nA exceeds B by {{gain}}.\n:::', 8, 'exceeds'],
];
for (const [what, body, line, words] of unsupported) {
  test(`"${what}" without a test is told with its line`, () => {
    const told = read(body).warnings.filter(({ at }) => at.file === 'paper/paper.md');
    assert.deepEqual(
      told.map(({ at, message }) => [at.line, message]),
      [[line, `"${words}" is said without a test`]],
    );
  });
}

for (const ordinary of [
  'The prompt never exceeds the context, the heart beats, and the pattern matches the text.',
  'At a matched size of {{rule-accuracy n}} rows the two are matched, match for match.',
  'Larger ones outperform it [@wadden2020fact]. @poliak2018hypothesis has it outperform others.',
  'It outperforms others, at {quoted}`88.4 @wadden2020fact`.',
  'On both it {claim}`gain: does not differ from` the rule, which is no better than {{rule-accuracy}}.',
  'It is higher, {{gain}}, and `outperforms` is a word of code.',
]) {
  test(`nothing is said of "${ordinary.slice(0, 40)} ..."`, () => {
    assert.deepEqual(
      read(ordinary).warnings.filter(({ at }) => at.file === 'paper/paper.md'),
      [],
    );
  });
}

test('all mistakes are told at once, in the order of their lines', () => {
  assert.throws(
    () => read('{{no-such}}\n\n{{nor-this}} and 12\n'),
    (error) => error instanceof UserError && /:7: .*no-such.*:9: .*nor-this.*:9: .*"12"/s.test(error.message),
  );
});

test('the abstract is checked too, with its own lines', () => {
  const front = '---\ntitle: T\nauthors:\n  - name: A\nabstract: |\n  Good.\n  Of 450.\n---\n';
  assert.throws(() => read('', front), /paper\.md:7: the number "450"/);
});

test('a language that is none is an error with its line', () => {
  for (const language of ['english language', 'e', 'en_GB']) {
    assert.throws(
      () => read('', FRONT.replace('abstract', `language: ${language}\nabstract`)),
      /paper\.md:5: language: .*no language tag such as en/,
    );
  }
});

test('a wrong key of the front matter is an error with its line', () => {
  assert.throws(
    () => read('', FRONT.replace('abstract', 'abstrakt: x\nabstract')),
    /paper\.md:5: .*"abstrakt"/,
  );
  assert.throws(() => read('', 'title: T\n'), /paper\.md:1: .*front matter/);
});

test('what is published and not used is a warning that says where it was published', () => {
  const { warnings } = read(
    '{{model-accuracy}} {{gain}} ::: [@wadden2020fact; @sarrouti2021evidence; @poliak2018hypothesis; @unused2020]',
  );
  assert.deepEqual(
    warnings.map(({ at, message }) => [at.file, message]),
    [
      ['notebooks/04-artifact.ipynb', 'cell 3: the value "rule-accuracy" is not in the paper'],
      ['notebooks/02-in-domain.ipynb', 'the table "scores" is not in the paper'],
      ['notebooks/04-artifact.ipynb', 'the figure "empty" is not in the paper'],
    ],
  );
});

test('a name with digits is no number, and every other word that begins with one is', () => {
  assert.deepEqual(
    typedNumbers('Qwen2.5-Coder-0.5B and SmolLM2-135M-Instruct, macro-F1, COVID-19 (GPT-4o)'),
    [],
  );
  assert.deepEqual(typedNumbers('of 450 rows, 72.9%, a 3-shot prompt, ½ of 1,261; ~12 and 0.5B'), [
    '450',
    '72.9%',
    '3-shot',
    '½',
    '1,261',
    '12',
    '0.5B',
  ]);
});

const disguised: readonly (readonly [string, string])[] = [
  ['accuracy=88.4', '88.4'],
  ['F1:88.4', '88.4'],
  ['macro-F1=59.3', '59.3'],
  ['n=450', '450'],
  ['approx.72.9%', '72.9%'],
  ['F1≈88', '88'],
  ['p<0.05', '0.05'],
  ['F1(88.4)', '88.4'],
  ['accuracy±2.1', '2.1'],
];
for (const [prose, number] of disguised) {
  test(`${prose} is a number behind a name`, () => {
    assert.deepEqual(typedNumbers(prose), [number]);
  });
}

test('a decimal in the title is an error with its line', () => {
  assert.throws(
    () => read('', FRONT.replace('title: T', 'title: We reach 88.4')),
    /paper\.md:2: the number "88\.4"/,
  );
});

test('names and small numbers in code, maths and headings, citations and what is marked as given are not taken for results', () => {
  read(
    '# Study 2 of Qwen2.5\n\n`k = 3`, `node 20.19.0`, $10^{-3}$, [@wadden2020fact, table 2], {given}`95 %`\n\n```\n12\n```\n',
  );
});

test('an id that two notebooks publish is an error that names both', async () => {
  await publishAs(paths, '03-cross-domain', () => {
    publishValue({ id: 'model-accuracy', number: 1, format: 'count', sources: [record] });
  });
  assert.throws(
    () => readPublished(paths),
    /"model-accuracy" is published by 02-in-domain and by 03-cross-domain/,
  );
});

test('a published file that is cut short is an error that says what to do', () => {
  writeFileSync(join(paths.published, '03-cross-domain', 'values', 'model-accuracy.json'), '{"id":');
  assert.throws(() => readPublished(paths), /model-accuracy\.json: .*\s+Delete build\/published/);
});

test('a published figure that could run code is an error that names its notebook', () => {
  writeFileSync(
    join(paths.published, '04-artifact', 'figures', 'empty.svg'),
    '<svg width="1" height="1"><script>1</script></svg>',
  );
  rmSync(join(paths.published, '03-cross-domain'), { recursive: true });
  assert.throws(
    () => readPublished(paths),
    /notebooks\/04-artifact\.ipynb: the figure "empty" holds "<script"/,
  );
});

test('a claim that its test supports is printed in its own words', () => {
  const { body } = read('a {claim}`gain: do not differ from` b').paper;
  const [block] = body;
  assert.ok(block?.kind === 'paragraph');
  assert.equal(plainText(block.children), 'a do not differ from b');
});

test('a figure quoted by its id reads as the other work prints it, and is marked', () => {
  const { paper } = read('It is {quoted}`big-model @sarrouti2021evidence`.');
  const shown = JSON.stringify(paper.body);
  assert.match(shown, /"kind":"quoted","text":"65\.2"/);
});

const printed = (body: string) => {
  const words = (part: unknown): string =>
    typeof part !== 'object' || part === null
      ? ''
      : 'text' in part
        ? String(part.text)
        : Object.values(part).map(words).join('');
  return words(read(body).paper.body);
};

test('a comment is not printed, and what stands in code is none', () => {
  assert.equal(
    printed('Before.\n\n<!-- TODO\n\nmore -->\n\nAfter <!-- hidden\nhere --> it.'),
    'Before.After  it.',
  );
  assert.equal(printed('`<!-- kept -->`'), '<!-- kept -->');
  assert.equal(printed('```\n<!-- kept -->\n```'), '<!-- kept -->');
  assert.equal(printed('- a\n\n  <!-- TODO -->\n\n  b'), 'ab');
});

test('signs that a typewriter lacks are made of dashes and dots alone', () => {
  assert.equal(printed('(a), (b) and (c) (r) (tm) +- b'), '(a), (b) and (c) (r) (tm) +- b');
  assert.equal(printed('a--b --- c...'), 'a–b — c…');
  assert.equal(printed('`a--b` ----'), 'a--b ----');
});

test('an address is linked as it is, whatever is in it', () => {
  for (const address of [
    'https://example.org/records/12345',
    'https://doi.org/10.5281/zenodo.1234',
    'https://example.org/@someone',
    'https://example.org/?q=1.5%25&n=450',
  ])
    for (const written of [`<${address}>`, `[${address}](${address})`]) {
      const shown = JSON.stringify(read(written).paper.body);
      assert.match(shown, /"kind":"link"/, written);
      assert.equal(printed(written), address, written);
    }
  assert.throws(() => read('[450 rows](https://example.org/450)'), /the number "450"/);
});

test('TeX of every day is written in both formats', () => {
  for (const tex of [
    '\\sum\\limits_{i=1}^{n} x_i',
    '\\lVert x \\rVert',
    'a \\coloneqq b',
    '\\arg\\max_x f(x)',
    '\\min_x \\exp(x)',
    '\\bm{x}',
    '\\lvert x \\rvert',
  ])
    read(`$${tex}$`);
});

test('where no number is shown yet, the first page says so', () => {
  const { provenance } = read('No number here yet.').paper;
  assert.match(plainText(provenance), /^About the numbers\. No number .* is shown yet\.$/);
});
