import type { Config } from 'vega-lite';
import { COLOURS, INK, LINE, SOFT_INK } from './palette.js';

const [MAIN = INK] = COLOURS;
const FONT = 'Libertinus Sans, Helvetica Neue, Helvetica, Arial, sans-serif';

/**
 * Vega-Lite configuration of every figure. A figure of this width and letters of this size fill a column of the PDF,
 * or a phone, at about the size of a caption; one marked `:wide:` in the paper can have twice the width.
 */
export const theme: Config = {
  background: 'white',
  font: FONT,
  padding: 4,
  // The figure carries one description of its own; a label on each mark would be read out one by one.
  aria: false,
  view: {
    stroke: null,
    continuousWidth: 250,
    continuousHeight: 180,
    discreteWidth: { step: 32 },
    discreteHeight: { step: 22 },
  },
  range: { category: [...COLOURS], ordinal: [...COLOURS], ramp: ['#dce6f2', MAIN] },
  mark: { color: MAIN },
  bar: { cornerRadius: 1 },
  point: { filled: true, size: 60, opacity: 1 },
  rule: { color: SOFT_INK },
  text: { color: INK, fontSize: 12 },
  axis: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
    tickCount: 6,
    // Vega would push the outermost labels inwards, onto their neighbours, and then leave them there.
    labelFlush: false,
    labelSeparation: 6,
    labelLimit: 220,
    domainColor: SOFT_INK,
    tickColor: SOFT_INK,
    gridColor: LINE,
  },
  axisBand: { grid: false, ticks: false, labelPadding: 6 },
  legend: {
    labelColor: INK,
    titleColor: INK,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    orient: 'top',
    columnPadding: 16,
    symbolBaseFillColor: INK,
    symbolBaseStrokeColor: INK,
  },
  header: { labelColor: INK, titleColor: INK, labelFontSize: 12, titleFontSize: 12, labelFontWeight: 'bold' },
  title: { color: INK, fontSize: 13, fontWeight: 'bold', anchor: 'start', offset: 10 },
};
