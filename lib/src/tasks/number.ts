import type { Shape } from './shape.js';
import { firstLine } from './some-of.js';
import type { TaskOf } from './task.js';

/** A number as a table has it. */
const DECIMAL = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?\s*$/i;

/** A number of a range. A model writes it, and nothing else, on one line; one outside the range is not read. */
export const number = ({ range: [low, high], digits }: TaskOf<'number'>): Shape => ({
  stored: 'value',
  head: 'regression',
  whole: true,
  stops: ['\n'],
  unanswered: {
    counts: 'as the mean of the answers, or of their ranks, which draws a correlation to 0',
    lacks: 'not in the form asked for',
  },
  measures: ['pearson', 'spearman'],
  strata: [],
  named: [],
  stratum: () => '',
  gold(value) {
    const given = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
    if (typeof given !== 'number' || !(given >= low && given <= high))
      throw new Error(`${JSON.stringify(value)} is no number from ${low} to ${high}`);
    return given;
  },
  write({ gold }) {
    if (typeof gold !== 'number') throw new Error(`${JSON.stringify(gold)} is no number`);
    return gold.toFixed(digits);
  },
  read(text) {
    const [, written] = /^(-?\d+(?:\.\d+)?)\.?$/.exec(firstLine(text)) ?? [];
    const given = Number(written ?? Number.NaN);
    return given >= low && given <= high ? given : undefined;
  },
});
