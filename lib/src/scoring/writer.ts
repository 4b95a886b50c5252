import type { Row } from '../tasks/row.js';
import type { Answer } from '../tasks/shape.js';
import type { Question, RunPlace } from './scorer.js';

/** Where a generated text ends. */
export interface Limits {
  /** Tokens, hidden thoughts included. */
  readonly maxTokens: number;
  /** Strings that end it; they are no part of it. */
  readonly stop: readonly string[];
}

/** A text that a model wrote. */
export interface GeneratedText {
  readonly text: string;
  /** What a trained head answers, without words; else the answer is read out of the text. */
  readonly answer?: Answer;
  /** Why it ended: `stop` where the model or a stop string ended it, `length` at the limit, or what an endpoint says. */
  readonly finish: string;
  /** The endpoint says that it is a refusal, whatever the text. */
  readonly refused: boolean;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
}

/** A model, ready to write: at each step the most probable token. Where a model thinks, its endpoint samples. */
export interface Writer {
  /** What computes, as a scorer has it. */
  readonly device: string;
  /**
   * Has a text written about each example; `onText` gets each as soon as it is there, in an order of the writer's.
   *
   * @throws UserError naming the first example that does not fit the model's context, before anything is written.
   */
  write(
    question: Question,
    examples: readonly Row[],
    limits: Limits,
    onText: (id: string, text: GeneratedText, milliseconds: number) => void,
    place?: RunPlace,
  ): Promise<void>;
  dispose(): Promise<void>;
}
