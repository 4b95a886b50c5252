import { Template } from '@huggingface/jinja';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import type { Example } from '../tasks/example.js';
import { claimPart, evidencePart, type PromptTemplate } from '../tasks/prompt.js';

/** A stretch of a prompt. Special tokens are recognised in the study's own text only, never in a dataset's. */
export interface Piece {
  readonly text: string;
  readonly trusted: boolean;
}

/** A prompt but for its example: what stands before the evidence, and what follows the claim. */
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
 * @throws UserError if the model's chat template cannot be rendered.
 */
export function promptFrame(
  template: PromptTemplate,
  shots: readonly Example[],
  format: ChatFormat,
): PromptFrame {
  // Each text of a dataset is stood in for by a mark while the template is rendered, so that it stays a piece of its own.
  const texts = [
    ...shots.flatMap(({ evidence, claim }) => [evidencePart(evidence), claimPart(claim)]),
    '',
    '',
  ];
  const ask = (index: number) =>
    `${index === 0 ? template.instruction : ''}${mark(2 * index)}${mark(2 * index + 1)}${template.question}`;
  const rendered =
    format.template === undefined
      ? plain(
          shots.map(({ label }) => template.answers[label]),
          ask,
        )
      : chat(
          format.template,
          format,
          shots.map(({ label }) => template.answers[label]),
          ask,
        );

  const pieces: Piece[] = rendered
    .split(MARKS)
    .map((text, index) =>
      index % 2 === 0 ? { text, trusted: true } : { text: texts[Number(text)] ?? '', trusted: false },
    );
  if (pieces.length !== 2 * texts.length + 1) {
    throw new UserError('the model’s chat template drops or repeats what the user says');
  }
  return {
    before: pieces.slice(0, 2 * texts.length - 3).filter(({ text }) => text !== ''),
    after: pieces.slice(2 * texts.length).filter(({ text }) => text !== ''),
    answerPrefix: format.template === undefined ? ' ' : '',
  };
}

/**
 * SHA-256 of a template as the model sees it: laid out with and without a chat format, with and without a shot. So a
 * change to the words or to the way this file joins them is a change of the prompt.
 */
export function promptHash(template: PromptTemplate): Sha256 {
  const shot: Example = { ...PROBE, label: 'NEI' };
  const formats = [PROBE_FORMAT, { ...PROBE_FORMAT, template: undefined }];
  const frames = formats.flatMap((format) =>
    [[], [shot]].map((shots) => promptFrame(template, shots, format)),
  );
  const parts = [evidencePart('evidence'), evidencePart(''), claimPart('claim')];
  return sha256(canonicalJson({ frames, parts, answers: template.answers }));
}

const PROBE = {
  id: 'probe',
  claimId: 'probe',
  documentIds: [],
  rationale: [],
  claim: 'claim',
  evidence: 'evidence',
};
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
  try {
    return new Template(source).render({
      messages,
      add_generation_prompt: true,
      bos_token: bos,
      eos_token: eos,
    });
  } catch (cause) {
    throw new UserError(
      `the model’s chat template cannot be rendered: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
}
