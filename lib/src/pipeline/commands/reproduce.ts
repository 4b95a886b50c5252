import { join } from 'node:path';
import { writeFileAtomic } from '../../project/atomic.js';
import { errorText } from '../../project/error.js';
import { projectPaths } from '../../project/paths.js';
import { type Command, jobCount, positiveInteger, positiveNumber } from '../command.js';
import { bringUpToDate } from '../execution/execution.js';
import { runDisplay } from '../execution/run-display.js';
import { shortPath } from '../notebook/notebook.js';
import { paperNotebooks } from '../notebook/paper-notebooks.js';
import { DEFAULT_TIMEOUT_SECONDS, RUN_OPTIONS, runNotebooks } from './run.js';

const reproduce: Command = {
  usage: 'reproduce [NAME...]',
  summary:
    'make records and results again from data and models, and compare with what is committed: exit status 0 all that was asked for is within tolerance, 1 something outside, 2 not all of it could be made again or compared',
  options: {
    models: {
      value: 'ID,ID',
      help: 'models scored again, or none (default: all that are here; large ones take hours)',
    },
    jobs: RUN_OPTIONS.jobs,
    timeout: RUN_OPTIONS.timeout,
  },
  async run(given) {
    const [
      { readPublished },
      { compareReproduction },
      { readEnvironment },
      reproduction,
      report,
      { findModel },
    ] = await Promise.all([
      import('../../paper/published.js'),
      import('../reproduction/comparison.js'),
      import('../reproduction/environment.js'),
      import('../reproduction/reproduction.js'),
      import('../reproduction/report.js'),
      import('../../models/catalogue.js'),
    ]);
    const paths = projectPaths();
    const { committed, again } = reproduction.reproductionPaths(paths);
    const names = given.names.length > 0 ? given.names : paperNotebooks(paths).named;
    const models = reproduction.modelsWanted(given.options['models']);
    // A misspelt id would else be known by nothing having been scored, after all has run.
    for (const id of models ?? []) findModel(id, paths);
    console.error('first, from the committed records:');
    const kept = new Set(reproduction.recordsIn(paths));
    reproduction.copyRecords([...kept], paths.records, committed.records);
    await reproduction.withRecords(committed, {}, () =>
      runNotebooks(names, { names, options: {} }, committed),
    );
    const { taken, toBeMade } = reproduction.takeRecords(paths, again, models);
    console.error(
      `then, from data and models, into ${shortPath(again.build)} (what is there already is kept):`,
    );
    const study = process.env['STUDY'] || 'small';
    const thrown = await reproduction.withRecords(again, { make: toBeMade }, () =>
      bringUpToDate(names, {
        paths: again,
        study,
        force: false,
        jobs: jobCount(positiveInteger(given, 'jobs')),
        timeoutSeconds: positiveNumber(given, 'timeout') ?? DEFAULT_TIMEOUT_SECONDS,
        display: runDisplay(),
      }),
    );
    const [before, after] = [readPublished(committed), readPublished(again)];
    const isTaken = (path: string) => taken.some(({ record }) => path.includes(`records/${record}.`));
    const compared = compareReproduction(before, after, names, isTaken);
    const both = [before, after].flatMap(({ values, tables, figures }) => [
      ...values.values(),
      ...tables.values(),
      ...figures.values(),
    ]);
    const used = both
      .filter(({ notebook }) => names.includes(notebook))
      .flatMap(({ content }) => content.sources.map(({ path }) => path));
    const isUsed = (record: string) => used.some((path) => path.includes(`records/${record}.`));
    const found = {
      notebooks: names,
      compared,
      failures: new Map([...thrown].map(([name, error]): [string, string] => [name, errorText(error)])),
      taken: taken.filter(({ record }) => isUsed(record)),
      uncommitted: reproduction.recordsIn(committed).filter((record) => !kept.has(record) && isUsed(record)),
      madeOn: reproduction.machinesOf(paths),
      here: readEnvironment(paths, study),
      figures: [...before.figures].flatMap(([id, { svg, notebook }]) => {
        const other = after.figures.get(id)?.svg;
        if (!names.includes(notebook) || other === undefined || other === svg) return [];
        return [{ id, committed: svg, again: other }];
      }),
    };
    const page = join(again.build, 'report.html');
    writeFileAtomic(page, report.reportHtml(found));
    console.log(report.reportText(found));
    console.log(`The whole report: ${shortPath(page)}`);
    process.exitCode = report.verdict(found);
  },
};
export default reproduce;
