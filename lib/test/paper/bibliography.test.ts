import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from 'small-claims/paper/document';
import { citedWorks, readBibliography } from 'small-claims/paper/reading/bibliography';
import { readBibtex } from 'small-claims/paper/reading/bibtex';

/** An entry as a file has it. */
const entry = (key: string, fields: Record<string, string>, type = 'article') =>
  `@${type}{${key},\n${Object.entries(fields)
    .map(([name, value]) => `  ${name} = {${value}},`)
    .join('\n')}\n}`;
const works = (...entries: readonly string[]) =>
  citedWorks([...readBibliography(entries.join('\n'), 'r.bib').values()]);
const listed = (...entries: readonly string[]) =>
  works(...entries).map(({ reference }) => plainText(reference.content).trim());
const work = { author: 'Ada One', title: 'T', year: '2020' };

test('braces, quotes, bare numbers, comments and a last comma are read', () => {
  const [first, second] = readBibtex(
    '% a comment\n@Article{a-1,\n Author = {A {B} C},\n year=2020,\n title = "x~{Y}",\n}\n@misc{b, title={z}}',
    'r.bib',
  );
  assert.equal(first?.key, 'a-1');
  assert.equal(first.line, 2);
  assert.deepEqual(
    Object.entries(first.fields).map(([name, value]) => [name, plainText(value)]),
    [
      ['year', '2020'],
      ['title', 'x\u00a0Y'],
    ],
  );
  assert.equal(second?.line, 7);
});

const flawed: readonly (readonly [string, string, RegExp])[] = [
  [
    'a misspelt field',
    '@misc{a,\n auther = {X}}',
    /r\.bib:2: unknown field "auther".*\s+Did you mean "author"/,
  ],
  ['a misspelt type', '\n@artcle{a}', /r\.bib:2: unknown type "@artcle".*\s+Did you mean "article"/],
  ['an abbreviation that is not defined', '@misc{a,\n title = acl}', /r\.bib:2: .*"acl"/],
  ['a LaTeX command without a text', '@misc{a,\n\n title = {A \\foo{b}}}', /r\.bib:3: .*"\\foo.*" in "a"/],
  ['an unclosed value', '@misc{a, title = {x', /r\.bib:1: not valid BibTeX: Unterminated/],
  [
    'an entry with a comma too few',
    '@misc{a,\n title = {x}\n year = 2020}',
    /r\.bib:3: not valid BibTeX: .*expected/,
  ],
  [
    'a key twice',
    '@misc{a, title={x}}\n@misc{a, title={y}}',
    /r\.bib:2: "a" is defined twice, first in line 1/,
  ],
  ['a field twice', '@misc{a, title={x},\n title={y}}', /r\.bib:1: "a" has the field "title" twice/],
  ['a crossref to nothing', '@misc{a,\n crossref={b}}', /r\.bib:2: "a" refers to "b", which is not defined/],
  ['an entry without its @', '@misc{a, title={x}}\n\narticle{b, title={y}}', /r\.bib:3: .*no @ before it/],
  ['a percent sign that would hide words', '@misc{a,\n title={x % y}}', /r\.bib:2: .*% begins a comment/],
  ['a control character', '@misc{a,\n title={x\u0000}}', /r\.bib:2: a control character/],
  ['a name of four parts', '@misc{a, author={A, B, C, D}}', /r\.bib:1: .*4-part name/],
];
for (const [what, source, message] of flawed) {
  test(`${what} is an error with its line`, () => {
    assert.throws(() => readBibtex(source, 'r.bib'), message);
  });
}

test('a field that no reference list prints is told by its line, and costs nothing', () => {
  const told: string[] = [];
  readBibtex('@misc{a,\n title={x},\n abstract={y},\n file={z},\n x-rating={1}}', 'r.bib', (...each) =>
    told.push(each.join(' ')),
  );
  assert.deepEqual(told, ['3 abstract a', '4 file a', '5 x-rating a']);
});

test('names have particles, suffixes and braces, and "and" stands between them in any case', () => {
  const names = (author: string) => {
    const [{ authors, reference } = assert.fail()] = works(entry('a', { ...work, author }));
    return [authors, plainText(reference.content).split('. 2020')[0]];
  };
  for (const [author, short, full] of [
    ['{World Health Organization}', 'World Health Organization', 'World Health Organization'],
    ['King, Jr., Martin Luther and Doe, Jane', 'King and Doe', 'Martin Luther King Jr. and Jane Doe'],
    ['Smith, Ann AND Jones, Bob', 'Smith and Jones', 'Ann Smith and Bob Jones'],
    ['{Barnes and Noble} and Lee, Cy', 'Barnes and Noble and Lee', 'Barnes and Noble and Cy Lee'],
    ['Ludwig van Beethoven', 'van Beethoven', 'Ludwig van Beethoven'],
    ["de la Cruz, Mar{\\'\\i}a", 'de la Cruz', 'María de la Cruz'],
    ['M{\\"u}ller, J{\\\'o}zef', 'Müller', 'Józef Müller'],
    ['{\\AA}ngstr{\\"o}m, A.', 'Ångström', 'A. Ångström'],
    ['Smith\n  and\n Jones, B.', 'Smith and Jones', 'Smith and B. Jones'],
    ['{{NIH} Office of Science}', 'NIH Office of Science', 'NIH Office of Science'],
  ] as const)
    assert.deepEqual(
      names(author).map((each) => each?.normalize('NFC')),
      [short, full],
      author,
    );
});

test('abbreviations and their joining, crossref, and signs of LaTeX are read as BibTeX does', () => {
  const [first, second] = listed(
    '@string{acl = {Association for} # " CL"}',
    '@inproceedings{a, author={A B}, title={10\\% or 50% of $H_2O$: \\emph{in vivo} \\& p < 0.05, a <b> c}, publisher=acl, crossref={p}}',
    '@proceedings{p, editor={Ed One and Ed Two}, title={Proceedings of {ACL}}, booktitle={Proceedings of {ACL}}, year=2020}',
  );
  assert.equal(
    first,
    'A B. 2020. 10% or 50% of H₂O: in vivo & p < 0.05, a <b> c. In Ed One and Ed Two, editors, Proceedings of ACL. Association for CL.',
  );
  assert.match(second ?? '', /^Ed One and Ed Two, editors\. 2020\. Proceedings of ACL\./);
});

test('what stands in italics in a title does so in the list', () => {
  const [{ reference } = assert.fail()] = works(entry('a', { ...work, title: 'Of \\emph{E. coli}' }));
  assert.ok(
    reference.content.some((each) => each.kind === 'emphasis' && plainText(each.children) === 'E. coli'),
  );
});

test('books, chapters, theses, reports and what else is printed', () => {
  for (const [type, fields, printed] of [
    [
      'book',
      { ...work, edition: '2', publisher: 'P', address: 'Rome' },
      'Ada One. 2020. T, 2nd edition. P, Rome.',
    ],
    ['book', { ...work, series: 'S', volume: '4', publisher: 'P' }, 'Ada One. 2020. T. S, volume 4. P.'],
    [
      'incollection',
      { ...work, booktitle: 'B', editor: 'Ed One', chapter: '3', pages: '7' },
      'Ada One. 2020. T. In Ed One, editor, B, chapter 3, page 7.',
    ],
    ['phdthesis', { ...work, school: 'Uni' }, 'Ada One. 2020. T. PhD thesis. Uni.'],
    [
      'techreport',
      { ...work, institution: 'NIH', number: '5' },
      'Ada One. 2020. T. Technical report 5. NIH.',
    ],
    [
      'misc',
      { ...work, howpublished: 'Preprint', note: 'Version of May' },
      'Ada One. 2020. T. Preprint. Version of May.',
    ],
    ['article', { ...work, journal: 'J', volume: '3', eid: 'e12' }, 'Ada One. 2020. T. J, 3(e12).'],
    [
      'article',
      { author: 'Ada One', title: 'Why?', date: '2020-03', journaltitle: 'J' },
      'Ada One. 2020. Why? J.',
    ],
  ] as const)
    assert.deepEqual(listed(entry('a', fields, type)), [printed]);
});

test('a DOI, an arXiv number or an address leads to one place, however it is written', () => {
  const link = (fields: Record<string, string>) => {
    const [{ reference } = assert.fail()] = works(entry('a', { ...work, ...fields }));
    const [found] = reference.content.flatMap((each) => (each.kind === 'link' ? [each] : []));
    return [plainText(found?.children ?? []), found?.href];
  };
  const doi = ['doi:10.1000/182', 'https://doi.org/10.1000/182'];
  for (const written of [
    '10.1000/182',
    'https://doi.org/10.1000/182',
    'http://dx.doi.org/10.1000/182',
    'doi: 10.1000/182',
  ])
    assert.deepEqual(link({ doi: written }), doi, written);
  const arxiv = ['arXiv:2101.00001', 'https://arxiv.org/abs/2101.00001'];
  for (const written of [
    '2101.00001',
    'arXiv:2101.00001',
    'https://arxiv.org/abs/2101.00001',
    'https://arxiv.org/pdf/2101.00001.pdf',
  ])
    assert.deepEqual(link({ eprint: written, archiveprefix: 'arXiv' }), arxiv, written);
  assert.deepEqual(link({ url: 'https://a.org/~b_c%20d' }), [
    'https://a.org/~b_c%20d',
    'https://a.org/~b_c%20d',
  ]);
  assert.equal(
    link({ doi: '10.1002/(SICI)1<1::AID>3.0.CO;2-#' })[1],
    'https://doi.org/10.1002/(SICI)1%3C1::AID%3E3.0.CO;2-%23',
  );
  for (const [fields, message] of [
    [{ doi: 'see text' }, /r\.bib:1: doi: "see text" is no DOI/],
    [{ eprint: '12' }, /eprint: "12" is no number of arXiv/],
    [{ url: 'ftp://a' }, /url: "ftp:\/\/a" is no web address/],
  ] as const)
    assert.throws(() => link(fields), message);
});

test('a work needs authors, a title and a year', () => {
  assert.throws(
    () => readBibliography('@misc{a,\n author={X}, title={Y}}', 'r.bib'),
    /r\.bib:1: year: "a" has no year/,
  );
});

test('a year is four digits, or says that there is none yet', () => {
  const of = (year: string) => () =>
    readBibliography(`\n@misc{a,\n author={X}, title={Y}, year={${year}}}`, 'r.bib');
  for (const year of ['20x6', '20200', '99', '3024', 'last year', '2020/21'])
    assert.throws(of(year), /r\.bib:2: year: .* is no year\s+Four digits/, year);
  for (const year of ['1953', '2026', 'in press', 'n.d.', 'Forthcoming']) assert.doesNotThrow(of(year), year);
});

test('works are listed by author, year and title, whatever accents they bear', () => {
  const all = works(
    entry('z', { author: 'Zed, A', title: 'Z', year: '2000' }),
    entry('e', { author: 'Éclair, B', title: 'E', year: '2000' }),
    entry('d2', { author: 'Dey, C', title: 'D', year: '2001' }),
    entry('d1', { author: 'Dey, C', title: 'D', year: '2000' }),
  );
  assert.deepEqual(
    all.map(({ key }) => key),
    ['d1', 'd2', 'e', 'z'],
  );
});

test('one author, two, and many are named as in author-year style; look-alikes get letters', () => {
  const all = works(
    entry('a', { author: 'Ada One', title: 'T', year: '2020' }),
    entry('b', { author: 'Bo, A and Cy, B', title: 'T', year: '2020' }),
    entry('c', { author: 'Dee, A and Em, B and Fo, C', title: 'T', year: '2020' }),
    entry('d', { author: 'Dee, A and Gi, B and Ho, C', title: 'A', year: '2020' }),
  );
  assert.deepEqual(
    all.map(({ authors, year }) => `${authors} ${year}`),
    ['Bo and Cy 2020', 'Dee et\u00a0al. 2020a', 'Dee et\u00a0al. 2020b', 'One 2020'],
  );
});

test('authors left out are so in both places', () => {
  const [one] = works(entry('a', { author: 'Ada One and others', title: 'T', year: '2020' }));
  assert.equal(one?.authors, 'One et\u00a0al.');
  assert.match(plainText(one?.reference.content ?? []), /^Ada One et\u00a0al\. 2020\. T\./);
});

test('an article and a paper in proceedings read as in the ACL Anthology', () => {
  const references = listed(
    entry('a', { ...work, journal: 'J', volume: '3', number: '2', pages: '1--9' }),
    entry(
      'b',
      { author: 'Two, B.', title: 'U', year: '2021', booktitle: 'P', pages: '4-5' },
      'inproceedings',
    ),
  );
  assert.deepEqual(references, ['Ada One. 2020. T. J, 3(2):1–9.', 'B. Two. 2021. U. In P, pages 4–5.']);
});
