import type { AdapterFile } from '../models/adapters.js';
import type { Prompt } from '../tasks/prompt.js';
import type { Row } from '../tasks/row.js';
import type { LabelScore } from './label-score.js';

/** How an example is put to a model. */
export interface Question {
  readonly prompt: Prompt;
  /** Solved examples shown before the one that is asked. */
  readonly shots: readonly Row[];
  /** The adapter put on the model; absent: the model as it is. */
  readonly adapter?: AdapterFile | undefined;
}

/** The record that a model is asked for. */
export interface RunPlace {
  /** For people. */
  readonly name: string;
  /** Its file without extension. What must not be lost, such as the id of a batch that is paid for, lies beside it. */
  readonly stem: string;
}

/** A model, ready to be asked, wherever it runs. */
export interface Scorer {
  /** What computes: `cpu`, `cuda`, ... A record is made on one device. */
  readonly device: string;
  /**
   * Scores examples in an order of its own; `onScore` gets each as soon as it is known. An error it throws ends the call.
   *
   * @throws UserError naming the first example whose prompt does not fit the model's context, before any is scored.
   */
  score(
    question: Question,
    examples: readonly Row[],
    onScore: (score: LabelScore, milliseconds: number) => void,
    place?: RunPlace,
  ): Promise<void>;
  dispose(): Promise<void>;
}
