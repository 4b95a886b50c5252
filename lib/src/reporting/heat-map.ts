import { COLOURS, INK } from './palette.js';

const LIGHT = '#eef3f9';
const [DARK = INK] = COLOURS;

/**
 * The layers of a heat map in Vega-Lite: a cell coloured by a share from 0 to 1, and its text, white where the cell is
 * dark. What lies along x and y the figure says.
 *
 * @param share the field that holds the share. @param text the field that holds what is written in the cell.
 *
 * @example
 * heatMap('f1', 'shown').map(({ mark }) => mark.type); // -> ['rect', 'text']
 */
export const heatMap = (share: string, text: string) => [
  {
    mark: { type: 'rect' },
    encoding: {
      color: {
        field: share,
        type: 'quantitative',
        scale: { domain: [0, 1], range: [LIGHT, DARK] },
        legend: null,
      },
    },
  },
  {
    mark: { type: 'text' },
    encoding: {
      text: { field: text, type: 'nominal' },
      color: { condition: { test: `datum.${share} > 0.5`, value: 'white' }, value: INK },
    },
  },
];
