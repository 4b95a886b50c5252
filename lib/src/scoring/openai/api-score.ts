import type { Prompt } from '../../tasks/prompt.js';
import { wordOf } from '../../tasks/shape.js';
import { labelsOf } from '../../tasks/task.js';
import { decimals, type LabelScore } from '../label-score.js';
import { type Completion, MalformedResponseError } from './completion.js';
import { topScore } from './top-logprobs.js';

/** What a model behind an endpoint says of an example. */
export interface ApiScore extends LabelScore {
  readonly completionTokens: number;
  /** Of the prompt's tokens, those that the endpoint still had, and bills for less. */
  readonly cachedTokens?: number;
  /**
   * Labels whose probability is an upper bound, because their token was not among the most probable that the endpoint
   * tells; see `topScore`. All of them: the row says nothing of the label, and counts as unanswered.
   */
  readonly bounded?: readonly string[];
  /** The model, or a filter before it, would not answer. */
  readonly refused?: true;
}

/** The row of a response with log-probabilities. @throws MalformedResponseError where it has none, or impossible ones. */
export function apiScore(id: string, completion: Completion, prompt: Prompt): ApiScore {
  const { usage, refused, top } = completion;
  const used = {
    promptTokens: usage.prompt,
    completionTokens: usage.completion,
    ...(usage.cached > 0 && { cachedTokens: usage.cached }),
  };
  if (top === undefined || top.length === 0) {
    if (!refused) throw new MalformedResponseError('it tells no log-probabilities');
    return { id, ...nothingSaid(labelsOf(prompt.task)), ...used, refused };
  }
  const { logprobs, mass, bounded } = topScore(
    top,
    labelsOf(prompt.task).map((label) => ({ label, word: wordOf(label, prompt) })),
  );
  return {
    id,
    logprobs,
    mass,
    ...used,
    ...(bounded.length > 0 && { bounded }),
    ...(refused && { refused }),
  };
}

/** Every label as likely as the others, and none known. */
const nothingSaid = (labels: readonly string[]) => ({
  logprobs: labels.map(() => decimals(-Math.log(labels.length))),
  mass: 0,
  bounded: labels,
});
