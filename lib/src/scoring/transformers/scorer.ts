import { UserError } from '../../project/error.js';
import type { Prompt } from '../../tasks/prompt.js';
import type { Row } from '../../tasks/row.js';
import { textOf } from '../../tasks/row.js';
import { wordOf } from '../../tasks/shape.js';
import { fieldsOf, labelsOf } from '../../tasks/task.js';
import { type LabelScore, labelLogprobs } from '../label-score.js';
import type { Question, Scorer } from '../scorer.js';
import { asked } from './asking.js';
import { labelled, scored } from './protocol.js';
import type { Session } from './session.js';

/** A model in a worker as a scorer: of the words of labels, or of the labels of its trained head. */
export function transformersScorer(session: Session): Scorer {
  return {
    device: session.device,
    async score(question, examples, onScore) {
      if (examples.length === 0) return;
      if (session.model.kind === 'classifier') await scoreHead(session, question.prompt, examples, onScore);
      else await scoreWords(session, question, examples, onScore);
    },
    dispose: session.dispose,
  };
}

type OnScore = (score: LabelScore, milliseconds: number) => void;

async function scoreWords(session: Session, question: Question, examples: readonly Row[], onScore: OnScore) {
  const { prompt } = question;
  const { frame, answerPrefix } = asked(question, examples, session);
  // What an encoder-decoder writes follows nothing.
  const prefix = session.model.kind === 'decoder' ? answerPrefix : '';
  const answers = labelsOf(prompt.task).map((label) => prefix + wordOf(label, prompt));
  await session.ask(
    { do: 'score', ...frame, answers },
    scored,
    ({ id, logits, largest, weight, tokens, milliseconds }) =>
      onScore({ id, ...labelLogprobs(logits, largest, weight), promptTokens: tokens }, milliseconds),
  );
}

async function scoreHead(session: Session, prompt: Prompt, examples: readonly Row[], onScore: OnScore) {
  const places = labelPlaces(session, labelsOf(prompt.task));
  await session.ask(
    headRequest('label', session, prompt, examples),
    labelled,
    ({ id, logits, tokens, milliseconds }) => {
      const largest = Math.max(...logits);
      const weight = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
      const own = places.map((place) => logits[place] ?? Number.NaN);
      onScore({ id, ...labelLogprobs(own, largest, weight), promptTokens: tokens }, milliseconds);
    },
  );
}

/** What a trained head reads: the texts themselves, at most two, since it was trained without a prompt. */
export const headRequest = (
  what: 'label' | 'tag',
  session: Session,
  { task }: Pick<Prompt, 'task'>,
  examples: readonly Row[],
) => ({
  do: what,
  batch: session.batch,
  rows: examples.map((row) => ({
    id: row.id,
    texts: fieldsOf(task)
      .slice(0, what === 'tag' ? 1 : 2)
      .map((field) => textOf(row, field)),
  })),
});

/**
 * Where a head has the labels of a task.
 *
 * @throws UserError where its configuration names other labels.
 */
export function labelPlaces({ told, model }: Session, labels: readonly string[]): readonly number[] {
  const places = labels.map((label) => told.labels.indexOf(label));
  if (!places.includes(-1)) return places;
  throw new UserError(
    `${model.title} tells ${told.labels.join(', ')} apart, and the task ${labels.join(', ')}`,
    {
      hint: 'Call them in id2label and label2id of its config.json as the task does.',
    },
  );
}
