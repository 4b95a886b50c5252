import { buildNames } from '../../datasets/builds.js';
import { measuresOf } from '../../metrics/measures/measures.js';
import { adapterIds } from '../../models/adapters.js';
import { readModels } from '../../models/catalogue.js';
import { projectPaths } from '../../project/paths.js';
import { promptNames } from '../../tasks/prompt.js';
import { findTask, knownTasks } from '../../tasks/task.js';

/**
 * What a text in a cell may name: builds, models, adapters, tasks, prompts and measures. Loaded with `require`, when one is
 * first completed.
 *
 * @internal
 */
export function knownNames(): readonly string[] {
  const paths = projectPaths();
  const tasks = [...knownTasks(paths).keys()].map((name) => findTask(name, paths));
  return [
    ...buildNames(paths),
    ...readModels(paths).map(({ id }) => id),
    ...adapterIds(paths),
    ...tasks.map(({ name }) => name),
    ...promptNames(paths),
    ...new Set(tasks.flatMap((task) => measuresOf(task).map(({ id }) => id))),
  ];
}
