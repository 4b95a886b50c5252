import { taskOf } from '../datasets/builds.js';
import { UserError } from '../project/error.js';
import { findTask, type Task } from '../tasks/task.js';
import type { Study } from './study.js';
import { studyFile } from './study-file.js';

/**
 * The task that all data sets of a study are of. A notebook about one task begins with it, so that under a study of other
 * tasks, or without the data sets that it compares, it stops at once and says why; `small-claims plan` tells it beforehand.
 *
 * @param titles of the data sets that the notebook cannot do without.
 * @throws UserError naming a data set of another task, or one that is not there.
 *
 * @example
 * onlyTask(openStudy('small'), 'claim-verification').shape; // -> 'one-of'
 * onlyTask(openStudy('shapes'), 'claim-verification'); // throws PubMedQA is of biomedical-question-answering
 */
export function onlyTask(
  { name, tests, plan, paths }: Pick<Study, 'name' | 'tests' | 'plan' | 'paths'>,
  wanted: string,
  titles: readonly string[] = [],
): Task {
  const task = findTask(wanted, paths);
  const flaw = (message: string) =>
    new UserError(message, {
      at: { file: studyFile(name, paths) },
      hint: 'STUDY=small is a study that it was written for; docs/own-study.md shows a notebook for any study.',
    });
  for (const { title, test } of tests) {
    const other = taskOf(test, paths).name;
    if (other === task.name) continue;
    throw flaw(`this notebook is about ${task.name}, and ${title} is of ${other}`);
  }
  const lacking = titles.find((title) => !plan.datasets.some((set) => set.title === title));
  if (lacking !== undefined)
    throw flaw(
      `this notebook is about ${titles.join(' and ')}, and the study has no data set titled ${lacking}`,
    );
  return task;
}
