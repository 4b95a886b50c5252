import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuildName, isBuildName } from 'small-claims/datasets/build-name';
import { loadBuild } from 'small-claims/datasets/builds';
import { readCatalogue } from 'small-claims/datasets/catalogue';
import { recordedFacts } from 'small-claims/datasets/facts';
import { sharedKeys } from 'small-claims/datasets/group';
import { sha256 } from 'small-claims/project/digest';
import type { Gold, Row } from 'small-claims/tasks/row';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { needs } from './releases.js';

const builds = expected(
  'public_rows',
  z.record(
    z.string(),
    z.object({ rows: z.number(), golds: z.record(z.string(), z.number()), sha256: z.string() }),
  ),
);
const filesOf = (name: string) => {
  const [dataset = '', , split = ''] = name.split('/');
  return (readCatalogue()[dataset]?.splits[split] ?? []).map((file) => `${dataset}/${file}`);
};

/** Gold as the reference writes it, a word an answer. */
function written(gold: Gold): readonly string[] {
  if (typeof gold === 'number') return [gold.toFixed(1)];
  if (typeof gold === 'string') return [gold];
  return gold.map((each) => (typeof each === 'string' ? each : `${each.start}-${each.end}-${each.type}`));
}

function line({ id, gold, keys, texts }: Row): string {
  return [id, written(gold).join('|'), Object.values(keys).join(), ...Object.values(texts)].join('\t');
}

function countsOf(golds: readonly Gold[]) {
  const counts: Record<string, number> = {};
  for (const each of golds.flatMap(written)) {
    const name = each.replace(/^\d+-\d+-/, '');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

for (const [name, reference] of Object.entries(builds)) {
  assert.ok(isBuildName(name));
  test(
    `${name} has the rows that pandas and seqeval read: ids, gold, keys and texts`,
    needs(...filesOf(name)),
    async () => {
      const rows = await loadBuild(name);
      assert.equal(rows.length, reference.rows);
      assert.deepEqual(countsOf(rows.map(({ gold }) => gold)), reference.golds);
      assert.equal(sha256(rows.map(line).join('\n')), reference.sha256);
    },
  );

  test(`the recorded facts of ${name} are of as many rows and answers`, () => {
    const { rows } = recordedFacts(name) ?? assert.fail('there is no record');
    assert.equal(rows.length, reference.rows);
    assert.deepEqual(countsOf(rows.map(({ gold }) => gold)), reference.golds);
    const ids = new Set(rows.map(({ id }) => id));
    assert.equal(ids.size, rows.length);
  });
}

test('the numbers of HoC are the hallmarks whose sentences they are in the corpus’s own release', () => {
  const { documents, sentences, sameText, hallmarks } = expected(
    'hoc_hallmarks',
    z.object({
      documents: z.number(),
      sentences: z.number(),
      sameText: z.number(),
      hallmarks: z.record(z.string(), z.array(z.string())),
    }),
  );
  assert.deepEqual([documents, sentences, sameText], [1852, 17_464, 17_464]);
  assert.deepEqual(
    { ...readCatalogue()['hoc']?.labels },
    Object.fromEntries(
      Object.entries(hallmarks).map(([number, names]) => [number, names.join().toLowerCase()]),
    ),
  );
});

test('no document of HoC or PubMedQA is in two splits', () => {
  const facts = (name: BuildName) => recordedFacts(name)?.rows ?? assert.fail(name);
  for (const [one, other] of [
    ['hoc/sentences/train', 'hoc/sentences/dev'],
    ['hoc/sentences/train', 'hoc/sentences/test'],
    ['hoc/sentences/dev', 'hoc/sentences/test'],
    ['pubmedqa/rows/train', 'pubmedqa/rows/test'],
  ] as const)
    assert.equal(sharedKeys(facts(one), facts(other), 'document').size, 0);
});
