import type { Rule } from '../rules.js';

/** The shortcut of empty evidence: NEI where there is none, else SUPPORT. Learns nothing. */
export const emptinessRule: Rule = {
  saying: 'NEI where the evidence is empty, else SUPPORT',
  predict: ({ words }) => (words['evidence'] === 0 ? 'NEI' : 'SUPPORT'),
};
