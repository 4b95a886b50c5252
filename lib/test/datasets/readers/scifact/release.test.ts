import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseScifact } from 'small-claims/datasets/readers/scifact/release';
import { UserError } from 'small-claims/project/error';
import { jsonLines, type Member, scifactArchive, scifactMembers, tarGz } from '../../fixture.js';

const path = '/releases/data.tar.gz';

test('a release is read with whitespace normalised, evidence in the order of the abstract', async () => {
  const { train, dev, corpus } = await parseScifact({ path, bytes: await scifactArchive() });
  assert.deepEqual([...corpus.keys()], ['40', '7', '900']);
  assert.deepEqual(corpus.get('40')?.sentences.slice(1), [
    'Sleep was measured.',
    'Tea lengthened sleep.',
    'More work is needed.',
  ]);
  const [, claim] = train;
  assert.equal(claim?.text, 'Tea lengthens sleep in mice.');
  assert.deepEqual(
    claim?.evidence.map(({ abstract, sets }) => [abstract.id, sets.map(({ sentences }) => sentences)]),
    [
      ['7', [[1]]],
      ['40', [[0, 2], [1]]],
    ],
  );
  assert.deepEqual(
    dev[0]?.cited.map(({ id }) => id),
    ['7'],
    'a document cited twice counts once',
  );
});

test('claims of the same text share their text id, also between train and dev', async () => {
  const { train, dev } = await parseScifact({ path, bytes: await scifactArchive() });
  assert.deepEqual(
    [...train, ...dev].map(({ id, textId }) => [id, textId]),
    [
      ['3', '3'],
      ['1', '1'],
      ['5', '3'],
      ['6', '6'],
    ],
  );
});

async function flaw(archive: Uint8Array): Promise<UserError> {
  try {
    await parseScifact({ path, bytes: Buffer.from(archive) });
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  return assert.fail('the release was accepted');
}

const dev = (row: object) =>
  jsonLines([
    { id: 6, claim: 'Salt is salt.', evidence: {}, cited_doc_ids: [7] },
    { id: 8, claim: 'Tea is tea.', evidence: {}, cited_doc_ids: [7], ...row },
  ]);
const evidence = (sentences: number[], label = 'SUPPORT') =>
  dev({ evidence: { '7': [{ sentences, label }] } });

interface Case {
  readonly what: string;
  readonly member?: string;
  readonly content: Member;
  readonly line: number;
  readonly field: string;
  readonly message: RegExp;
}

describe('a malformed SciFact release is one error that names file, line and field', () => {
  const cases: readonly Case[] = [
    {
      what: 'unknown label',
      content: evidence([0], 'MAYBE'),
      line: 2,
      field: 'evidence.7[0].label',
      message: /SUPPORT.*CONTRADICT/,
    },
    {
      what: 'missing column',
      content: dev({ claim: undefined }),
      line: 2,
      field: 'claim',
      message: /is missing: a text is needed/,
    },
    {
      what: 'unknown column',
      content: dev({ clain: 'x' }),
      line: 2,
      field: 'clain',
      message: /Did you mean "claim"/,
    },
    { what: 'empty claim', content: dev({ claim: ' \n' }), line: 2, field: 'claim', message: /empty/ },
    {
      what: 'duplicate id',
      content: dev({ id: 6 }),
      line: 2,
      field: 'id',
      message: /claim 6 is given twice/,
    },
    {
      what: 'evidence outside the abstract',
      content: evidence([1, 2]),
      line: 2,
      field: 'evidence.7[0].sentences[1]',
      message: /sentence 2 is outside the abstract, which has 2/,
    },
    {
      what: 'negative index',
      content: evidence([-1]),
      line: 2,
      field: 'evidence.7[0].sentences[0]',
      message: /must be 0 or more/,
    },
    {
      what: 'sentence twice',
      content: evidence([1, 1]),
      line: 2,
      field: 'evidence.7[0].sentences[1]',
      message: /twice/,
    },
    {
      what: 'no sentence',
      content: evidence([]),
      line: 2,
      field: 'evidence.7[0].sentences',
      message: /no sentence/,
    },
    {
      what: 'no evidence set',
      content: dev({ evidence: { '7': [] } }),
      line: 2,
      field: 'evidence.7',
      message: /no evidence set/,
    },
    {
      what: 'evidence not cited',
      content: dev({ evidence: { '40': [{ sentences: [0], label: 'SUPPORT' }] } }),
      line: 2,
      field: 'evidence.40',
      message: /not among those the claim cites/,
    },
    {
      what: 'document not in the corpus',
      content: dev({ cited_doc_ids: [7, 8] }),
      line: 2,
      field: 'cited_doc_ids[1]',
      message: /document 8 is not in the corpus/,
    },
    {
      what: 'byte order mark',
      content: `\ufeff${dev({})}`,
      line: 1,
      field: 'id',
      message: /byte order mark/,
    },
    {
      what: 'CR LF',
      content: dev({}).replaceAll('\n', '\r\n'),
      line: 1,
      field: 'cited_doc_ids',
      message: /CR LF/,
    },
    {
      what: 'CR LF later on',
      content: dev({}).replace(/\n$/, '\r\n'),
      line: 2,
      field: 'cited_doc_ids',
      message: /CR LF/,
    },
    {
      what: 'not UTF-8',
      content: Buffer.from(dev({ claim: 'Th\xe9' }), 'latin1'),
      line: 2,
      field: 'claim',
      message: /UTF-8/,
    },
    {
      what: 'line cut short',
      content: dev({}).slice(0, -20),
      line: 2,
      field: 'evidence',
      message: /not JSON/,
    },
    {
      what: 'duplicate document',
      member: 'data/corpus.jsonl',
      content: scifactMembers['data/corpus.jsonl'] + scifactMembers['data/corpus.jsonl'],
      line: 4,
      field: 'doc_id',
      message: /document 40 is given twice/,
    },
    {
      what: 'empty sentence',
      member: 'data/corpus.jsonl',
      content: scifactMembers['data/corpus.jsonl'].replace('Sleep was measured.', ' '),
      line: 1,
      field: 'abstract[1]',
      message: /empty/,
    },
  ];
  for (const { what, member = 'data/claims_dev.jsonl', content, line, field, message } of cases) {
    test(what, async () => {
      const error = await flaw(await scifactArchive({ [member]: content }));
      assert.deepEqual(error.at, { file: `${path}/${member}`, line, field });
      assert.match(error.message, message);
    });
  }

  test('a blank line or an empty file, which has no field', async () => {
    const error = await flaw(await scifactArchive({ 'data/claims_dev.jsonl': `${dev({})}\n${dev({})}` }));
    assert.deepEqual(error.at, { file: `${path}/data/claims_dev.jsonl`, line: 3 });
    assert.match(error.message, /blank line/);
    assert.match((await flaw(await scifactArchive({ 'data/claims_dev.jsonl': '' }))).message, /no lines/);
  });
});

describe('an archive is opened safely', () => {
  test('cut short anywhere, it is an error', async () => {
    const whole = await scifactArchive();
    const tar = gunzipSync(whole);
    for (const share of [0, 0.1, 0.5, 0.9]) {
      const cut = whole.subarray(0, whole.length * share);
      assert.match(
        (await flaw(cut)).message,
        /data\.tar\.gz.*(cut short|not in the archive)/s,
        `gzip at ${share}`,
      );
      const cutTar = gzipSync(tar.subarray(0, 700 + (tar.length - 2000) * share));
      assert.match(
        (await flaw(cutTar)).message,
        /data\.tar\.gz.*(cut short|not in the archive)/s,
        `tar at ${share}`,
      );
    }
  });

  test('something that is no archive is an error', async () => {
    assert.match(
      (await flaw(Buffer.from('<html>not found</html>'))).message,
      /cut short, or not a \.tar\.gz/,
    );
  });

  test('a missing member is an error that names it', async () => {
    const error = await flaw(await scifactArchive({ 'data/corpus.jsonl': undefined }));
    assert.equal(error.at.file, `${path}/data/corpus.jsonl`);
  });

  test('a member that is a link is an error, not followed', async () => {
    const link = { name: '', type: 'symlink', linkname: '/etc/passwd' } as const;
    const error = await flaw(await scifactArchive({ 'data/corpus.jsonl': link }));
    assert.match(error.message, /a symlink in the archive/);
  });

  test('a member given twice is an error', async () => {
    const member = ['data/corpus.jsonl', scifactMembers['data/corpus.jsonl']] as const;
    assert.match((await flaw(await tarGz([member, member]))).message, /more than once/);
  });

  test('members of other names, also such as lead outside, are left alone', async () => {
    const others = { '../outside': 'x', '/absolute': 'x', '._data': new Uint8Array(220) };
    assert.equal((await parseScifact({ path, bytes: await scifactArchive(others) })).dev.length, 2);
  });

  test('one that unpacks to more than a release ever does is an error', async () => {
    const piece = gzipSync(Buffer.alloc(10 * 2 ** 20));
    const bomb = Buffer.concat(Array.from({ length: 26 }, () => piece));
    assert.match((await flaw(bomb)).message, /256 MiB/);
  });
});
