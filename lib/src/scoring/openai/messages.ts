import { fieldParts, type Prompt } from '../../tasks/prompt.js';
import type { Row } from '../../tasks/row.js';

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
export function messagesOf(prompt: Prompt, shots: readonly Row[], example: Row): readonly Message[] {
  const ask = (row: Row, index: number) =>
    `${index === 0 ? prompt.instruction : ''}${fieldParts(prompt, row).join('')}${prompt.question}`;
  return [
    ...shots.flatMap((shot, index): readonly Message[] => [
      { role: 'user', content: ask(shot, index) },
      { role: 'assistant', content: prompt.shape.write(shot, prompt) },
    ]),
    { role: 'user', content: ask(example, shots.length) },
  ];
}
