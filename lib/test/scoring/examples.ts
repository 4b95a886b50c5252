import { findPrompt, type Prompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import { claimRow } from '../tasks/claim-row.js';

const foods = ['tea', 'coffee', 'salt', 'ginger', 'garlic', 'honey'];
const effects = ['sleep', 'blood pressure', 'headache'];
const evidences = [
  '',
  'In a trial of 40 adults, tea lowered blood pressure but not headache.',
  'Honey improved sleep; salt did the opposite.',
];

/** Eighteen claims, of which six share each of three pieces of evidence; one is empty. */
export const sleepClaims: readonly Row[] = foods.flatMap((food, i) =>
  effects.map((effect, j) =>
    claimRow(`${food}-${effect}`, {
      claim: `Eating ${food} improves ${effect}.`,
      evidence: evidences[(i + j) % evidences.length] ?? '',
    }),
  ),
);

/** The prompt that the studies use. */
export const studyPrompt = (): Prompt => findPrompt('true-false-unknown');
