import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { releasedSplits } from 'small-claims/audit/builds/released-splits';
import { fileStem } from 'small-claims/datasets/build-name';
import { buildFacts } from 'small-claims/datasets/facts';
import { sharedKeys } from 'small-claims/datasets/group';
import { openStudy } from 'small-claims/study/study';

const { plan, paths } = openStudy('small');

for (const { title, train, test: tried } of plan.datasets) {
  test(`the released splits of ${title} are made again to the byte, and share no claim and no document`, async () => {
    const file = join(paths.root, 'data', 'splits', `${fileStem(train)}.csv`);
    assert.ok(existsSync(file));
    const text = readFileSync(file, 'utf8');
    assert.equal(text, await releasedSplits({ train, test: tried, ...plan.split }, paths));
    const [{ rows }, facts] = [await buildFacts(train), await buildFacts(tried)];
    const [head = '', ...lines] = text.trimEnd().split('\n');
    const cells = new Map(lines.map((line) => [line.split(',')[0], line.split(',')]));
    const where = (column: number, said: string) => rows.filter(({ id }) => cells.get(id)?.[column] === said);
    assert.equal(sharedKeys(where(1, 'yes'), facts.rows, 'all').size, 0);
    for (const column of head.split(',').keys()) {
      if (column < 2) continue;
      assert.equal(where(column, 'train').length, plan.split.size);
      assert.equal(sharedKeys(where(column, 'train'), where(column, 'held'), 'all').size, 0);
    }
  });
}
