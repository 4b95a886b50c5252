import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFigure } from 'small-claims/reporting/figure';
import { heatMap } from 'small-claims/reporting/heat-map';
import { panels } from 'small-claims/reporting/panels';

test('a heat map writes white in dark cells and dark in light ones, in panels in the order asked for', async () => {
  const values = [
    { set: 'B', x: 'left', f1: 0, shown: 'low' },
    { set: 'A', x: 'left', f1: 1, shown: 'high' },
  ];
  const spec = {
    data: { values },
    facet: { row: panels('set', ['B', 'A']) },
    spec: { encoding: { x: { field: 'x', type: 'nominal' } }, layer: heatMap('f1', 'shown') },
  };
  const svg = await renderFigure(spec, { id: 'f', alt: 'Two cells' });
  const colourOf = (text: string) =>
    new RegExp(`fill="([^"]*)"[^>]*>(?:<tspan[^>]*>)?${text}<`).exec(svg)?.[1];
  assert.deepEqual([colourOf('low'), colourOf('high')], ['#1f2328', 'white']);
  assert.ok(svg.indexOf('>B<') > 0 && svg.indexOf('>B<') < svg.indexOf('>A<'));
  assert.deepEqual(
    ['rgb(238, 243, 249)', 'rgb(0, 68, 136)'].map((colour) => svg.includes(`fill="${colour}"`)),
    [true, true],
  );
});
