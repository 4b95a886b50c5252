import type { AuditResult } from '../audit/result.js';
import { COLOURS } from '../reporting/palette.js';
import type { Chart } from './charts.js';

const [MAIN = '', CONTRAST = ''] = COLOURS;
const ALWAYS = 'always right';
const SOMETIMES = 'sometimes right';
const NEVER = 'never right';

/** The map of Swayamdipta et al. (2020, figure 1): confidence against variability of the training rows. */
export function dynamicsChart({ difficulty: { dynamics } }: AuditResult): Chart | undefined {
  if (!dynamics) return undefined;
  const values = dynamics.points.map(({ confidence, variability, correctness }) => ({
    confidence,
    variability,
    right: correctness === 1 ? ALWAYS : correctness === 0 ? NEVER : SOMETIMES,
  }));
  const count = (right: string) => values.filter((value) => value.right === right).length;
  return {
    id: 'dynamics',
    caption: `How ${values.length.toLocaleString('en')} training rows fared over ${dynamics.epochs} epochs: the mean probability of a row's label (confidence) against its standard deviation (variability). Above: easy; to the right: ambiguous; below: hard, among them the mislabelled.`,
    alt: [ALWAYS, SOMETIMES, NEVER].map((right) => `${right}: ${count(right)} rows`).join(', '),
    spec: {
      data: { values },
      width: 300,
      height: 220,
      mark: { type: 'point', size: 20, opacity: 0.7 },
      encoding: {
        x: { field: 'variability', type: 'quantitative', title: 'Variability' },
        y: { field: 'confidence', type: 'quantitative', title: 'Confidence', scale: { domain: [0, 1] } },
        color: {
          field: 'right',
          type: 'nominal',
          title: null,
          scale: { domain: [ALWAYS, SOMETIMES, NEVER], range: [MAIN, COLOURS[3], CONTRAST] },
        },
      },
    },
  };
}
