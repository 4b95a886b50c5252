import type { Label } from '../../tasks/example.js';
import type { PromptTemplate } from '../../tasks/prompt.js';
import type { LabelScore } from '../label-score.js';
import { type Completion, MalformedResponseError } from './completion.js';
import { topScore } from './top-logprobs.js';

/** What a model behind an endpoint says of an example. */
export interface ApiScore extends LabelScore {
  readonly completionTokens: number;
  /** Of the prompt's tokens, those that the endpoint still had, and bills for less. */
  readonly cachedTokens?: number;
  /**
   * Labels whose probability is an upper bound, because their token was not among the most probable that the endpoint
   * tells; see `topScore`. All three: the row says nothing of the label, and counts as unanswered.
   */
  readonly bounded?: readonly Label[];
  /** The model, or a filter before it, would not answer. */
  readonly refused?: true;
}

/** The row of a response with log-probabilities. @throws MalformedResponseError where it has none, or impossible ones. */
export function apiScore(id: string, completion: Completion, template: PromptTemplate): ApiScore {
  const { usage, refused, top } = completion;
  const used = {
    promptTokens: usage.prompt,
    completionTokens: usage.completion,
    ...(usage.cached > 0 && { cachedTokens: usage.cached }),
  };
  if (top === undefined || top.length === 0) {
    if (!refused) throw new MalformedResponseError('it tells no log-probabilities');
    return { id, ...NOTHING, ...used, refused };
  }
  const { logprobs, mass, bounded } = topScore(top, template.answers);
  return {
    id,
    logprobs,
    mass,
    ...used,
    ...(bounded.length > 0 && { bounded }),
    ...(refused && { refused }),
  };
}

const THIRD = Math.round(Math.log(1 / 3) * 1e6) / 1e6;
const NOTHING = {
  logprobs: [THIRD, THIRD, THIRD],
  mass: 0,
  bounded: ['SUPPORT', 'CONTRADICT', 'NEI'],
} as const;
