import type { Rule } from '../rules.js';

/**
 * The shortcut of empty evidence: NEI where there is none, else SUPPORT. Learns nothing.
 *
 * @example
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * follow(emptinessRule, rows).filter((label) => label === 'NEI').length; // -> 112
 */
export const emptinessRule: Rule = {
  saying: 'NEI where the evidence is empty, else SUPPORT',
  predict: ({ words }) => (words['evidence'] === 0 ? 'NEI' : 'SUPPORT'),
};
