import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { columnsText } from 'small-claims/datasets/formats/columns';
import { type FileOptions, readFileRows } from 'small-claims/pipeline/audit-input/file-rows';
import { UserError } from 'small-claims/project/error';

const folder = mkdtempSync(join(tmpdir(), 'file-rows-'));
after(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const read = (name: string, content: string | Uint8Array, options?: FileOptions) =>
  readFileRows(fileOf(name, content), options);

function refused(name: string, content: string | Uint8Array, options?: FileOptions): UserError {
  try {
    read(name, content, options);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error;
  }
  return assert.fail('was read');
}

describe('a file of rows is read as its owner has it', () => {
  test('a byte order mark, CR LF, blank lines, line ends in quotes, commas and letters of any script', () => {
    const { rows, columns } = read(
      'a.csv',
      '\ufeffID,Claim,Evidence,Label\r\n7,"Té, ""β""","one\r\ntwo",yes\r\n\r\n8,鼠 🐁,,no\r\n',
    );
    assert.equal(
      columnsText(columns),
      'claim from "Claim", evidence from "Evidence", label from "Label", id from "ID"',
    );
    assert.deepEqual(
      rows.map(({ id, texts, gold }) => [id, texts['claim'], texts['evidence'], gold]),
      [
        ['a:7', 'Té, "β"', 'one two', 'yes'],
        ['a:8', '鼠 🐁', '', 'no'],
      ],
    );
  });

  test('the same rows as CSV, TSV, JSON Lines, a JSON list and a JSON object by id', () => {
    const wanted = [
      ['c', 'p q', 'x'],
      ['d', '', 'y'],
    ];
    const files: readonly (readonly [string, string])[] = [
      ['b.csv', 'hypothesis,premise,gold_label\nc,p q,x\nd,,y\n'],
      ['b.tsv', 'hypothesis\tpremise\tgold_label\nc\tp q\tx\nd\t\ty\n'],
      [
        'b.jsonl',
        '{"hypothesis":"c","premise":["p","q"],"gold_label":"x"}\n{"hypothesis":"d","gold_label":"y"}\n',
      ],
      ['b.json', '[{"claim":"c","evidence":"p q","label":"x"},{"claim":"d","evidence":null,"label":"y"}]'],
      [
        'c.json',
        '{"1":{"QUESTION":"c","CONTEXTS":["p","q"],"final_decision":"x"},"2":{"QUESTION":"d","final_decision":"y"}}',
      ],
    ];
    for (const [name, content] of files) {
      const { rows } = read(name, content);
      assert.deepEqual(
        rows.map(({ texts, gold }) => [texts['claim'], texts['evidence'], gold]),
        wanted,
        name,
      );
    }
    assert.deepEqual(
      read('c.json', files[4]?.[1] ?? '').rows.map(({ id }) => id),
      ['c:1', 'c:2'],
    );
  });

  test('a key that every object inherits is empty where it is not given', () => {
    const { rows } = read(
      'keys.jsonl',
      '{"claim":"c","constructor":"p","label":"x"}\n{"claim":"d","label":"y"}\n',
      { columns: { evidence: 'constructor' } },
    );
    assert.deepEqual(
      rows.map(({ texts }) => texts['evidence']),
      ['p', ''],
    );
  });

  test('a file without a header, by the numbers of its columns; of one text, evidence is absent', () => {
    const { rows, columns } = read('d.tsv', '0\tsome text\t1\n1\tother "text\t0\n', {
      header: false,
      columns: { claim: '2', label: '3' },
    });
    assert.equal(columns.evidence, undefined);
    assert.deepEqual(
      rows.map(({ id, texts, gold }) => [id, texts['claim'], texts['evidence'], gold]),
      [
        ['d:1', 'some text', '', '1'],
        ['d:2', 'other "text', '', '0'],
      ],
    );
  });

  test('an id column that repeats itself gives way to line numbers, and that is noted', () => {
    const { rows, notes } = read('e.csv', 'id,claim,label\n1,a,x\n1,b,y\n');
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['e:2', 'e:3'],
    );
    assert.match(notes.join(), /line 3.*given twice/);
  });

  test('labels that are alike, or that may stand for none, are noted with their counts', () => {
    const { notes } = read('l.csv', 'text,label\na,Yes\nb,yes\nc,YES\nd,-1\ne,1\nf,nan\ng,nan\n');
    assert.equal(notes.length, 3);
    assert.match(
      notes[0] ?? '',
      /l\.csv: label: "Yes" \(1\), "yes" \(1\), "YES" \(1\) are taken as 3 labels/,
    );
    assert.match(notes[1] ?? '', /"-1" \(1\) is taken as a label; if it stands for none/);
    assert.match(notes[2] ?? '', /"nan" \(2\)/);
    assert.deepEqual(read('m.csv', 'text,label\na,non-smoker\nb,smoker\nc,1\n').notes, []);
  });

  describe('labels that look alike are each taken as they are, and told with their counts', () => {
    const notesOf = (...labels: readonly string[]) =>
      read(
        'l.csv',
        `text,label\n${labels.map((label, row) => `row ${row},${label}\n`).join('')}`,
      ).notes.join();
    for (const [what, labels, says] of [
      [
        'a hyphen, an underscore and none',
        ['not-yet', 'not_yet', 'not yet', 'yes'],
        /"not-yet".*"not_yet".*"not yet" \(1\) are taken as 3/,
      ],
      ['a full stop at the end', ['yes.', 'yes', 'no'], /"yes\." \(1\), "yes" \(1\) are taken as 2/],
      ['quotation marks', ["'yes'", 'yes', 'no'], /are taken as 2 labels/],
      ['full-width letters', ['ＹＥＳ', 'yes', 'no'], /are taken as 2 labels/],
      ['what is not seen', ['yes\u200b', 'yes', 'no'], /are taken as 2 labels/],
      ['a space that does not break', ['not\u00a0yet', 'notyet', 'no'], /are taken as 2 labels/],
      ['numbers written in two ways', ['1', '1.0', '0'], /"1" \(1\), "1\.0" \(1\) are taken as 2/],
      ['one letter', ['supports', 'support', 'refutes'], /"supports".*"support" .*taken as 2/],
      ['dashes of all lengths', ['–', 'yes', 'no'], /"–" \(1\) is taken as a label; if it stands for none/],
      ['a spreadsheet’s error', ['#N/A', '#REF!', 'no'], /#N\/A.*#REF!.*stands for none/],
      ['a code for missing', ['-99', '1', '0'], /"-99".*stands for none/],
      ['words for missing', ['Missing', 'Not Available', 'no'], /"Missing".*"Not Available"/],
    ] as const) {
      test(what, () => assert.match(notesOf(...labels), says));
    }

    test('but not those that differ in a number or in more', () => {
      assert.equal(
        notesOf('stage 1', 'stage 2', 'smoker', 'non-smoker', 'increase', 'decrease', '0', '1'),
        '',
      );
    });
  });

  test('what is inside an object is a column by its path; lists of sentences are joined, and that is noted', () => {
    const { rows, notes } = read(
      'o.jsonl',
      ['yes', 'no']
        .map(
          (label, row) =>
            `${JSON.stringify({ q: { text: `Is tea ${row} warm?` }, context: ['Tea is', 'warm.'], gold: { answer: label } })}\n`,
        )
        .join(''),
      { columns: { claim: 'q.text', label: 'gold.answer' } },
    );
    assert.deepEqual(
      rows.map(({ texts, gold }) => [texts['claim'], texts['evidence'], gold]),
      [
        ['Is tea 0 warm?', 'Tea is warm.', 'yes'],
        ['Is tea 1 warm?', 'Tea is warm.', 'no'],
      ],
    );
    assert.match(notes.join(), /lists are joined/);
  });

  test('one column that ends as labels do, and one that holds texts, are the label and the claim', () => {
    const { columns } = read(
      't.csv',
      ',count,spam_class,tweet\n0,3,yes,Tea is very warm today\n1,4,no,Zinc was not given to anybody\n',
    );
    assert.deepEqual(columns, { claim: 'tweet', label: 'spam_class' });
    const { message } = refused(
      'u.csv',
      'label,first,second,third\nx,Tea is very warm today,Zinc is not very warm,Sage was given to nobody\n',
    );
    assert.match(message, /--claim COLUMN, perhaps first or second or third\. The file has/);
    assert.match(
      refused('v.csv', 'a_label,b_label,text\nx,y,Tea\n').message,
      /--label COLUMN, perhaps a_label or b_label/,
    );
  });

  test('of a list of objects, what each of them has is a column by its path', () => {
    const evidences = [
      { id: 'a', text: 'Tea is warm.' },
      { id: 'b', text: 'Tea is hot.' },
    ];
    const line = (claim_label: string, claim: string) =>
      `${JSON.stringify({ claim, claim_label, evidences })}\n`;
    const content = line('yes', 'Is all tea warm?') + line('no', 'Is any tea cold?');
    assert.match(
      refused('w.jsonl', content).message,
      /a list of objects, not of texts\n.*evidences\.id, evidences\.text/,
    );
    const { rows } = read('w.jsonl', content, { columns: { evidence: 'evidences.text' } });
    assert.equal(rows[0]?.texts['evidence'], 'Tea is warm. Tea is hot.');
  });

  test('lines that are called JSON, and a list that is called lines, are read as what they are, and that is noted', () => {
    const items = ['yes', 'no'].map((label, row) => JSON.stringify({ text: `Tea ${row} is warm`, label }));
    for (const [name, content] of [
      ['x.json', `${items.join('\n')}\n`],
      ['y.jsonl', `[${items.join(',\n ')}]`],
      ['z.ndjson', `\n[\n${items.join(',')}\n]\n`],
    ] as const) {
      const { rows, notes } = read(name, content);
      assert.equal(rows.length, 2, name);
      assert.match(notes.join(), /read as json/);
    }
    // Said otherwise, they are what they are said to be.
    assert.match(
      refused('x.json', `${items.join('\n')}\n`, { format: 'json' }).message,
      /say --format jsonl/,
    );
  });

  test('texts that are not audited are noted by their columns, with what to do where rows have one text', () => {
    const { notes } = read(
      'p.csv',
      'claim,article,label\nTea is warm,The tea of all the trials was warm,yes\nTea is cold,The tea of no trial was ever cold,no\n',
    );
    assert.match(
      notes.join(),
      /not audited, though they hold texts: "article"; if one is the evidence, say --evidence/,
    );
  });

  test('keys are the claim id and the document, where the file says them', () => {
    const { rows } = read('f.csv', 'claim,claim id,evidence,pmid,label\na,7,e,12,x\nb,,,,y\n');
    assert.deepEqual(
      rows.map(({ keys }) => keys),
      [
        { claim: ['7'], evidence: ['12'] },
        { claim: [], evidence: [] },
      ],
    );
  });

  test('sets of labels in cells are taken as a label each, and that is noted; one label may hold a comma', () => {
    const notes = (...labels: readonly string[]) =>
      read('s.tsv', `claim\tlabel\n${labels.map((label, at) => `Tea ${at} is warm\t${label}\n`).join('')}`, {
        columns: { label: 'label' },
      }).notes.join();
    assert.match(notes('a; b', 'a', 'b; c', 'c'), /label: cells such as "a; b" look like sets .* --target/);
    assert.doesNotMatch(notes('breast, left', 'breast, right', 'breast, left'), /sets/);
  });

  test('a megabyte in one cell', () => {
    const { rows } = read('g.csv', `claim,label\n${'word '.repeat(200_000)},x\n`);
    assert.equal(rows[0]?.texts['claim']?.length, 999_999);
  });
});

describe('what is wrong in a file of rows is told with file, line, column and what to do', () => {
  const cases: readonly [string, string, string | Uint8Array, FileOptions | undefined, RegExp][] = [
    ...(
      [
        [
          'claims that are objects',
          { claim: { text: 'Tea' } },
          /claim: an object, not a text\n.*claim\.text/,
        ],
        ['claims that are lists of objects', { claim: [{ text: 'Tea' }] }, /a list of objects, not of texts/],
        ['claims that are numbers of tokens', { claim: [3, 17] }, /a list of numbers, not of texts/],
        ['claims that are true or false', { claim: true }, /claim: true, not a text/],
        ['labels of several annotators', { label: ['yes', 'no'] }, /label: a list of 2 labels\n.*--target/],
        [
          'spans',
          { label: [{ type: 'Drug', start: 0, end: 3 }] },
          /label: a list of objects, such as spans\n.*rows DATASET/,
        ],
        ['labels that are objects', { label: { value: 'yes' } }, /label: an object.*\n.*label\.value/],
        ['labels that no number holds', { label: 2 ** 53 + 2 }, /is not what the file says\n.*quotes/],
        ['ids that no number holds', { id: 2 ** 60 }, /is not what the file says\n.*quotes/],
      ] as const
    ).map(([what, odd, says]): [string, string, string, undefined, RegExp] => [
      what,
      'a.jsonl',
      `${JSON.stringify({ id: 1, claim: 'Tea is warm', label: 'yes', ...odd })}\n`,
      undefined,
      says,
    ]),
    [
      'a set without a label among sets of labels',
      'a.tsv',
      'claim\tlabel\nTea is warm\twarm; dry\nTea is cold\t\nTea is wet\tdry; cold\nIt is tea\twarm\n',
      { columns: { label: 'label' } },
      /a\.tsv:3: label: empty, in a column of sets of labels such as "warm; dry"\n.*as a data set .* --target/,
    ],
    [
      'a label that is missing among labels',
      'a.tsv',
      'claim\tlabel\nTea is warm\tyes\nTea is cold\t\n',
      { columns: { label: 'label' } },
      /a\.tsv:3: label: empty\n.*Every row needs a label/,
    ],
    [
      'a set in JSON in a cell',
      'a.tsv',
      'claim\tlabel\nTea is warm\t["yes", "no"]\n',
      { columns: { label: 'label' } },
      /label: a list of 2 labels\n.*--target/,
    ],
    [
      'numbers for texts',
      'a.csv',
      'text,label\n3.5,x\n4,y\n',
      undefined,
      /text: numbers, it seems, and no texts\n.*--claim COLUMN/,
    ],
    [
      'ids for texts',
      'a.csv',
      'claim,evidence,label\nTea is warm,doc12,x\nTea is cold,doc7,y\n',
      undefined,
      /evidence: ids, it seems/,
    ],
    [
      'a missing label',
      'a.csv',
      'claim,evidence,mark\na,b,x\n',
      undefined,
      /a\.csv: which column holds the label.*\n.*--label COLUMN.*claim, evidence, mark/,
    ],
    [
      'a column that is not there',
      'a.csv',
      'claim,verdict\na,x\n',
      { columns: { label: 'verdit' } },
      /a\.csv: --label: no column is called "verdit"\n.*"verdict"/,
    ],
    [
      'one column in two roles',
      'a.csv',
      'claim,label\na,x\n',
      { columns: { claim: 'label', label: 'label' } },
      /two roles/,
    ],
    [
      'a column given twice',
      'a.csv',
      'claim,claim,label\na,b,x\n',
      undefined,
      /a\.csv:1: claim: a column given twice/,
    ],
    ['an empty label', 'a.csv', 'claim,label\na,x\nb,\n', undefined, /a\.csv:3: label: empty\n/],
    ['an empty text', 'a.csv', 'text,label\na,x\n ,y\n', undefined, /a\.csv:3: text: empty\n/],
    [
      'a ragged row',
      'a.csv',
      'claim,label\na,x\nb,c,y\n',
      undefined,
      /a\.csv:3: 3 cells in a row under 2 columns\n.*quotes/,
    ],
    [
      'a line within quotes counts',
      'a.csv',
      'claim,label\n"a\na",x\nb,\n',
      undefined,
      /a\.csv:4: label: empty/,
    ],
    [
      'an open quote',
      'a.csv',
      'claim,label\n"a,x\n',
      undefined,
      /a\.csv:2: the cell in quotes that begins here is not closed/,
    ],
    [
      'Latin-1',
      'a.csv',
      Buffer.from('claim,label\na,x\n\xe9,y\n', 'latin1'),
      undefined,
      /a\.csv:3: not UTF-8\n.*iconv/,
    ],
    ['UTF-16', 'a.csv', Buffer.from('\ufeffclaim,label\n', 'utf16le'), undefined, /UTF-16/],
    ['a cut line', 'a.jsonl', '{"claim":"a","label":"x"}\n{"claim":\n', undefined, /a\.jsonl:2: not JSON/],
    ['a line that is no object', 'a.jsonl', '["a"]\n', undefined, /a\.jsonl:1: not an object/],
    ['no rows', 'a.csv', 'claim,label\n', undefined, /a\.csv: no rows/],
    ['an unknown ending', 'a.xls', 'claim\na\n', undefined, /--format: csv, tsv, jsonl, json/],
    [
      'scores for labels',
      'a.csv',
      `claim,label\n${Array.from({ length: 60 }, (_, i) => `a,${i / 7}\n`).join('')}`,
      undefined,
      /label: 60 different values/,
    ],
    [
      'an id asked for that repeats',
      'a.csv',
      'key,claim,label\n1,a,x\n1,b,y\n',
      { columns: { id: 'key' } },
      /a\.csv:3: key: the id "1" is given twice\n/,
    ],
  ];
  for (const [what, name, content, options, message] of cases) {
    test(what, () => assert.match(refused(name, content, options).message, message));
  }

  test('a file that is not there', () => {
    assert.throws(() => readFileRows(join(folder, 'none.csv')), /none\.csv: cannot be read/);
  });
});
