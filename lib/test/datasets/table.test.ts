import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { buildHeader } from 'small-claims/datasets/builds';
import { buildFacts } from 'small-claims/datasets/facts';
import { sha256 } from 'small-claims/project/digest';
import type { Gold } from 'small-claims/tasks/row';
import { lines, loadOwn, NAMES, type OwnData, ownProject, TOPICS } from './own-data.js';

const NAME = 'mine/rows/all';
const hash = (text: string) => sha256(text).slice(0, 16);

const URGENCY = {
  shape: 'one-of',
  labels: ['now', 'today', 'later'],
  fields: { note: {}, history: { optional: true } },
};
const PAIR = {
  shape: 'number',
  range: [0, 5],
  fields: { first: {}, second: {} },
  keys: { first: 'firstId' },
};
const SUMMARY = { shape: 'text', fields: { dialogue: {} }, keys: { patient: 'patientId' } };

/** Data sets as people have them, made up: of each row its id, gold and texts, and of the first its keys. */
const READ: readonly {
  readonly what: string;
  readonly data: OwnData;
  readonly rows: readonly (readonly [string, Gold, ...string[]])[];
  readonly keys?: Readonly<Record<string, readonly string[]>>;
}[] = [
  {
    what: 'CSV of a spreadsheet: a byte order mark, CR LF, quotes, a comma and a line end within them',
    data: {
      task: URGENCY,
      entry: {
        columns: { id: 'Case No.', gold: 'Urgency', fields: { note: 'Note', history: 'History' } },
        labels: { '1 - immediate': 'now', '2': 'today', '3': 'later' },
      },
      files: {
        'triage.csv': `\ufeff${[
          'Case No.,Note,Urgency,History',
          'A-7,"Says ""crushing"" pain, since\r\nnoon",1 - immediate,',
          'A-8,Tick bite, 3 ,  none   known ',
        ].join('\r\n')}\r\n`,
      },
    },
    rows: [
      ['mine:all:A-7', 'now', 'Says "crushing" pain, since noon', ''],
      ['mine:all:A-8', 'later', 'Tick bite', 'none known'],
    ],
    keys: {},
  },
  {
    what: 'JSON Lines with objects in objects, lists in lists and numbers for labels; rows named by their line',
    data: {
      task: { ...URGENCY, keys: { visit: 'visitId' } },
      entry: {
        columns: { gold: 'grade', fields: { note: 'text.parts' }, keys: { visit: 'meta.visit' } },
        labels: { 0: 'later', 1: 'now' },
      },
      files: {
        'notes.jsonl': lines(
          '{"text": {"parts": [["Short", "of"], ["breath."]]}, "grade": 1, "meta": {"visit": 12}}',
          '',
          '{"text": {"parts": ["Itches."]}, "grade": 0, "meta": {"visit": 13}}',
        ),
      },
    },
    rows: [
      ['mine:all:1', 'now', 'Short of breath.', ''],
      ['mine:all:3', 'later', 'Itches.', ''],
    ],
    keys: { visit: ['12'] },
  },
  {
    what: 'TSV without a header, whose quotes are plain text and whose file name tells nothing',
    data: {
      task: URGENCY,
      entry: { columns: { gold: '2', fields: { note: '3' } }, table: { format: 'tsv', header: false } },
      files: { 'notes.txt': lines('x\ttoday\t"Odd" gait', 'y\tlater\tTired') },
    },
    rows: [
      ['mine:all:1', 'today', '"Odd" gait', ''],
      ['mine:all:2', 'later', 'Tired', ''],
    ],
  },
  {
    what: 'numbers in TSV; a key without a column is the hash of the field of its name, in normal form',
    data: {
      task: PAIR,
      entry: { columns: { id: 'pair', gold: 'mean', fields: { first: 'a', second: 'b' } } },
      files: { 'pairs.tsv': lines('pair\ta\tb\tmean', '1\tTea!\tTea.\t4.80', '2\tTea\tTax\t0') },
    },
    rows: [
      ['mine:all:1', 4.8, 'Tea!', 'Tea.'],
      ['mine:all:2', 0, 'Tea', 'Tax'],
    ],
    keys: { first: [hash('tea')] },
  },
  {
    what: 'numbers in a JSON object of objects, named by its keys',
    data: {
      task: PAIR,
      entry: { columns: { id: '#', gold: 'score', fields: { first: 's1', second: 's2' } } },
      files: { 'pairs.json': '{"p1": {"s1": "Tea", "s2": "Coffee", "score": 2}}' },
    },
    rows: [['mine:all:p1', 2, 'Tea', 'Coffee']],
  },
  {
    what: 'label sets in cells parted by |, one of which has a comma in its name; sources that a row has several of',
    data: {
      task: TOPICS,
      entry: { columns: { gold: 'topics', fields: { text: 'text' }, keys: { source: 'source' } } },
      files: {
        'topics.csv': lines(
          'text,topics,source',
          'Tea and sleep,"diet, drinks | sleep",b2|b1',
          'The weather,,b2',
        ),
      },
    },
    rows: [
      ['mine:all:2', ['sleep', 'diet, drinks'], 'Tea and sleep'],
      ['mine:all:3', [], 'The weather'],
    ],
    keys: { source: ['b2', 'b1'] },
  },
  {
    what: 'label sets as lists in JSON Lines, by the file’s own words',
    data: {
      task: TOPICS,
      entry: {
        columns: { id: 'doc', gold: 'tags', fields: { text: 'sentences' }, keys: { source: 'from' } },
        labels: { INSOMNIA: 'sleep', ACHE: 'pain' },
      },
      files: {
        'topics.jsonl': lines(
          '{"doc": 5, "sentences": ["Aches.", "Lies awake."], "tags": ["ACHE", "INSOMNIA"], "from": ["b1", "b3"]}',
          '{"doc": 6, "sentences": ["Fine."], "tags": null}',
        ),
      },
    },
    rows: [
      ['mine:all:5', ['sleep', 'pain'], 'Aches. Lies awake.'],
      ['mine:all:6', [], 'Fine.'],
    ],
    keys: { source: ['b1', 'b3'] },
  },
  {
    what: 'label sets with a column of 0 and 1 for each label; semicolons part cells',
    data: {
      task: TOPICS,
      entry: {
        columns: { gold: ['is_pain', 'sleep'], fields: { text: 'text' } },
        labels: { is_pain: 'pain' },
        table: { separator: ';' },
      },
      files: { 'flags.csv': lines('text;sleep;is_pain', 'Aches;0;1', 'Aches, at night;1.0;TRUE', 'Fine;0;') },
    },
    rows: [
      ['mine:all:2', ['pain'], 'Aches'],
      ['mine:all:3', ['sleep', 'pain'], 'Aches, at night'],
      ['mine:all:4', [], 'Fine'],
    ],
    keys: { source: [] },
  },
  {
    what: 'spans as annotation tools write them, moved to where they are once white space is normalised',
    data: {
      task: NAMES,
      entry: { columns: { gold: 'label', fields: { text: 'text' } }, labels: { DRUG: 'Drug' } },
      files: {
        'names.jsonl': lines(
          '{"text": " Took  aspirin,\\n100 mg. ", "label": [[16, 22, "Dose"], [7, 14, "DRUG"]]}',
          '{"text": "Took none.", "label": []}',
          '{"text": "🙂 aspirin", "label": [{"begin": 3, "end": 10, "label": "DRUG", "text": "aspirin", "by": "me"}]}',
        ),
      },
    },
    rows: [
      [
        'mine:all:1',
        [
          { type: 'Drug', start: 5, end: 12 },
          { type: 'Dose', start: 14, end: 20 },
        ],
        'Took aspirin, 100 mg.',
      ],
      ['mine:all:2', [], 'Took none.'],
      ['mine:all:3', [{ type: 'Drug', start: 3, end: 10 }], '🙂 aspirin'],
    ],
  },
  {
    what: 'spans as JSON in a cell of CSV',
    data: {
      task: NAMES,
      entry: { columns: { gold: 'spans', fields: { text: 'text' } } },
      files: {
        'names.csv': lines(
          'text,spans',
          'Gave zinc,"[{""type"": ""Drug"", ""start"": 5, ""end"": 9}]"',
          'Gave up,',
        ),
      },
    },
    rows: [
      ['mine:all:2', [{ type: 'Drug', start: 5, end: 9 }], 'Gave zinc'],
      ['mine:all:3', [], 'Gave up'],
    ],
  },
  {
    what: 'written answers, one or several to compare with; several files in one split',
    data: {
      task: SUMMARY,
      entry: { columns: { gold: 'note', fields: { dialogue: 'talk' }, keys: { patient: 'who' } } },
      files: {
        'one.csv': lines('talk,note,who', '"D: Well?\nP: No.","[""Unwell."", ""[sic] Ill.""]",p1'),
        'two.jsonl': lines('{"talk": "D: Well?\\nP: Yes.", "note": ["Well.", "He is well."], "who": null}'),
      },
    },
    rows: [
      ['mine:all:one.2', ['Unwell.', '[sic] Ill.'], 'D: Well? P: No.'],
      ['mine:all:two.1', ['Well.', 'He is well.'], 'D: Well? P: Yes.'],
    ],
    keys: { patient: ['p1'] },
  },
];

describe('a table of one’s own needs an entry alone', () => {
  for (const { what, data, rows: expected, keys } of READ) {
    test(what, async () => {
      const rows = await loadOwn(data);
      assert.deepEqual(
        rows.map(({ id, gold, texts }) => [id, gold, ...Object.values(texts)]),
        expected,
      );
      if (keys) assert.deepEqual(rows[0]?.keys, keys);
    });
  }

  test('its facts are recorded, and its header says how it is read', async () => {
    const data = READ[0]?.data ?? assert.fail();
    const paths = ownProject(data);
    const { rows, origin } = await buildFacts(NAME, paths);
    assert.equal(origin, 'computed');
    assert.deepEqual(
      rows.map(({ gold, words }) => [gold, words]),
      [
        ['now', { note: 5, history: 0 }],
        ['later', { note: 2, history: 2 }],
      ],
    );
    assert.deepEqual(buildHeader(NAME, paths).reading, {
      columns: { id: 'Case No.', gold: 'Urgency', fields: { note: 'Note', history: 'History' }, keys: {} },
      labels: { '1 - immediate': 'now', '2': 'today', '3': 'later' },
    });
    assert.equal((await buildFacts(NAME, paths)).origin, 'replayed');
  });
});
