import { fieldParts } from '../../tasks/prompt.js';
import type { Row } from '../../tasks/row.js';
import { promptFrame } from '../chat.js';
import type { Question } from '../scorer.js';
import type { Session } from './session.js';

/** Prompts as the worker takes them: pieces of text that it tokenises by the rules of llama/tokens.ts. */
export function asked(
  { prompt, shots }: Question,
  rows: readonly Row[],
  { told, batch }: Pick<Session, 'told' | 'batch'>,
) {
  const { template, bos, eos } = told.chat;
  const { before, after, answerPrefix } = promptFrame(prompt, shots, {
    template: template ?? undefined,
    bos,
    eos,
  });
  return {
    frame: {
      before,
      after,
      batch,
      rows: rows.map((row) => ({ id: row.id, texts: fieldParts(prompt, row) })),
    },
    answerPrefix,
  };
}
