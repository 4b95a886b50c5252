import { join } from 'node:path';
import { projectPaths } from '../../project/paths.js';
import type { Command } from '../command.js';
import { readNotebook } from '../notebook/notebook.js';
import { paperNotebooks } from '../notebook/paper-notebooks.js';

const plan: Command = {
  usage: 'plan [STUDY]',
  summary:
    'say every step of a study (default: STUDY, else small) with its inputs, what it would take on a GPU and cost, and what is missing here; run nothing',
  options: {},
  async run({ names: [name] }) {
    const [
      { openStudy },
      { readPrices },
      { lookHere },
      { buildSizes },
      { planBuilds, planHosts },
      { planSteps },
      { planText },
      { wantedTasks },
    ] = await Promise.all([
      import('../../study/study.js'),
      import('../../models/prices.js'),
      import('../../study/plan/here.js'),
      import('../../study/plan/tokens.js'),
      import('../../study/plan/sources.js'),
      import('../../study/plan/steps.js'),
      import('../../study/plan/text.js'),
      import('../execution/wanted-task.js'),
    ]);
    const paths = projectPaths();
    const study = openStudy(name, paths);
    const prices = readPrices(paths);
    const [here, sizeOf] = await Promise.all([
      lookHere(planHosts(study, paths), paths),
      buildSizes(paths, planBuilds(study)),
    ]);
    const notebooks = paperNotebooks(paths).named.map((name) => {
      return { name, wanted: wantedTasks(readNotebook(join(paths.notebooks, `${name}.ipynb`))) };
    });
    const steps = await planSteps({ study, here, sizeOf, prices, notebooks, paths });
    console.log(planText(study, steps, here, prices));
  },
};
export default plan;
