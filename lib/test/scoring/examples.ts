import type { Example } from 'small-claims/tasks/example';
import { findTemplate, type PromptTemplate } from 'small-claims/tasks/prompt';

const foods = ['tea', 'coffee', 'salt', 'ginger', 'garlic', 'honey'];
const effects = ['sleep', 'blood pressure', 'headache'];
const evidences = [
  '',
  'In a trial of 40 adults, tea lowered blood pressure but not headache.',
  'Honey improved sleep; salt did the opposite.',
];

/** Eighteen claims, of which six share each of three pieces of evidence; one is empty. */
export const sleepClaims: readonly Example[] = foods.flatMap((food, i) =>
  effects.map(
    (effect, j): Example => ({
      id: `${food}-${effect}`,
      label: 'NEI',
      claimId: `${i}-${j}`,
      documentIds: [],
      rationale: [],
      claim: `Eating ${food} improves ${effect}.`,
      evidence: evidences[(i + j) % evidences.length] ?? '',
    }),
  ),
);

/** The template that the studies use. */
export const templateOf = (): PromptTemplate => findTemplate('true-false-unknown');
