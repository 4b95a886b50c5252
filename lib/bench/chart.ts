import { renderFigure } from 'small-claims/reporting/figure';
import type { ComparisonResult } from './measuring.js';

/** A bar a peer, one panel a comparison, with the ratio at its end. */
export function chart(
  name: string,
  title: string,
  comparisons: readonly ComparisonResult[],
): Promise<string> {
  const panels = comparisons.map(({ title: panel, unit, ours, peers }) => ({
    title: { text: panel, anchor: 'start' },
    data: {
      values: [
        { peer: ours.name, rate: ours.rate, label: '' },
        ...peers.map(({ name: peer, rate, ratio }) => ({ peer, rate, label: `ours × ${ratio.toFixed(2)}` })),
      ],
    },
    width: 360,
    encoding: {
      y: { field: 'peer', type: 'nominal', sort: null, title: null, axis: { labelLimit: 260 } },
      x: { field: 'rate', type: 'quantitative', title: `${unit} a second`, scale: { zero: true } },
    },
    layer: [
      { mark: { type: 'bar' } },
      {
        mark: { type: 'text', align: 'left', dx: 4 },
        encoding: { text: { field: 'label', type: 'nominal' } },
      },
    ],
  }));
  const alt = comparisons
    .flatMap(({ title: panel, peers }) =>
      peers.map((peer) => `${panel}: ours is ${peer.ratio.toFixed(2)} times ${peer.name}.`),
    )
    .join(' ');
  return renderFigure(
    { title, vconcat: panels, resolve: { scale: { x: 'independent' } } },
    { id: name, alt },
  );
}
