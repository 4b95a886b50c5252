import { z } from 'zod';
import { parseJsonLines } from '../../datasets/formats/jsonl.js';
import { readBytes } from '../../datasets/text.js';
import { UserError } from '../../project/error.js';

/** What a line holds: a training row and, after each epoch, the probability that the model gave each label there. */
const line = z.strictObject({
  id: z.string(),
  epochs: z.array(z.record(z.string(), z.number().min(0).max(1))).min(1),
});

/**
 * Reads how a model fared on the training rows while it learnt them, a JSON object a line:
 * `{"id": "train:7", "epochs": [{"yes": 0.4, "no": 0.6}, {"yes": 0.9, "no": 0.1}]}`, rows named as the report names
 * them; a label that is not given has the probability 0.
 *
 * @returns for each epoch the probabilities of all labels in each row, as `audit` takes them.
 * @throws UserError naming file and line of what does not fit: an unknown row or label, a row twice or missing, another
 *   number of epochs than the first line has.
 */
export function readEpochs(
  path: string,
  train: readonly { readonly id: string }[],
  labels: readonly string[],
): readonly Float64Array[] {
  const lines = parseJsonLines(readBytes(path), path, line);
  const count = lines[0]?.row.epochs.length ?? 0;
  const epochs = Array.from({ length: count }, () => new Float64Array(train.length * labels.length));
  const left = new Map(train.map(({ id }, row) => [id, row]));
  for (const { line: number, row: of } of lines) {
    const flaw = (field: string, message: string, hint: string) =>
      new UserError(message, { at: { file: path, line: number, field }, hint });
    const row = left.get(of.id);
    if (row === undefined)
      throw flaw(
        'id',
        `no training row is called ${of.id}, or it is given twice`,
        `Rows are called ${train[0]?.id}, ...`,
      );
    left.delete(of.id);
    if (of.epochs.length !== count)
      throw flaw(
        'epochs',
        `${of.epochs.length} epochs`,
        `The first line has ${count}; every row needs as many.`,
      );
    for (const [epoch, probabilities] of of.epochs.entries()) {
      const sum = Object.values(probabilities).reduce((all, each) => all + each, 0);
      const none = Object.keys(probabilities).length === 0;
      if (none || sum > 1.01)
        throw flaw(
          `epochs.${epoch}`,
          none ? 'no probability' : `probabilities that add up to ${Number(sum.toFixed(4))}`,
          'Those of all labels add up to 1; one that is left out has 0.',
        );
      for (const [label, probability] of Object.entries(probabilities)) {
        const at = labels.indexOf(label);
        if (at < 0)
          throw flaw(
            `epochs.${epoch}`,
            `no row has the label ${label}`,
            `The labels are ${labels.join(', ')}.`,
          );
        const all = epochs[epoch];
        if (all) all[row * labels.length + at] = probability;
      }
    }
  }
  const [missing] = left.keys();
  if (missing !== undefined)
    throw new UserError(`the training row ${missing} is missing`, {
      at: { file: path },
      hint: `Every training row needs a line; ${left.size} of ${train.length} have none.`,
    });
  return epochs;
}
