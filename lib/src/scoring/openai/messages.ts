import type { Example } from '../../tasks/example.js';
import { claimPart, evidencePart, type PromptTemplate } from '../../tasks/prompt.js';

/** How a prompt is handed over, as it stands in a run's header. Its version is raised with every change to `messagesOf`. */
export const MESSAGES = { name: 'messages', version: 1 } as const;

/** A message of a conversation. */
export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/**
 * An example as a conversation, for an endpoint that lays it out in the model's chat format itself: each shot is a
 * solved question, the example the last one. The same words as `promptFrame` gives a model in process.
 */
export function messagesOf(
  template: PromptTemplate,
  shots: readonly Example[],
  example: Example,
): readonly Message[] {
  const ask = ({ evidence, claim }: Example, index: number) => {
    const instruction = index === 0 ? template.instruction : '';
    return `${instruction}${evidencePart(evidence)}${claimPart(claim)}${template.question}`;
  };
  return [
    ...shots.flatMap((shot, index): readonly Message[] => [
      { role: 'user', content: ask(shot, index) },
      { role: 'assistant', content: template.answers[shot.label] },
    ]),
    { role: 'user', content: ask(example, shots.length) },
  ];
}
