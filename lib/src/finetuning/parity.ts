import { UserError } from '../project/error.js';
import type { LabelScore } from '../scoring/label-score.js';
import type { Row } from '../tasks/row.js';

/** What one program says of a row's labels: natural logarithms, normalised over the labels, in the order of the task's. */
export type LabelLogprobs = Pick<LabelScore, 'id' | 'logprobs'>;

/** How two programs agree on the same rows. */
export interface Agreement {
  readonly rows: number;
  /** Rows in which the same label is the most probable. */
  readonly sameLabel: number;
  /** Of the absolute differences of the labels' log-probabilities, in nats. */
  readonly largest: number;
  readonly mean: number;
}

/** What was tuned in transformers and PEFT, row by row on plain weights, compared with what scores it. */
export interface Parity {
  /** llama.cpp, or our worker in its batches, on the same plain weights: what is left is a mistake of conversion, or rounding. */
  readonly plain: Agreement;
  /** On the quantised weights that are scored; of what transformers scores there are none. */
  readonly quantised?: Agreement | undefined;
  /** The model as it is on these, without the adapter: what quantisation alone does. */
  readonly quantisedBase?: Agreement | undefined;
  /** transformers with the adapter and without: what the adapter does. */
  readonly effect: Agreement;
  /** Of the rows' labels, in nats a row. */
  readonly loss: {
    /** Without the adapter, in transformers on plain weights. */
    readonly base: number;
    /** With it, on the weights that it was trained on. */
    readonly trained: number;
    /** With it, as it is scored: in llama.cpp on the quantised weights. */
    readonly released: number;
  };
}

/** The same of a task whose answers are written. */
export interface WrittenParity {
  /** Rows, those in which transformers writes the same text in both ways, and those in which it wrote another untrained. */
  readonly written: { readonly rows: number; readonly same: number; readonly changed: number };
}

/** For people. */
export function parityText(parity: Parity | WrittenParity): string {
  if ('written' in parity) {
    const { rows, same, changed } = parity.written;
    return `${same} of ${rows} answers written just so one by one and in batches; ${changed} are others than without training`;
  }
  const one = ({ rows, sameLabel, largest, mean }: Agreement) =>
    `${sameLabel} of ${rows} labels the same, ${mean} nats apart on average and ${largest} at most`;
  const { plain, quantised, quantisedBase, effect, loss } = parity;
  return [
    `PEFT against what scores it, on the same weights: ${one(plain)}`,
    ...(quantised ? [`on the quantised: ${one(quantised)}`] : []),
    ...(quantisedBase ? [`there without the adapter: ${one(quantisedBase)}`] : []),
    `PEFT with the adapter against without: ${one(effect)}`,
    `loss a row: ${loss.base} nats without it, ${loss.trained} on the weights it was trained on, ${loss.released} as it is scored`,
  ].join('; ');
}

/** Rows that parity is seen on, if there are so many; with fewer than 50 it is not seen. */
export const PARITY_ROWS = 60;
const FEWEST_ROWS = 50;
/** Two programs that compute the same in 32-bit floats differ by much less. */
const TOLERANCE = 0.01;
/** Of written answers: a step between two tokens that are as probable may fall otherwise. */
const SAME_TEXT = 0.95;
/** Of the loss, in nats a row: other weights than were trained on may cost an adapter so much. */
const MOST_LOST = 0.1;

/** Compares what two programs say, row by row. @throws Error where they do not speak of the same rows. */
export function agreement(ours: readonly LabelLogprobs[], theirs: readonly LabelLogprobs[]): Agreement {
  const other = new Map(theirs.map((row) => [row.id, row.logprobs]));
  const differences: number[] = [];
  let sameLabel = 0;
  for (const { id, logprobs } of ours) {
    const there = other.get(id);
    if (!there) throw new Error(`${id} was scored by one program alone`);
    if (best(logprobs) === best(there)) sameLabel += 1;
    logprobs.forEach((value, label) => {
      differences.push(Math.abs(value - (there[label] ?? Number.NaN)));
    });
  }
  return {
    rows: ours.length,
    sameLabel,
    largest: decimals(Math.max(...differences)),
    mean: decimals(differences.reduce((sum, difference) => sum + difference, 0) / differences.length),
  };
}

/** The mean loss of the rows' labels, in nats. @throws Error if a row was not scored. */
export function meanLoss(
  scores: readonly LabelLogprobs[],
  rows: readonly Pick<Row, 'id' | 'gold'>[],
  labels: readonly string[],
): number {
  const byId = new Map(scores.map(({ id, logprobs }) => [id, logprobs]));
  const losses = rows.map(({ id, gold }) => {
    const logprob = byId.get(id)?.[labels.indexOf(String(gold))];
    if (logprob === undefined) throw new Error(`${id} was not scored`);
    return -logprob;
  });
  return decimals(losses.reduce((sum, loss) => sum + loss, 0) / losses.length);
}

/**
 * Refuses an adapter whose GGUF file is another model than what was trained: on plain weights, llama.cpp has to find
 * the same label as PEFT in every row, with log-probabilities within `TOLERANCE`, on at least `FEWEST_ROWS` rows. On
 * the quantised weights it may differ as quantisation makes it; that is told beside what it does to the base. An
 * adapter that moves nothing by more than the tolerance is refused too: two programs that ignored it would agree. So is
 * one that has learnt what only the weights it was trained on can use (`MOST_LOST`): quantised otherwise, they are others.
 *
 * @throws UserError saying how far apart they are.
 */
export function assertParity(
  name: string,
  { plain, effect, loss }: Pick<Parity, 'plain' | 'effect' | 'loss'>,
): void {
  if (plain.rows < FEWEST_ROWS)
    throw new UserError(`${name}: parity was seen on ${plain.rows} rows; ${FEWEST_ROWS} are needed`);
  if (effect.largest <= TOLERANCE) {
    throw new UserError(
      `${name} is not released: it moves no label by more than ${TOLERANCE} nats (${effect.largest} at most)`,
      {
        hint: 'It has learnt nothing: see the losses in its training.log, and raise learning rate or epochs.',
      },
    );
  }
  if (loss.released > loss.trained + MOST_LOST) {
    throw new UserError(
      `${name} is not released: on the weights that it was trained on its loss is ${loss.trained} nats a row, on those ` +
        `that are scored ${loss.released} (without it ${loss.base}); ${MOST_LOST} more is allowed`,
      { hint: 'Train on the weights that are scored: method: lora.' },
    );
  }
  if (plain.sameLabel === plain.rows && plain.largest <= TOLERANCE) return;
  throw new UserError(
    `${name} is not released: what scores it and PEFT differ on the same weights by up to ${plain.largest} nats ` +
      `(${TOLERANCE} is allowed), and agree on the label of ${plain.sameLabel} of ${plain.rows} rows`,
    { hint: 'Of an adapter in GGUF: see whether llama.cpp supports all layers it adapts.' },
  );
}

/** The same of written answers. @throws UserError if too few are the same, or none is another than without training. */
export function assertWritten(name: string, { written: { rows, same, changed } }: WrittenParity): void {
  if (rows < FEWEST_ROWS)
    throw new UserError(`${name}: parity was seen on ${rows} rows; ${FEWEST_ROWS} are needed`);
  if (changed === 0)
    throw new UserError(`${name} is not released: it writes in every row what the model writes without it`, {
      hint: 'It has learnt nothing: see the losses in its training.log, and raise learning rate or epochs.',
    });
  if (same < rows * SAME_TEXT)
    throw new UserError(
      `${name} is not released: asked one by one and in batches it writes the same in ${same} of ${rows} rows`,
    );
}

const best = (logprobs: readonly number[]) => logprobs.indexOf(Math.max(...logprobs));
const decimals = (value: number) => Math.round(value * 1e6) / 1e6;
