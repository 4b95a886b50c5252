import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { projectPaths } from 'small-claims/project/paths';
import { rowsPage } from 'small-claims/row-browser/page';
import { writePage } from 'small-claims/row-browser/page-file';
import type { Browsed } from 'small-claims/row-browser/page-rows';
import { servePages } from 'small-claims/row-browser/server';
import { describeInChromium, violations } from '../paper/browser.js';
import { scratchProject } from '../pipeline/scratch-project.js';
import { HOSTILE, madeUpClaims, madeUpShapes } from './made-up-rows.js';

/** Of 2,000 rows, filtered, sorted and drawn; generous, since other work may share the machine. */
const LAG_MILLISECONDS = 400;

test('no text of the data ends the block it stands in, and only the page’s own script may run', () => {
  const html = rowsPage(madeUpClaims(12));
  assert.equal(html.match(/<\/script>/g)?.length, 2);
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.doesNotMatch(html, /<img|onerror="/);
  assert.match(html, /script-src 'sha256-[\w+/]+=*'; style-src 'sha256-[\w+/]+=*'/);
  assert.match(html, /<title>Made up &lt;\/script&gt;/);
});

test('a page is written where git ignores it', (t) => {
  const paths = scratchProject(t);
  const { path } = writePage(madeUpClaims(3), paths);
  assert.equal(path, join(paths.root, 'build', 'browse', 'made-up-test.html'));
  assert.match(readFileSync(join(projectPaths().root, '.gitignore'), 'utf8'), /^build\/$/m);
});

test('a page is served to those who know its address, on this machine, and to nobody else', async (t) => {
  const { addresses, close } = await servePages([{ name: 'a.html', html: '<p>rows</p>' }], 0);
  t.after(close);
  const [address = ''] = addresses;
  assert.match(address, /^http:\/\/localhost:\d+\/[\w-]{16}\/a\.html$/);
  assert.equal(await (await fetch(address)).text(), '<p>rows</p>');
  const { origin } = new URL(address);
  for (const path of ['/', '/a.html', '/x/a.html', '/../a.html'])
    assert.equal((await fetch(`${origin}${path}`)).status, 404, path);
  assert.equal((await fetch(address, { method: 'POST' })).status, 404);
});

describeInChromium('in Chromium', (browser) => {
  /** A page of rows from its file, and what its console says. */
  async function opened(t: TestContext, browsed: Browsed, address = '') {
    const folder = mkdtempSync(join(tmpdir(), 'rows-'));
    const file = join(folder, 'rows.html');
    writeFileSync(file, rowsPage(browsed));
    const page = await browser().newPage({ viewport: { width: 1280, height: 800 } });
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    t.after(async () => {
      await page.close();
      rmSync(folder, { recursive: true });
    });
    await page.goto(`${pathToFileURL(file)}${address}`);
    await page.waitForSelector('main h2');
    return { page, said };
  }
  const rowId = (page: Page) => page.textContent('main h2');
  const count = async (page: Page) => Number((await page.textContent('.count b'))?.replace(',', ''));

  test('texts show as they are, whatever they hold, and nothing of them runs', async (t) => {
    const { page, said } = await opened(t, madeUpClaims(HOSTILE.length));
    for (const text of HOSTILE) {
      const shown = (await page.textContent('main .text p')) ?? '';
      assert.ok(shown.includes(text), JSON.stringify(shown));
      await page.keyboard.press('j');
    }
    assert.match(await page.title(), /^Made up <\/script>/);
    assert.equal(await page.locator('img, main script').count(), 0);
    assert.deepEqual(said, []);
  });

  test('the page’s policy runs no other script, and lets nothing become HTML', async (t) => {
    const { page } = await opened(t, madeUpClaims(3));
    const tried = await page.evaluate(
      `(() => {
        const script = document.createElement('script');
        try { script.textContent = 'document.title = "taken"'; document.body.append(script); } catch {}
        try { document.body.innerHTML = '<b>taken</b>'; return 'HTML'; } catch (error) { return error.name; }
      })()`,
    );
    assert.equal(tried, 'TypeError');
    assert.doesNotMatch(await page.title(), /taken$/);
  });

  test('filters keep the rows that they say, and tell how many there would be', async (t) => {
    const { page } = await opened(t, madeUpClaims(300));
    assert.equal(await count(page), 300);
    assert.match((await page.textContent('.count')) ?? '', /200 right \(66\.7 %\)/);
    await page.keyboard.press('w');
    assert.equal(await count(page), 100);
    assert.match((await page.textContent('#answer-right')) ?? '', /Right\s*200/);
    await page.keyboard.press('x');
    await page.keyboard.press('d');
    // The first of three is answered by one alone.
    assert.equal(await count(page), 100);
    await page.keyboard.press('x');
    await page.selectOption('select:has(option[value="claim"])', 'claim');
    assert.equal(await count(page), 60);
    await page.keyboard.press('x');
    await page.keyboard.press('s');
    const byLength = Array.from({ length: 300 }, (_, i) => (i % 4 === 0 ? i % 3 === 2 : i % 3 === 0));
    assert.equal(await count(page), byLength.filter(Boolean).length);
  });

  test('a floor that answers all rows alike is no shortcut', async (t) => {
    const { page } = await opened(t, madeUpClaims(30));
    const choices = await page.locator('option').allTextContents();
    assert.deepEqual(
      choices.filter((choice) => choice.startsWith('right: ')),
      ['right: by length (9)'],
    );
  });

  test('a cell of gold and predicted labels is a filter, and the same again takes it off', async (t) => {
    const { page } = await opened(t, madeUpClaims(300));
    const cell = page.getByRole('button', { name: 'gold no, predicted open: 100 rows' });
    await cell.click();
    assert.equal(await count(page), 100);
    assert.match(page.url(), /gold=no&predicted=open/);
    await cell.click();
    assert.equal(await count(page), 300);
  });

  test('keys lead through the rows and systems, and are letters where one types', async (t) => {
    const { page } = await opened(t, madeUpClaims(30));
    assert.equal(await rowId(page), 'row-0');
    for (const key of ['j', 'ArrowDown', 'j', 'k']) await page.keyboard.press(key);
    assert.equal(await rowId(page), 'row-2');
    await page.keyboard.press(']');
    assert.match(page.url(), /system=second/);
    await page.keyboard.press('/');
    await page.keyboard.type('number 17');
    assert.equal(await count(page), 1);
    assert.equal(await rowId(page), 'row-17');
    assert.deepEqual((await page.locator('main mark').allTextContents()).slice(0, 2), ['number', '17']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    assert.equal(await page.locator('dialog').isVisible(), true);
  });

  test('an address leads to a row under its filters, from a file and in a page that is open', async (t) => {
    const { page } = await opened(t, madeUpClaims(300), '#row=row-100&answer=wrong&order=worst');
    assert.equal(await rowId(page), 'row-100');
    assert.equal(await count(page), 100);
    await page.evaluate("location.hash = '#row=row-3&no-such=1&answer=nonsense'");
    await page.waitForFunction("document.querySelector('main h2').textContent === 'row-3'");
    assert.equal(await count(page), 300);
  });

  test('2,000 rows are filtered, searched and scrolled without lag', async (t) => {
    const { page } = await opened(t, madeUpClaims(2000));
    const took = await page.evaluate<number[]>(`(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const press = (key) => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      const search = document.querySelector('input');
      const list = document.querySelector('.list');
      const acts = [
        () => press('w'), () => press('x'), () => press('j'),
        () => { search.value = 'number 19'; search.dispatchEvent(new Event('input')); },
        () => press('x'), () => { list.scrollTop = 60000; },
      ];
      const times = [];
      for (const act of acts) { const from = performance.now(); act(); await frame(); times.push(performance.now() - from); }
      return times;
    })()`);
    for (const each of took) assert.ok(each < LAG_MILLISECONDS, `${took.map(Math.round)} ms`);
    assert.ok((await page.locator('.item').count()) < 40, 'only the rows in sight are there');
  });

  for (const browsed of madeUpShapes())
    test(`rows of the shape ${browsed.task.shape} show gold and answers, right and wrong`, async (t) => {
      const { page, said } = await opened(t, browsed);
      assert.deepEqual(await page.locator('main .mark').allTextContents(), ['✓ right']);
      await page.keyboard.press('w');
      assert.equal(await count(page), 1);
      assert.equal(await rowId(page), `${browsed.task.shape}-1`);
      assert.match((await page.textContent('main .mark')) ?? '', /✗ wrong|– no answer/);
      if (browsed.task.shape === 'spans') {
        const spans = await page.locator('main .text p .span').allTextContents();
        assert.deepEqual(spans.slice(0, 2), ['zinc', '5 mg']);
      }
      assert.deepEqual(said, []);
    });

  test('axe finds nothing wrong, on a phone and a desktop, in light and dark', async () => {
    for (const browsed of [madeUpClaims(30), ...madeUpShapes()])
      assert.deepEqual(await violations(browser(), rowsPage(browsed)), [], browsed.task.shape);
  });
});
