import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { HtmlValidate } from 'html-validate';
import { audit } from 'small-claims/audit/audit';
import { auditChecks, auditPage } from 'small-claims/audit-report/page';
import { notebookPage } from 'small-claims/paper/notebook-page';
import { renderPaper } from 'small-claims/paper/render';
import { reportHtml } from 'small-claims/pipeline/reproduction/report';
import { projectPaths } from 'small-claims/project/paths';
import { tableHtml } from 'small-claims/reporting/table';
import { cleanPairs } from '../audit/synthetic.js';
import { SOME_ENVIRONMENT } from '../pipeline/reproduction/environment-fixture.js';
import { paperProject, removeProject } from './project.js';

/** What the HTML standard asks of a document, and no rule of taste. */
const validator = new HtmlValidate({ root: true, extends: ['html-validate:standard'], elements: ['html5'] });

/** What is wrong with a page, a line each. */
async function flaws(html: string): Promise<readonly string[]> {
  const { results } = await validator.validateString(html);
  const lines = html.split('\n');
  return results.flatMap(({ messages }) =>
    messages.map(
      ({ line, ruleId, message }) => `${line}: ${ruleId}: ${message} in ${lines[line - 1]?.slice(0, 160)}`,
    ),
  );
}

describe('a page is valid HTML', () => {
  test('if nothing is wrong with it, and else not', async () => {
    const page = (body: string) =>
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head><body>${body}</body></html>`;
    assert.deepEqual(await flaws(page('<p>Words.</p>')), []);
    for (const [body, rule] of [
      ['<p>a<div>b</div></p>', /element-permitted-content|close-order|no-implicit-close/],
      ['<p id="a"></p><p id="a"></p>', /no-dup-id/],
      ['<ul><p>a</p></ul>', /element-permitted-content/],
      ['<p><b>a</p></b>', /close-order/],
      ['<table><tr><td colspan="x">a</td></tr></table>', /attribute-allowed-values/],
    ] as const) {
      assert.match((await flaws(page(body))).join('\n'), rule, body);
    }
  });

  test('the fixture paper', async () => {
    const paths = await paperProject();
    try {
      assert.deepEqual(await flaws(readFileSync((await renderPaper({ paths })).html, 'utf8')), []);
    } finally {
      removeProject(paths);
    }
  });

  const { train, test: held } = cleanPairs(5, { train: 200, test: 100 });
  const audited = audit(train, held, { replicates: 50, permutations: 50 });

  test('an executed notebook, with two audits shown in it', async () => {
    const result = await audited;
    const table = tableHtml({
      caption: 'A <table>.',
      columns: [
        { id: 'a', title: 'A' },
        { id: 'b', title: 'B', format: 'percent' },
      ],
      rows: [['one', { number: 0.5, interval: { low: 0.4, high: 0.6 }, best: true }]],
      notes: ['A note.'],
    });
    const cells = [
      { cell_type: 'markdown', source: '# A title\n\n- one\n- two' },
      { cell_type: 'code', source: 'a < b', outputs: [{ data: { 'text/html': table } }, { text: '<b>' }] },
      ...['first', 'second'].map((source) => ({
        cell_type: 'code',
        source,
        outputs: [{ data: { 'text/html': auditChecks(result) } }],
      })),
    ];
    assert.deepEqual(await flaws(notebookPage('n', JSON.stringify({ cells }), 'n.ipynb')), []);
  });

  test('the report of an audit', async () => {
    assert.deepEqual(await flaws(await auditPage(await audited)), []);
  });

  test('the report of a reproduction', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>';
    const page = reportHtml({
      notebooks: ['trial'],
      compared: [
        {
          kind: 'value',
          id: 'a',
          notebook: 'trial',
          class: 'outside',
          differences: ['1 -> <2>'],
          taken: 0,
          sources: 1,
        },
      ],
      failures: new Map([['trial', 'it failed & ended']]),
      taken: [{ record: 'facts/dev', why: 'the data file is not here' }],
      uncommitted: [],
      madeOn: ['a CPU'],
      here: { ...SOME_ENVIRONMENT, models: { a: 'b' } },
      figures: [{ id: 'f', committed: svg, again: svg }],
    });
    assert.deepEqual(await flaws(page), []);
  });

  const { paper, executed } = projectPaths();
  const real = join(paper, 'paper.html');
  test('the paper itself, and each notebook executed for it', {
    skip: existsSync(real) && existsSync(executed) ? false : 'make paper has not made them',
  }, async () => {
    const notebooks = readdirSync(executed).filter((name) => name.endsWith('.html'));
    for (const page of [real, ...notebooks.map((name) => join(executed, name))])
      assert.deepEqual(await flaws(readFileSync(page, 'utf8')), [], page);
  });
});
