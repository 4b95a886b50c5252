import { type Location, UserError } from '../../project/error.js';
import { alternatives } from '../../project/nearest.js';
import { byWords } from '../../tasks/measure-ids.js';
import { shapeOf } from '../../tasks/shape-of.js';
import type { Task } from '../../tasks/task.js';
import type { Measure } from '../measure.js';
import { correlationMeasures } from './correlation.js';
import { labelMeasures, labelSetMeasures } from './labels.js';
import { entityMeasures, wordMeasures } from './spans.js';
import { textMeasures } from './text.js';

/** A task, as far as its measures go: the shape of its answers, and the names that they use. */
export type Measured =
  | { readonly shape: 'one-of' | 'some-of'; readonly labels: readonly string[] }
  | { readonly shape: 'spans'; readonly types: readonly string[]; readonly measure?: string | undefined }
  | { readonly shape: 'number' | 'text' };

/**
 * The measures of a task.
 *
 * @example
 * measuresOf({ shape: 'number' }).map(({ id }) => id); // -> ['pearson', 'spearman']
 */
export function measuresOf(task: Measured): readonly Measure[] {
  switch (task.shape) {
    case 'one-of':
      return labelMeasures(task.labels);
    case 'some-of':
      return labelSetMeasures(task.labels);
    case 'number':
      return correlationMeasures();
    case 'spans':
      return spanMeasures(task);
    case 'text':
      return textMeasures();
  }
}

/** Of entities; where the task is measured by words, those of words too, and of each type by words alone. */
function spanMeasures(task: Extract<Measured, { shape: 'spans' }>): readonly Measure[] {
  const ofEntities = entityMeasures(task.types);
  if (!byWords(task)) return ofEntities;
  return [...wordMeasures(task.types), ...ofEntities.filter(({ label }) => label === undefined)];
}

/**
 * What a task is measured by before all else: what its entry says, or its shape.
 *
 * @example
 * mainMeasure(findTask('disease-recognition')).id; // -> 'entity-f1'
 */
export const mainMeasure = (task: Task): Measure =>
  findMeasure(task.measure ?? shapeOf(task).measures[0] ?? '', task, {
    file: 'data/tasks.yaml',
    field: `${task.name}.measure`,
  });

/**
 * A measure of a task by its id.
 *
 * @throws UserError listing those there are.
 *
 * @example
 * findMeasure('macro-f1', findTask('claim-verification')).title; // -> 'macro-F1'
 * findMeasure('macro-f1', { shape: 'number' }); // throws Known: pearson, spearman
 */
export function findMeasure(id: string, task: Measured, at: Location = {}): Measure {
  const measures = measuresOf(task);
  const found = measures.find((measure) => measure.id === id);
  if (found) return found;
  throw new UserError(`a task of the shape ${task.shape} has no measure "${id}"`, {
    at,
    hint: alternatives(
      id,
      measures.map((measure) => measure.id),
    ),
  });
}
