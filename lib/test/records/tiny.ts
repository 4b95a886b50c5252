import type { JsonObject } from 'small-claims/project/json';
import type { RecordHeader } from 'small-claims/records/header';

/** The header of a record that no model made, of a kind whose rows may hold whatever is finite. */
export const header: RecordHeader = {
  kind: 'trials',
  model: { id: 'tiny', sha256: 'aa' },
  prompt: { sha256: 'bb' },
};

/** A row that a record of its kind may hold. */
export function rowOf(kind: RecordHeader['kind'], id: string): JsonObject & { readonly id: string } {
  const scores = { logprobs: [0], mass: 1, promptTokens: 1 };
  const written = {
    answer: 'yes',
    outcome: 'answered',
    finish: 'stop',
    promptTokens: 1,
    completionTokens: 1,
  };
  switch (kind) {
    case 'run':
      return { id, ...scores };
    case 'generation':
      return { id, ...written, textSha256: '0'.repeat(64) };
    case 'epochs':
      return { id, label: 'yes', logprobs: [[0]] };
    default:
      return { id };
  }
}
