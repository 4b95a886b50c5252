import { strict as assert } from 'node:assert';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { auditPage } from 'small-claims/audit-report/page';
import { summaryText } from 'small-claims/audit-report/summary';
import { cleanPairs, type Pair } from '../audit/synthetic.js';

const HOSTILE = '"><script>alert(1)</script> onload=x javascript:y url(http://z) & 鼠';

/** Pairs whose ids, labels and words are an attack, and whose labels a word and an empty field give away. */
function hostile(rows: readonly Pair[], part: string): readonly Pair[] {
  return rows.map((row, index) => ({
    ...row,
    id: `${part} ${index} ${HOSTILE}`,
    label: row.label === 'yes' ? HOSTILE : row.label,
    claim: row.label === 'yes' ? `${HOSTILE} ${row.claim}` : row.claim,
    evidence: row.label === 'no' ? '' : row.evidence,
  }));
}

const { train, test: held } = cleanPairs(5, { train: 200, test: 100 });
const [learnt, tried] = [hostile(train, 'train'), hostile(held, 'test')];
const result = await audit(learnt, tried, {
  replicates: 50,
  permutations: 50,
  names: { train: `<b>${HOSTILE}`, test: 'test.csv' },
  notes: [HOSTILE],
});

describe('the report of an audit', () => {
  test('is one page that runs nothing and fetches nothing, whatever the data hold', async () => {
    const page = await auditPage(result);
    assert.doesNotMatch(page, /<script|<link|<img|<iframe|<object|<use\b|@import|<[^>]*\son\w+\s*=/i);
    assert.doesNotMatch(page, /(?:src|href)\s*=\s*["'](?!#)/i);
    assert.match(page, /<meta http-equiv="Content-Security-Policy" content="default-src 'none';/);
    assert.doesNotMatch(page, /<b>/);
    assert.match(page, /&lt;script&gt;/);
  });

  test('names rows by id, and shows their texts only where asked to', async () => {
    const [row] = tried;
    assert.ok(row);
    const longest = tried.map(({ evidence }) => evidence).find((evidence) => evidence.length > 60) ?? '';
    assert.ok(!(await auditPage(result)).includes(longest));
    const texts = new Map([...learnt, ...tried].map((each) => [each.id, each]));
    assert.match(await auditPage(result, { texts }), /<th scope="col" class="">Evidence<\/th>/);
  });

  test('is the same to the byte for the same result', async () => {
    assert.equal(await auditPage(result), await auditPage(result));
  });

  test('has a language, a title, a heading of each level in turn, and a name for every chart', async () => {
    const page = await auditPage(result);
    assert.match(page, /^<!doctype html>\n<html lang="en">/);
    assert.equal(page.match(/<h1>/g)?.length, 1);
    const svgs = page.match(/<svg\b[^>]*>/g) ?? [];
    assert.ok(svgs.length >= 4, `${svgs.length} charts`);
    for (const svg of svgs) assert.match(svg, /role="img" aria-label="[^"]+"/);
  });

  const GRAVEST = ['LEAKS', 'LOOK', 'CANNOT TELL', 'FINE'];
  test('has the verdicts in the terminal too, the gravest first', () => {
    const lines = summaryText(result).split('\n');
    const verdicts = lines.flatMap((line) => /^(LEAKS|LOOK|CANNOT TELL|FINE) /.exec(line)?.[1] ?? []);
    assert.equal(verdicts.length, result.checks.length);
    assert.deepEqual(
      verdicts,
      verdicts.toSorted((a, b) => GRAVEST.indexOf(a) - GRAVEST.indexOf(b)),
    );
    assert.equal(verdicts[0], 'LEAKS');
  });
});
