import { UserError } from '../project/error.js';
import type { Label } from './example.js';

/**
 * A prompt as data. The text is evidence-first, so that examples which share evidence share a prefix:
 * instruction, then `Evidence: ...`, then `Claim: ...`, then the question, which the model answers with one word.
 */
export interface PromptTemplate {
  readonly name: string;
  /** Ends with one line break, as every part does: a token then never spans two parts. */
  readonly instruction: string;
  readonly question: string;
  /** The word that stands for each label; their first tokens must differ in the model's vocabulary. */
  readonly answers: Readonly<Record<Label, string>>;
}

/** The templates a study may name. A change to one changes its hash, so exactly the runs that use it are made again. */
export const TEMPLATES: readonly PromptTemplate[] = [
  {
    name: 'true-false-unknown',
    instruction:
      'Read the evidence and the claim. Answer True if the evidence supports the claim, False if the evidence ' +
      'contradicts the claim, and Unknown if there is not enough information.\n',
    question: 'Answer with one word: True, False or Unknown.',
    answers: { SUPPORT: 'True', CONTRADICT: 'False', NEI: 'Unknown' },
  },
];

/** A template by name. @throws UserError listing the templates there are. */
export function findTemplate(name: string): PromptTemplate {
  const found = TEMPLATES.find((template) => template.name === name);
  if (found) return found;
  throw new UserError(`there is no prompt template "${name}"`, {
    hint: `Known: ${TEMPLATES.map((template) => template.name).join(', ')}.`,
  });
}

/** The evidence's part of a prompt; no space after the colon where there is no evidence. */
export function evidencePart(evidence: string): string {
  return `${['Evidence:', evidence].filter(Boolean).join(' ')}\n`;
}

/** The claim's part of a prompt. */
export function claimPart(claim: string): string {
  return `Claim: ${claim}\n`;
}
