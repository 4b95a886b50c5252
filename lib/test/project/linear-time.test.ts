import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { nearDuplicates } from 'small-claims/audit/measures/near-duplicate';
import { surface, surfaceFeatures } from 'small-claims/audit/measures/surface';
import { factsOf } from 'small-claims/datasets/facts';
import { readTable } from 'small-claims/datasets/formats/table';
import { doubtfulLabels } from 'small-claims/datasets/label-forms';
import { normalForm } from 'small-claims/datasets/normal-form';
import { fitTfidf } from 'small-claims/learners/tfidf';
import { UserError } from 'small-claims/project/error';
import { projectPaths } from 'small-claims/project/paths';
import { visible } from 'small-claims/project/visible';
import ts from 'typescript';

/** Milliseconds of computing: what others do meanwhile does not count. */
function computing(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const UNITS = [
  '.',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '"',
  "'",
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '<',
  '>',
  '*',
  '_',
  '`',
  '$',
].concat(
  [
    '\\',
    '/',
    '-',
    '#',
    '@',
    '!',
    '?',
    ':',
    ';',
    ',',
    '=',
    '|',
    '&',
    '%',
    'a',
    'A',
    '1',
    '0',
    '\u0301',
    'é',
    '~',
    '^',
    '+',
  ],
  [
    'a ',
    'a.',
    '. ',
    'a1',
    '"a',
    '\\"',
    '](',
    '<a',
    'a=',
    '@a',
    '[@a',
    '{{',
    '}}',
    '$$',
    '--',
    '\u0301\u0323',
    '1.',
    '1,',
    '<!--',
  ],
);

describe('no pattern takes time that grows with the square of a text', () => {
  /** Patterns that never meet a text of somebody's own, or only one that something else has bounded. */
  const EXEMPT: Readonly<Record<string, string>> = {
    'datasets/formats/repeated-key.ts':
      'a text that JSON.parse has read, in which every quotation mark has its other',
    'reporting/format.ts': 'the digits of one number',
  };
  const src = join(projectPaths().root, 'lib', 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const patterns = files.flatMap((file) => {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(src, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const found: { readonly file: string; readonly pattern: RegExp }[] = [];
    const visit = (node: ts.Node) => {
      const [, body = '', flags = ''] = ts.isRegularExpressionLiteral(node)
        ? (/^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [])
        : [];
      if (body !== '') found.push({ file, pattern: new RegExp(body, `${flags.replace(/[gy]/g, '')}g`) });
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
  const LENGTH = 10_000;

  test('all of them are found', () => {
    assert.ok(patterns.length > 250);
    for (const file of Object.keys(EXEMPT))
      assert.ok(
        patterns.some((each) => each.file === file),
        file,
      );
  });

  test('on any sign or pair of signs without end', () => {
    const slow = patterns.flatMap(({ file, pattern }) => {
      if (Object.hasOwn(EXEMPT, file)) return [];
      const literals = [...new Set(pattern.source.match(/[A-Za-z<[({"'$@#!`*_:=-]{1,8}/g) ?? [])].slice(0, 4);
      const texts = [...UNITS, ...literals].flatMap((unit) =>
        ['', ...literals.slice(0, 2)].map((start) => `${start}${unit.repeat(LENGTH / unit.length)}\u0001`),
      );
      const found = texts.find((text) =>
        // Again where something else may have taken the time.
        [1, 2, 3].every(() => computing(() => text.replace(pattern, '')) > 30),
      );
      return found === undefined
        ? []
        : [`${file} ${pattern.source} on ${JSON.stringify(found.slice(0, 20))}`];
    });
    assert.deepEqual(slow, []);
  });
});

describe('a megabyte of anything is read in the time of a megabyte', () => {
  const fields = { claim: {}, evidence: {} };
  const task = {
    name: 't',
    title: 'T',
    question: 'q',
    shape: 'one-of',
    labels: ['a', 'b'],
    keys: {},
    fields,
  } as const;
  const asTask = {
    ...task,
    labels: [...task.labels],
    fields: { claim: { optional: false }, evidence: { optional: true } },
  };
  const table = (format: 'csv' | 'tsv' | 'json') => (text: string) => {
    const content = {
      csv: `claim,label\n${text},x\n`,
      tsv: `claim\tlabel\n${text}\tx\n`,
      json: JSON.stringify([{ claim: text, label: 'x' }]),
    };
    try {
      readTable(Buffer.from(content[format]), `a.${format}`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  };
  const readers: Readonly<Record<string, (text: string) => unknown>> = {
    'its normal form': normalForm,
    'its facts': (text) =>
      factsOf({ id: '1', gold: 'a', keys: {}, texts: { claim: text, evidence: text } }, asTask),
    'what is counted of it': (text) => surface([{ texts: { claim: text } }], surfaceFeatures(['claim'])),
    'its words': (text) => fitTfidf([text, 'other words'], { longest: 2 }),
    'its near duplicates': (text) => nearDuplicates([text, `${text} more`]),
    'the forms of a label': (text) =>
      doubtfulLabels(
        new Map([
          [text, 1],
          [`${text} `, 1],
          ['no', 2],
        ]),
      ),
    'what a terminal is given': (text) => visible(text, '\n'),
    'a cell of CSV': table('csv'),
    'a cell of TSV': table('tsv'),
    'a value of JSON': table('json'),
  };
  const MEGABYTE = 2 ** 20;
  for (const [what, read] of Object.entries(readers)) {
    test(what, () => {
      for (const unit of [
        '.',
        ' ',
        '\u0301\u0323',
        '\u0345\u0301',
        '[',
        '"',
        '""',
        'word ',
        'x',
        '!? ',
        '\n',
        ',',
        '\t',
        '\u{1d54f}',
        'a\u0301',
      ]) {
        const of = (length: number) => `a${unit.repeat(length / unit.length)}b`;
        assert.ok(computing(() => read(of(MEGABYTE / 32))) < 1000, `${JSON.stringify(unit)}, 32 KB`);
        const taken = computing(() => read(of(MEGABYTE)));
        assert.ok(taken < 6000, `${JSON.stringify(unit)}: ${taken} ms`);
      }
    });
  }

  test('a hundred thousand rows, each of several lines, and two thousand labels', () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, row) => `"Claim ${row}\nof two lines, and more",label ${row % 2000}`,
    );
    const content = Buffer.from(`claim,label\n${rows.join('\n')}\n`);
    const taken = computing(() => assert.equal(readTable(content, 'a.csv').rows.length, 100_000));
    assert.ok(taken < 10_000, `${taken} ms`);
    const counts = new Map(rows.slice(0, 2000).map((_, label) => [`label number ${label}`, 1]));
    assert.ok(computing(() => doubtfulLabels(counts)) < 5000);
  });
});
