import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { renderFigure } from 'small-claims/reporting/figure';
import { textWidth } from 'small-claims/reporting/textwidth';

const clipped = {
  data: {
    values: [
      { model: 'a', f1: 0.2, label: 'NEI' },
      { model: 'b', f1: 0.9, label: 'SUPPORT' },
    ],
  },
  mark: { type: 'bar', clip: true },
  encoding: {
    y: { field: 'model' },
    x: { field: 'f1', type: 'quantitative' },
    color: { field: 'label', scale: { domain: ['SUPPORT', 'CONTRADICT', 'NEI'] } },
  },
};
const about = { id: 'f', alt: 'A "finding" <here> & there' };

test('a figure is the same whatever was drawn before it, beside it or in another process', async () => {
  const [first, second] = await Promise.all([renderFigure(clipped, about), renderFigure(clipped, about)]);
  assert.equal(second, first);
  assert.match(first, /clip-path="url\(#clip1\)"/);
  const script = `import { renderFigure } from 'small-claims/reporting/figure';
    process.stdout.write(await renderFigure(${JSON.stringify(clipped)}, ${JSON.stringify(about)}));`;
  const elsewhere = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  assert.equal(elsewhere, first);
});

test('the alternative text is escaped, and the data too', async () => {
  const hostile = '"/><script>alert(1)</script>';
  const spec = { ...clipped, data: { values: [{ model: hostile, f1: 1, label: 'NEI' }] } };
  const svg = await renderFigure(spec, { id: 'f', alt: hostile });
  assert.doesNotMatch(svg, /<script/);
  assert.match(svg, /aria-label="&quot;\/&gt;&lt;script&gt;/);
});

test('labels have the colours of the palette in the order of their scale, those not drawn among them', async () => {
  assert.match(await renderFigure(clipped, about), /fill="#ddaa33"/);
});

test('a specification Vega-Lite complains of is an error that names the figure', async () => {
  const unknownType = { ...clipped, encoding: { x: { field: 'f1', type: 'quantitave' } } };
  await assert.rejects(renderFigure(unknownType, about), /figure "f"/);
  await assert.rejects(renderFigure({ data: { values: [] } }, about), /figure "f".*none of mark, layer/);
});

test('a figure fetches nothing', async () => {
  const remote = { ...clipped, data: { url: 'http://localhost:1/data.csv' } };
  await assert.rejects(renderFigure(remote, about), /figure "f".*would fetch http:\/\/localhost:1\/data.csv/);
});

test('wide letters are estimated wider than narrow ones', () => {
  assert.ok(textWidth('MWM', 12) > textWidth('nnn', 12));
  assert.ok(textWidth('nnn', 12) > textWidth('ill', 12));
  assert.equal(textWidth('', 12), 0);
});
