import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { fieldPart, fieldParts, type Prompt, promptFields } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import { opensThought } from '../tasks/thoughts.js';
import { renderTemplate } from './chat-template.js';

/** A stretch of a prompt. Special tokens are recognised in the study's own text only, never in a dataset's. */
export interface Piece {
  readonly text: string;
  readonly trusted: boolean;
}

/** A prompt but for its row: what stands before the row's fields, and what follows them. */
export interface PromptFrame {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
  /** What stands between the prompt and the answer word: a space where there is no chat template, else nothing. */
  readonly answerPrefix: '' | ' ';
}

/** What a model's file says of its conversations. */
export interface ChatFormat {
  /** A Jinja template; undefined for a model without one, which gets a plain prompt ending in `Answer:`. */
  readonly template: string | undefined;
  readonly bos: string;
  readonly eos: string;
}

/**
 * Lays out a prompt in the model's own chat format: each shot is a solved question, the example is the last.
 *
 * @throws UserError if the model's chat template cannot be rendered, or begins an answer with a thought.
 */
export function promptFrame(prompt: Prompt, shots: readonly Row[], format: ChatFormat): PromptFrame {
  // Each text of a dataset is stood in for by a mark while the template is rendered, so that it stays a piece of its own.
  const fields = promptFields(prompt);
  const texts = [...shots.flatMap((shot) => fieldParts(prompt, shot)), ...fields.map(() => '')];
  const ask = (index: number) => {
    const marks = fields.map((_, field) => mark(fields.length * index + field));
    return `${index === 0 ? prompt.instruction : ''}${marks.join('')}${prompt.question}`;
  };
  const answers = shots.map((shot) => prompt.shape.write(shot, prompt));
  const rendered =
    format.template === undefined ? plain(answers, ask) : chat(format.template, format, answers, ask);

  const pieces: Piece[] = rendered
    .split(MARKS)
    .map((text, index) =>
      index % 2 === 0 ? { text, trusted: true } : { text: texts[Number(text)] ?? '', trusted: false },
    );
  if (pieces.length !== 2 * texts.length + 1) {
    throw new UserError('the model’s chat template drops or repeats what the user says');
  }
  if (opensThought(pieces.at(-1)?.text ?? ''))
    throw new UserError('the model’s chat template begins an answer with a thought', {
      hint: 'What follows its prompt would be that thought, and the answer would come later: ask a model that answers at once.',
    });
  return {
    before: pieces.slice(0, 2 * (texts.length - fields.length) + 1).filter(({ text }) => text !== ''),
    after: pieces.slice(2 * texts.length).filter(({ text }) => text !== ''),
    answerPrefix: format.template === undefined ? ' ' : '',
  };
}

/**
 * SHA-256 of a template as the model sees it: laid out with and without a chat format, with and without a shot. So a
 * change to the words or to the way this file joins them is a change of the prompt.
 */
export function promptHash(prompt: Prompt): Sha256 {
  const shot = probeRow(prompt);
  const formats = [PROBE_FORMAT, { ...PROBE_FORMAT, template: undefined }];
  const frames = formats.flatMap((format) => [[], [shot]].map((shots) => promptFrame(prompt, shots, format)));
  const parts = promptFields(prompt).flatMap((field) => [
    fieldPart(prompt, field, field),
    ...(prompt.task.fields[field]?.optional ? [fieldPart(prompt, field, '')] : []),
  ]);
  const { none, task } = prompt;
  // A label without a word is its own.
  const answers = Object.fromEntries(
    Object.entries(prompt.answers).filter(([label, word]) => label !== word),
  );
  // Of labels the words alone: what is read off has no word for nothing.
  return sha256(canonicalJson({ frames, parts, answers, ...(task.shape !== 'one-of' && { none }) }));
}

/** A solved row of a prompt's task, each text the name of its field: what tells how a prompt lays examples out. */
export function probeRow({ task }: Prompt): Row {
  const gold = {
    'one-of': () => ('labels' in task ? (task.labels.at(-1) ?? '') : ''),
    'some-of': () => ('labels' in task ? task.labels.slice(-1) : []),
    number: () => ('range' in task ? task.range[0] : 0),
    spans: () => ('types' in task ? [{ type: task.types[0] ?? '', start: 0, end: 1 }] : []),
    text: () => ['answer'],
  }[task.shape]();
  return {
    id: 'probe',
    gold,
    keys: {},
    texts: Object.fromEntries(Object.keys(task.fields).map((field) => [field, field])),
  };
}

const PROBE_FORMAT: ChatFormat = {
  template: '{% for m in messages %}<{{ m.role }}>{{ m.content }}</{{ m.role }}>{% endfor %}<assistant>',
  bos: '<s>',
  eos: '</s>',
};

const mark = (index: number) => `\u{E000}${index}\u{E001}`;
const MARKS = /\u{E000}(\d+)\u{E001}/u;

function plain(answers: readonly string[], ask: (index: number) => string): string {
  const solved = answers.map((answer, index) => `${ask(index)}\nAnswer: ${answer}\n\n`);
  return `${solved.join('')}${ask(answers.length)}\nAnswer:`;
}

function chat(
  source: string,
  { bos, eos }: ChatFormat,
  answers: readonly string[],
  ask: (index: number) => string,
): string {
  const messages = [
    ...answers.flatMap((answer, index) => [
      { role: 'user', content: ask(index) },
      { role: 'assistant', content: answer },
    ]),
    { role: 'user', content: ask(answers.length) },
  ];
  return renderTemplate(source, { messages, add_generation_prompt: true, bos_token: bos, eos_token: eos });
}
