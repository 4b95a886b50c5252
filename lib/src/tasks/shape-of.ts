import { number } from './number.js';
import { oneOf } from './one-of.js';
import type { Shape } from './shape.js';
import { someOf } from './some-of.js';
import { spans } from './spans.js';
import type { Task } from './task.js';
import { text } from './text.js';

/**
 * How a task's answers are written for a model and read back, stored, stratified and measured, and which head an encoder
 * gets: by its shape alone, never by its name.
 *
 * @example
 * const { head, measures } = shapeOf(findTask('disease-recognition'));
 * [head, measures]; // -> ['tagger', ['entity-f1']]
 */
export function shapeOf(task: Task): Shape {
  switch (task.shape) {
    case 'one-of':
      return oneOf(task);
    case 'some-of':
      return someOf(task);
    case 'number':
      return number(task);
    case 'spans':
      return spans(task);
    case 'text':
      return text;
  }
}
