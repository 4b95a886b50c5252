import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { summaryText } from 'small-claims/audit-report/summary';
import { randomStream } from 'small-claims/project/random';
import type { Gold, Row } from 'small-claims/tasks/row';
import { cleanPairs } from './synthetic.js';

const QUICK = { replicates: 50, permutations: 199 };

/** Notes of one text, each of words of its own, an eighth of them, mostly, longer or shorter and of another label. */
function notes(part: string, rows: number, longer: boolean, gold: (has: boolean) => Gold): readonly Row[] {
  const random = randomStream(`test: wording, ${part}`, 0);
  return Array.from({ length: rows }, (_, at) => {
    const has = random.below(8) === 0;
    // The longest or shortest of three: no length is mostly theirs, so that no rule of lengths can name them.
    const drawn = [random.below(12), random.below(12), random.below(12)] as const;
    const words = 6 + (has ? (longer ? Math.max : Math.min)(...drawn) : drawn[0]);
    const note = Array.from({ length: words }, () => `w${random.below(5000)}`).join(' ');
    return { id: `${part}${at}`, gold: gold(has), keys: {}, texts: { note: `${note} ${part} ${at}` } };
  });
}

const audited = (longer: boolean, gold: (has: boolean) => Gold, target?: string) =>
  audit(notes('train', 300, longer, gold), notes('test', 300, longer, gold), {
    ...QUICK,
    ...(target !== undefined && { target }),
  });

describe('of two labels the one is told for which a count is more, of a target the target', () => {
  const set = (has: boolean) => (has ? ['fever', 'pain'] : ['pain']);
  const one = (has: boolean) => (has ? 'yes' : 'no');
  for (const [longer, gold, target, says] of [
    [true, set, 'fever', /more for the label fever \(AUC [6-9]\d\./],
    [false, set, 'fever', /less for the label fever \(AUC [1-3]?\d\./],
    [true, one, undefined, /more for the label yes \(AUC [6-9]\d\./],
    [false, one, undefined, /more for the label no \(AUC [6-9]\d\./],
  ] as const) {
    test(`${says}`, async () => {
      const { checks } = await audited(longer, gold, target);
      const finding = checks.find(({ id }) => id === 'form')?.finding ?? '';
      assert.match(finding, says);
      assert.doesNotMatch(finding, /(?:less|more) for the label not /);
    });
  }
});

test('where counts go with labels and no rule is better for it, the headline says both', async () => {
  const { checks, headline } = await audited(true, (has) => (has ? 'yes' : 'no'));
  const verdicts = new Map(checks.map(({ id, verdict }) => [id, verdict]));
  assert.equal(verdicts.get('form'), 'leaks');
  assert.ok(['fine', 'cannot tell'].includes(verdicts.get('rules') ?? ''), verdicts.get('rules'));
  assert.match(
    headline,
    /commonest label .*\. Yet counts go with labels, .*found in: .*length and other counts/,
  );
});

test('a check is called by what is checked, so that it reads well whatever was found', async () => {
  const clean = cleanPairs(3, { train: 200, test: 100 });
  const result = await audit(clean.train, clean.test, QUICK);
  assert.doesNotMatch(result.headline, /Yet|found in/);
  const titles = result.checks.map(({ title }) => title);
  for (const title of [
    'Overlap of pairs, test with training',
    'Near overlap of claims, test with training',
    'Repetition of pairs within train',
    'Labels of equal texts',
    'Label proportions, train against test',
    'Emptiness of fields',
  ])
    assert.ok(titles.includes(title), `${title} is none of: ${titles.join('; ')}`);
  for (const title of titles)
    assert.doesNotMatch(title, /Conflicting|other proportions|in training|repeated/);
  assert.match(summaryText(result), /CANNOT TELL Label proportions, train against test: The shares/);
});
