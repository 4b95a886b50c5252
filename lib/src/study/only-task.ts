import { taskOf } from '../datasets/builds.js';
import { UserError } from '../project/error.js';
import { findTask, type Task } from '../tasks/task.js';
import type { Study } from './study.js';
import { studyFile } from './study-file.js';

/**
 * The task that all data sets of a study are of. A notebook about one task begins with it, so that under a study of other
 * tasks it stops at once and says why.
 *
 * @throws UserError naming a data set of another task.
 *
 * @example
 * onlyTask(openStudy('small'), 'claim-verification').shape; // -> 'one-of'
 * onlyTask(openStudy('shapes'), 'claim-verification'); // throws PubMedQA is of biomedical-question-answering
 */
export function onlyTask({ name, tests, paths }: Study, wanted: string): Task {
  const task = findTask(wanted, paths);
  for (const { title, test } of tests) {
    const other = taskOf(test, paths).name;
    if (other === task.name) continue;
    throw new UserError(`this notebook is about ${task.name}, and ${title} is of ${other}`, {
      at: { file: studyFile(name, paths) },
      hint: 'STUDY=small is a study that it was written for; docs/own-study.md shows a notebook for any study.',
    });
  }
  return task;
}
