import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainText } from 'small-claims/paper/document';
import { citedWorks, readBibliography } from 'small-claims/paper/reading/bibliography';
import { readBibtex } from 'small-claims/paper/reading/bibtex';

const entry = (key: string, fields: Record<string, string>) => ({ type: 'article', key, line: 1, fields });

test('braces, quotes, bare numbers, comments and a last comma are read', () => {
  const [first, second] = readBibtex(
    '% a comment\n@Article{a-1,\n Author = {A {B} C},\n year=2020,\n title = "x ~ {Y}",\n}\n@misc{b, title={z}}',
    'r.bib',
  );
  assert.deepEqual(first, {
    type: 'article',
    key: 'a-1',
    line: 2,
    fields: { author: 'A B C', year: '2020', title: 'x \u00a0 Y' },
  });
  assert.equal(second?.line, 7);
});

const flawed: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown field',
    '@misc{a,\n auther = {X}}',
    /r\.bib:2: unknown field "auther".*\s+Did you mean "author"/,
  ],
  ['a misspelt type', '\n@artcle{a}', /r\.bib:2: unknown type "@artcle".*\s+Did you mean "article"/],
  ['an abbreviation', '@string{a = {b}}', /r\.bib:1: unknown type "@string"/],
  ['a LaTeX command', "@misc{a,\n\n title = {Caf\\'e}}", /r\.bib:3: a LaTeX command in "a"/],
  ['an unclosed value', '@misc{a, title = {x', /r\.bib:1: a value of "a" is not closed/],
  ['an unclosed entry', '@misc{a, title = {x}\n@misc{b}', /r\.bib:2: expected "," or "}" in "a"/],
  ['a key twice', '@misc{a}\n@misc{a}', /"a" is defined twice, first in line 1/],
];
for (const [what, source, message] of flawed) {
  test(`${what} is an error with its line`, () => {
    assert.throws(() => readBibtex(source, 'r.bib'), message);
  });
}

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
  const works = citedWorks([
    entry('z', { author: 'Zed, A', title: 'Z', year: '2000' }),
    entry('e', { author: 'Éclair, B', title: 'E', year: '2000' }),
    entry('d2', { author: 'Dey, C', title: 'D', year: '2001' }),
    entry('d1', { author: 'Dey, C', title: 'D', year: '2000' }),
  ]);
  assert.deepEqual(
    works.map(({ key }) => key),
    ['d1', 'd2', 'e', 'z'],
  );
});

test('one author, two, and many are named as in author-year style; look-alikes get letters', () => {
  const works = citedWorks([
    entry('a', { author: 'Ada One', title: 'T', year: '2020' }),
    entry('b', { author: 'Bo, A and Cy, B', title: 'T', year: '2020' }),
    entry('c', { author: 'Dee, A and Em, B and Fo, C', title: 'T', year: '2020' }),
    entry('d', { author: 'Dee, A and Gi, B and Ho, C', title: 'A', year: '2020' }),
  ]);
  assert.deepEqual(
    works.map(({ authors, year }) => `${authors} ${year}`),
    ['Bo and Cy 2020', 'Dee et\u00a0al. 2020a', 'Dee et\u00a0al. 2020b', 'One 2020'],
  );
});

test('authors left out are so in both places', () => {
  const [work] = citedWorks([entry('a', { author: 'Ada One and others', title: 'T', year: '2020' })]);
  assert.equal(work?.authors, 'One et\u00a0al.');
  assert.match(plainText(work?.reference.content ?? []), /^Ada One et\u00a0al\. 2020\. T\./);
});

test('an article and a paper in proceedings read as in the ACL Anthology', () => {
  const references = citedWorks([
    entry('a', {
      author: 'Ada One',
      title: 'T',
      year: '2020',
      journal: 'J',
      volume: '3',
      number: '2',
      pages: '1--9',
    }),
    {
      ...entry('b', { author: 'Two, B.', title: 'U', year: '2021', booktitle: 'P', pages: '4-5' }),
      type: 'inproceedings',
    },
  ]).map(({ reference }) => plainText(reference.content).trim());
  assert.deepEqual(references, ['Ada One. 2020. T. J, 3(2):1–9.', 'B. Two. 2021. U. In P, pages 4–5.']);
});
