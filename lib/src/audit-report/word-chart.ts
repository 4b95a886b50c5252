import type { AuditResult } from '../audit/result.js';
import { kebab } from '../audit/wording.js';
import { COLOURS } from '../reporting/palette.js';
import { type Chart, label } from './charts.js';

const [, CONTRAST = ''] = COLOURS;

/** z against count, after Gardner et al. (2021), with the words named that stand out most. */
export function wordChart({ words, options }: AuditResult, field: string): Chart | undefined {
  const values = words
    .filter((each) => each.field === field && each.rows > 0)
    .map(({ word, label: of, rows, z, p }) => ({
      word: label(word, 24),
      of: label(of),
      rows,
      z,
      flagged: p < options.alpha ? 'beyond chance' : 'within chance',
    }));
  if (values.length === 0) return undefined;
  const named = values
    .filter(({ flagged }) => flagged === 'beyond chance')
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
    .slice(0, 12);
  const x = {
    field: 'rows',
    type: 'quantitative',
    scale: { type: 'log' },
    title: 'Training rows with the word',
    axis: { format: '~s', tickCount: 4 },
  };
  const y = { field: 'z', type: 'quantitative', title: 'z' };
  return {
    id: kebab(`words-${field}`),
    caption: `Words of the ${field}: how much more often the label a word goes with most comes with it than without, in standard errors (z), against how many training rows hold it.`,
    alt:
      named.length === 0
        ? 'No word stands out beyond chance.'
        : `Beyond chance: ${named.map(({ word, of }) => `${word} (${of})`).join(', ')}`,
    spec: {
      width: 300,
      height: 220,
      layer: [
        {
          data: { values },
          mark: { type: 'point', size: 24, opacity: 0.8 },
          encoding: {
            x,
            y,
            color: {
              field: 'flagged',
              type: 'nominal',
              title: null,
              scale: { domain: ['within chance', 'beyond chance'], range: [COLOURS[3], CONTRAST] },
            },
          },
        },
        ...(named.length > 0
          ? [
              {
                data: { values: named },
                mark: { type: 'text', align: 'left', dx: 5, fontSize: 11 },
                encoding: { x, y, text: { field: 'word' } },
              },
            ]
          : []),
      ],
    },
  };
}
