import { UserError } from '../../project/error.js';
import type { Prompt } from '../../tasks/prompt.js';
import type { Row } from '../../tasks/row.js';
import type { Answer } from '../../tasks/shape.js';
import { labelsOf } from '../../tasks/task.js';
import type { GeneratedText, Writer } from '../writer.js';
import { asked } from './asking.js';
import { labelled, tagged, written } from './protocol.js';
import { headRequest, labelPlaces } from './scorer.js';
import type { Session } from './session.js';

type OnText = (id: string, text: GeneratedText, milliseconds: number) => void;

/** A model in a worker as a writer: what it holds most probable; a trained head answers without words. */
export function transformersWriter(session: Session): Writer {
  return {
    device: session.device,
    async write(question, examples, limits, onText) {
      if (examples.length === 0) return;
      const { kind } = session.model;
      if (kind === 'tagger') return tag(session, question.prompt, examples, onText);
      if (kind === 'classifier') return label(session, question.prompt, examples, onText);
      const { frame } = asked(question, examples, session);
      await session.ask({ do: 'write', ...frame, ...limits }, written, (row) => {
        const { id, text, finish, tokens, written: completionTokens, milliseconds } = row;
        onText(id, { text, finish, refused: false, promptTokens: tokens, completionTokens }, milliseconds);
      });
    },
    dispose: session.dispose,
  };
}

async function tag(session: Session, prompt: Prompt, examples: readonly Row[], onText: OnText) {
  const { task } = prompt;
  if (task.shape !== 'spans') throw unsuited(session, prompt);
  const request = { ...headRequest('tag', session, prompt, examples), types: task.types };
  await session.ask(request, tagged, ({ id, spans, tokens, milliseconds }) =>
    onText(id, answered(spans, tokens), milliseconds),
  );
}

async function label(session: Session, prompt: Prompt, examples: readonly Row[], onText: OnText) {
  const answerOf = headAnswer(session, prompt);
  await session.ask(
    headRequest('label', session, prompt, examples),
    labelled,
    ({ id, logits, tokens, milliseconds }) => onText(id, answered(answerOf(logits), tokens), milliseconds),
  );
}

/** What the logits of a head answer, by the task's shape: the labels that are more probable than not, or a number. */
function headAnswer(session: Session, prompt: Prompt): (logits: readonly number[]) => Answer {
  const { task } = prompt;
  if (task.shape === 'some-of') {
    const labels = labelsOf(task);
    const places = labelPlaces(session, labels);
    return (logits) => labels.filter((_, index) => (logits[places[index] ?? -1] ?? 0) > 0);
  }
  if (task.shape === 'number') {
    const [low, high] = task.range;
    return ([number = Number.NaN]) => Math.min(high, Math.max(low, number));
  }
  throw unsuited(session, prompt);
}

const unsuited = ({ model }: Session, { task }: Prompt) =>
  new UserError(
    `${model.title} is a ${model.kind}, which has no answers of the shape of the task ${task.name}`,
  );

/** An answer without words; what is kept as its text is the answer itself. */
const answered = (answer: Answer, promptTokens: number): GeneratedText => ({
  text: JSON.stringify(answer),
  answer,
  finish: 'stop',
  refused: false,
  promptTokens,
  completionTokens: 0,
});
