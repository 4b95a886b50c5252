import { renderFigure } from '../reporting/figure.js';
import type { Curve } from './curve.js';

/** The file in an adapter's folder. */
export const CURVE = 'curve.svg';

/** How a training went, as SVG: the loss of each update, their mean in each epoch, and the held-out loss after it. */
export function curveChart(curve: Curve, stepsPerEpoch: number): Promise<string> {
  const values = curve.flatMap((each) =>
    'loss' in each && each.loss !== null ? [{ epoch: each.step / stepsPerEpoch, loss: each.loss }] : [],
  );
  const means = Array.from({ length: Math.ceil(values.at(-1)?.epoch ?? 0) }, (_, epoch) => {
    const own = values.filter((each) => Math.ceil(each.epoch) === epoch + 1);
    return {
      ...{ epoch: epoch + 1, what: 'training' },
      loss: own.reduce((sum, each) => sum + each.loss, 0) / own.length,
    };
  });
  const held = curve.flatMap((each) =>
    'heldOutLoss' in each && each.heldOutLoss !== null
      ? [{ epoch: each.step / stepsPerEpoch, loss: each.heldOutLoss, what: 'held out' }]
      : [],
  );
  const encoding = {
    x: { field: 'epoch', type: 'quantitative', title: 'Epoch', axis: { tickMinStep: 1 } },
    y: { field: 'loss', type: 'quantitative', title: 'Loss, nats', scale: { zero: true } },
  };
  const spec = {
    ...{ width: 360, height: 160, encoding },
    layer: [
      { data: { values }, mark: { type: 'line', strokeWidth: 1, opacity: 0.35 } },
      {
        data: { values: [...means, ...held] },
        mark: { type: 'line', point: true },
        encoding: { color: { field: 'what', type: 'nominal', title: null } },
      },
    ],
  };
  const [first, last] = [means[0], means.at(-1)];
  const alt = `Mean loss of the updates: ${first?.loss.toFixed(3)} in the first epoch, ${last?.loss.toFixed(3)} in the last.`;
  return renderFigure(spec, { id: 'curve', alt });
}
