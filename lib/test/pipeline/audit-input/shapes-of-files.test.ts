import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { Columns } from 'small-claims/datasets/formats/columns';
import { type FileRows, readFileRows } from 'small-claims/pipeline/audit-input/file-rows';
import { UserError } from 'small-claims/project/error';

const folder = mkdtempSync(join(tmpdir(), 'shapes-of-files-'));
after(() => rmSync(folder, { recursive: true }));

function read(name: string, content: string): FileRows {
  const path = join(folder, name);
  writeFileSync(path, content);
  return readFileRows(path);
}

// Made up, in the shapes of public files: forty rows, of texts that are all different.
const HERBS = ['sage', 'tea', 'zinc', 'mint', 'salt', 'milk', 'rue'];
const herb = (row: number) => HERBS[row % HERBS.length] ?? '';
const ROWS = Array.from({ length: 40 }, (_, row) => ({
  first: `Of ${row + 20} adults, ${row} were given ${herb(row)}; it "helped" some.`,
  second: `The ${herb(row)} was not given to all ${row} of them`,
  third: `Trial ${row} was one of many that were held there`,
  label: row % 3 ? 'helps' : 'harms',
  graded: `${row % 7}`,
  unique: `${1000 + 7 * row}`,
}));
type Name = keyof (typeof ROWS)[number];
const table = (separator: string, header: readonly string[] | null, names: readonly Name[], quote = '"') =>
  [
    ...(header ? [header.join(separator)] : []),
    ...ROWS.map((row) =>
      names
        .map((name) =>
          [separator, quote, '\n'].some((mark) => row[name].includes(mark))
            ? `${quote}${row[name].replaceAll(quote, quote + quote)}${quote}`
            : row[name],
        )
        .join(separator),
    ),
    '',
  ].join('\n');
const plainTabs = (header: readonly string[] | null, names: readonly Name[]) =>
  `${[...(header ? [header] : []), ...ROWS.map((row) => names.map((name) => row[name]))].map((cells) => cells.join('\t')).join('\n')}\n`;

const labels = ROWS.map(({ label }) => label);
const ONE = { claim: ROWS.map(({ first }) => first), evidence: ROWS.map(() => '') };
const TWO = { claim: ROWS.map(({ second }) => second), evidence: ROWS.map(({ first }) => first) };

describe('a file of another shape is read without an option, and what no name tells is told', () => {
  const cases: readonly [string, string, string, Columns, typeof ONE, readonly RegExp[]][] = [
    [
      'sentences marked A and B, in tabs, under an ending that does not tell',
      'a.txt',
      plainTabs(
        ['pair_ID', 'sentence_A', 'sentence_B', 'score', 'entailment_judgment'],
        ['unique', 'first', 'second', 'graded', 'label'],
      ),
      { id: 'pair_ID', label: 'entailment_judgment', evidence: 'sentence_A', claim: 'sentence_B' },
      TWO,
      [
        /a\.txt: read as tsv, as it is written/,
        /"sentence_B" is taken for the claim and "sentence_A" for the evidence/,
      ],
    ],
    [
      'strings marked #1 and #2, and a label that no name tells',
      'b.tsv',
      `\ufeff${plainTabs(['Quality', '#1 ID', '#1 String', '#2 String'], ['label', 'unique', 'first', 'second'])}`,
      { label: 'Quality', evidence: '#1 String', claim: '#2 String' },
      TWO,
      [/the label is taken from "Quality", which alone has few short values/],
    ],
    [
      'two texts whose names are alike in nothing',
      'c.csv',
      table(',', ['qtext', 'label', 'atext'], ['first', 'label', 'second']),
      { label: 'label', evidence: 'qtext', claim: 'atext' },
      TWO,
      [/say --claim "qtext" --evidence "atext"/],
    ],
    [
      'no header: a label and a text',
      'd.tsv',
      plainTabs(null, ['label', 'first']),
      { label: '1', claim: '2' },
      ONE,
      [/its first line is taken for a row/, /the label is taken from "1"/],
    ],
    [
      'no header: an id, a label and a text',
      'e.tsv',
      plainTabs(null, ['unique', 'label', 'first']),
      { label: '2', claim: '3' },
      ONE,
      [/its first line is taken for a row/],
    ],
    [
      'no header, semicolons, and single quotes around cells that hold double ones and a comma',
      'f.csv',
      table(';', null, ['label', 'first'], "'"),
      { label: '1', claim: '2' },
      ONE,
      [/parted by a semicolon/, /single quotes enclose cells/],
    ],
    [
      'names in another language',
      'g.csv',
      table(';', ['Nummer', 'Aussage', 'Urteil'], ['unique', 'first', 'label']),
      { claim: 'Aussage', label: 'Urteil' },
      ONE,
      [/the label is taken from "Urteil"/],
    ],
    [
      'one text under a name that is of evidence elsewhere',
      'h.tsv',
      plainTabs(['id', 'document', 'label'], ['unique', 'first', 'label']),
      { id: 'id', claim: 'document', label: 'label' },
      ONE,
      [],
    ],
    [
      'a tweet, where it is from, and what is felt in it',
      'i.csv',
      table(
        ',',
        ['UserName', 'Location', 'OriginalTweet', 'Sentiment'],
        ['unique', 'graded', 'first', 'label'],
      ),
      { claim: 'OriginalTweet', label: 'Sentiment' },
      ONE,
      [],
    ],
    [
      'lines of JSON under an ending that does not tell',
      'j.data',
      ROWS.map(({ first, label }) => `${JSON.stringify({ headline: first, verdict: label })}\n`).join(''),
      { claim: 'headline', label: 'verdict' },
      ONE,
      [/j\.data: read as jsonl, as it is written/],
    ],
    [
      'evidence that is a list of objects with one text each',
      'k.jsonl',
      ROWS.map(
        ({ first, second, label, unique }) =>
          `${JSON.stringify({ claim: second, claim_label: label, evidences: [{ id: unique, article: 'Herbs', text: first }] })}\n`,
      ).join(''),
      { claim: 'claim', label: 'claim_label', evidence: 'evidences.text' },
      TWO,
      [/evidence is taken from "evidences\.text", the one text of its objects/],
    ],
  ];
  for (const [what, name, content, columns, texts, says] of cases)
    test(what, () => {
      const { rows, columns: found, notes } = read(name, content);
      assert.deepEqual(found, columns);
      assert.deepEqual(
        rows.map(({ gold }) => gold),
        labels,
      );
      assert.deepEqual(
        rows.map((row) => row.texts['claim']),
        texts.claim,
      );
      assert.deepEqual(
        rows.map((row) => row.texts['evidence']),
        texts.evidence,
      );
      for (const each of says) assert.match(notes.join('\n'), each);
    });

  test('texts of a script that parts no words are texts, and what an audit sees of them is told', () => {
    const content = ROWS.map(({ label }, row) => `${label},第${row}次试验给了茶所有人都觉得很好\n`).join('');
    const { columns, notes } = read('l.csv', `label,review\n${content}`);
    assert.deepEqual(columns, { claim: 'review', label: 'label' });
    assert.match(notes.join(), /its texts part no words/);
    assert.doesNotMatch(
      read('m.csv', table(',', ['text', 'label'], ['first', 'label'])).notes.join(),
      /part no/,
    );
  });

  test('seventy labels are labels where each has ten rows, and else are told to be none', () => {
    const of = (rows: number) =>
      `text,label\n${Array.from({ length: rows }, (_, row) => `Tea ${row} is warm,intent ${row % 70}\n`).join('')}`;
    assert.equal(new Set(read('n.csv', of(700)).rows.map(({ gold }) => gold)).size, 70);
    assert.throws(() => read('n.csv', of(600)), /label: 70 different values in 600 rows/);
  });
});

describe('a file that does not tell is refused, with what to say', () => {
  const cases: readonly [string, string, string, RegExp][] = [
    [
      'no header, and labels of two kinds',
      'a.txt',
      plainTabs(null, ['first', 'label', 'graded']),
      /which column holds the label.*\n.*--label COLUMN, perhaps 2 or 3.*\n.*taken for a row/,
    ],
    [
      'three texts',
      'b.csv',
      table(',', ['warrant', 'reason', 'title', 'label'], ['first', 'second', 'third', 'label']),
      /--claim COLUMN, perhaps warrant or reason or title/,
    ],
    [
      'where rows are from, and no label',
      'c.csv',
      table(',', ['type', 'post'], ['label', 'first']),
      /which column holds the label/,
    ],
    [
      'ids and labels without texts',
      'd.txt',
      table(',', ['pair_id', 'label'], ['unique', 'label']),
      /which column holds the claim/,
    ],
    [
      'a text that is no table',
      'e.txt',
      'Tea is warm.\nTea is cold.\n',
      /its ending does not tell.*\n.*--format/,
    ],
    [
      'a row with a cell more, in semicolons too',
      'f.csv',
      `${table(',', ['text', 'label'], ['first', 'label'])}Tea; warm,helps,more\n`,
      /f\.csv:42: 3 cells in a row under 2 columns/,
    ],
  ];
  for (const [what, name, content, says] of cases)
    test(what, () =>
      assert.throws(
        () => read(name, content),
        (error) => error instanceof UserError && says.test(error.message),
      ),
    );

  test('a first line that names its columns is no row, though a value is called as one', () => {
    const { rows } = read(
      'g.csv',
      `text,label\n${labels.map((label, row) => `Tea ${row},${row ? label : 'label'}\n`).join('')}`,
    );
    assert.equal(rows.length, 40);
  });
});
