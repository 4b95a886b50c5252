import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notebookPage } from 'small-claims/paper/notebook-page';
import { printedText } from 'small-claims/paper/printed-text';

const steps = Array.from({ length: 11 }, (_, step) => `\rprogress ${10 * step} %`).join('');

test('what a cell printed over itself is shown as its last state, as a terminal and JupyterLab show it', () => {
  for (const [printed, shown] of [
    [`${steps}\n`, 'progress 100 %\n'],
    ['one\r\ntwo\r\r\nthree', 'one\ntwo\nthree'],
    ['a longer line\rshort', 'shortger line'],
    ['waiting...\r', 'waiting...'],
    ['12 %\b\b\b\b34 %', '34 %'],
    ['\b\bx', 'x'],
    ['\r\x1b[2Khalf\r\x1b[2Kwhole', 'whole'],
    ['half done\rdone\x1b[K', 'done'],
    ['\x1b[31mred\x1b[0m and \x1b[1;4mbold\x1b[m', 'red and bold'],
    ['\x1b]0;a title\x07text', 'text'],
    ['first\rF\nsecond\rS\n', 'First\nSecond\n'],
    ['ένα\r𝛼', '𝛼να'],
    ['a\tb', 'a\tb'],
    ['a\x00b\x07c', 'abc'],
  ] as const) {
    assert.equal(printedText(printed), shown, JSON.stringify(printed));
  }
});

test('a megabyte printed over itself takes less than a second or two', () => {
  for (const printed of [
    'x'.repeat(5e5) + '\ry'.repeat(5e5),
    'x\x1b[2K\r'.repeat(2e5),
    'x'.repeat(1e5) + '\x1b[K\b'.repeat(2e5),
  ]) {
    const started = performance.now();
    printedText(printed);
    assert.ok(performance.now() - started < 3000);
  }
});

test('the page of a notebook shows progress as one line, and a skipped cell without a number', () => {
  const code = (source: string, tags: readonly string[], text: string) => ({
    cell_type: 'code',
    source,
    metadata: { tags },
    outputs: text === '' ? [] : [{ output_type: 'stream', name: 'stdout', text }],
  });
  const cells = [code('skipped()', ['skip-execution'], ''), code('run()', [], `${steps}\n`)];
  const page = notebookPage('trial', JSON.stringify({ cells }), 'trial.ipynb');
  assert.match(page, /<pre class="output" tabindex="0">progress 100 %\n<\/pre>/);
  assert.equal(page.match(/progress/g)?.length, 1);
  assert.match(page, /not run: it is tagged skip-execution/);
  assert.match(page, /id="cell-1"[\s\S]*run\(\)/);
  assert.doesNotMatch(page, /id="cell-2"/);
});
