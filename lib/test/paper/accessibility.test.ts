import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { audit } from 'small-claims/audit/audit';
import { auditPage } from 'small-claims/audit-report/page';
import { renderPaper } from 'small-claims/paper/render';
import { projectPaths } from 'small-claims/project/paths';
import { cleanPairs } from '../audit/synthetic.js';
import { describeInChromium, violations } from './browser.js';
import { paperProject, removeProject } from './project.js';

const real = join(projectPaths().paper, 'paper.html');

describeInChromium('axe finds nothing wrong, on a phone and a desktop, in light and dark,', (browser) => {
  test('with a page that is good; with a bad one it does', async () => {
    const page = (body: string) =>
      `<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>${body}</main></html>`;
    assert.deepEqual(await violations(browser(), page('<p>Words.</p>')), []);
    const found = await violations(browser(), page('<p style="color:#ddd;background:#fff">Words.</p>'));
    assert.equal(found.length, 4);
    for (const line of found) assert.match(line, /^(phone|desktop), (light|dark): color-contrast /);
  });

  test('with the fixture paper', async () => {
    const paths = await paperProject();
    try {
      const { html } = await renderPaper({ paths });
      assert.deepEqual(await violations(browser(), readFileSync(html, 'utf8')), []);
    } finally {
      removeProject(paths);
    }
  });

  test('with the paper itself', {
    skip: existsSync(real) ? false : 'make paper has not made it',
  }, async () => {
    assert.deepEqual(await violations(browser(), readFileSync(real, 'utf8')), []);
  });

  test('with the report of an audit', async () => {
    const { train, test: held } = cleanPairs(5, { train: 200, test: 100 });
    const result = await audit(train, held, { replicates: 50, permutations: 50 });
    assert.deepEqual(await violations(browser(), await auditPage(result)), []);
  });
});
