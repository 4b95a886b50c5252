import { UserError } from '../../project/error.js';
import { type Command, wholeNumber } from '../command.js';

const rows: Command = {
  usage: 'rows BUILD [BUILD...]',
  summary:
    'load the rows of a build and say what they are like: answers, words, empty fields, keys\n\n' +
    'BUILD is DATASET/BUILD/SPLIT, such as scifact/rationales/train; a data set alone is its first build, each of its parts.\n' +
    'Of several, rows of one that share a key or a text with another are counted. Texts are shown with control characters escaped.',
  options: {
    show: { value: 'N', help: 'show the first N rows of each, with their texts' },
    json: { help: 'print all of it as JSON: a list, an object a build' },
  },
  async run(given) {
    const [
      { loadBuild, taskOf },
      { summaryOf, sharedWith },
      { rowText, sharedText, summaryText },
      { visible },
    ] = await Promise.all([
      import('../../datasets/builds.js'),
      import('../row-summary/summary.js'),
      import('../row-summary/summary-text.js'),
      import('../../project/visible.js'),
    ]);
    const builds = await named(given.names);
    const show = wholeNumber(given, 'show') ?? 0;
    const loaded = await Promise.all(
      builds.map(async (build) => ({ build, task: taskOf(build), rows: await loadBuild(build) })),
    );
    const told = loaded.map(({ build, task, rows: all }, at) => ({
      build,
      task,
      summary: summaryOf(all, task),
      shared: loaded
        .slice(0, at)
        .filter((other) => other.task.name === task.name)
        .map((other) => ({ with: other.build, ...sharedWith(other.rows, all, task) })),
      shown: all.slice(0, show),
    }));
    if (given.options['json']) {
      const json = told.map(({ build, task: { name: task, shape }, summary, shared, shown }) => ({
        ...{ build, task, shape, ...summary, shared },
        ...(show > 0 && { shown }),
      }));
      console.log(visible(JSON.stringify(json, null, 1), '\n'));
      return;
    }
    for (const { build, task, summary, shared, shown } of told) {
      console.log(summaryText(build, summary, task));
      for (const each of shared) console.log(sharedText(each.with, each));
      for (const row of shown) console.log(rowText(row, task));
    }
  },
};
export default rows;

/** The builds that are named, of a data set its first build. @throws UserError with the nearest where there is none. */
async function named(names: readonly string[]) {
  const [{ buildNames, buildsMeant }, { knownDatasets }, { alternatives }] = await Promise.all([
    import('../../datasets/builds.js'),
    import('../../datasets/catalogue.js'),
    import('../../project/nearest.js'),
  ]);
  const [known, datasets] = [buildNames(), knownDatasets()];
  if (names.length === 0)
    throw new UserError('rows of which build?', {
      hint: `For example: npx small-claims rows ${known[0]}; data sets are ${Object.keys(datasets).join(', ')}.`,
    });
  return names.flatMap((name) => {
    const [first] = Object.hasOwn(datasets, name) ? Object.keys(datasets[name]?.builds ?? {}) : [];
    const found = known.filter((build) => build === name || build.startsWith(`${name}/${first}/`));
    if (found.length > 0) return found;
    throw new UserError(`there is no build "${name}"`, {
      hint: name.includes('/') ? buildsMeant(name) : alternatives(name, Object.keys(datasets), 'data sets'),
    });
  });
}
