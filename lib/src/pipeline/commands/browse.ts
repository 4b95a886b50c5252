import { UserError } from '../../project/error.js';
import type { Study } from '../../study/study.js';
import type { System, TestSet } from '../../study/systems/system.js';
import { type Command, positiveInteger } from '../command.js';
import { shortPath } from '../notebook/notebook.js';

const DEFAULT_PORT = 4322;

const browse: Command = {
  usage: 'browse [TEXT...]',
  summary:
    'look through the rows of the study’s test sets in a browser: texts, gold and what every system answers\n\n' +
    'TEXT is a test set (healthver/rows/test), or a part of the names of runs (smollm2, 8-shot): those with all of them.\n' +
    'A page a test set is written into build/browse, which git ignores, and served to this machine alone. Nothing is scored.',
  options: {
    port: { value: 'N', help: `where a browser finds it (default: ${DEFAULT_PORT})` },
    'no-serve': { help: 'write the pages and end; they open from their files as well' },
  },
  async run(given) {
    const [{ openStudy }, { studyRows }, { writePage }, { servePages }] = await Promise.all([
      import('../../study/study.js'),
      import('../../study/browsed.js'),
      import('../../row-browser/page-file.js'),
      import('../../row-browser/server.js'),
    ]);
    const study = openStudy();
    const { sets, keep } = await wanted(study, given.names);
    const pages = [];
    for (const { test } of sets) {
      const browsed = await studyRows(study, test, keep);
      const page = writePage(browsed, study.paths);
      console.log(
        `${shortPath(page.path)}: ${browsed.rows.length} rows, ${browsed.systems.length} systems and floors`,
      );
      for (const note of browsed.notes ?? []) console.error(`  ${note}`);
      pages.push(page);
    }
    await study.close();
    if (given.options['no-serve']) return;
    const { addresses } = await servePages(pages, positiveInteger(given, 'port', 65_535) ?? DEFAULT_PORT);
    for (const address of addresses) console.error(`browse: open ${address}`);
    console.error('browse: Ctrl-C ends it; the files stay');
    await new Promise<never>((_, reject) => {
      // Keeps the process alive, which the server does not.
      setInterval(() => {}, 2 ** 30);
      process.once('uncaughtException', reject);
    });
  },
};
export default browse;

/**
 * The test sets that have runs whose names hold all the texts, and which systems these are of.
 *
 * @throws UserError where there is none.
 */
async function wanted({ tests, systems }: Pick<Study, 'tests' | 'systems'>, texts: readonly string[]) {
  const { systemName } = await import('../../study/browsed.js');
  const { alternatives } = await import('../../project/nearest.js');
  const parts = texts.map(partOfName);
  const namesOf = (system: System, set: TestSet) =>
    [set.test, set.title, systemName(system), ...system.records(set).map(({ name }) => name)]
      .join('\n')
      .toLowerCase();
  const keep = (system: System, set: TestSet) => {
    const names = namesOf(system, set);
    return parts.every((part) => names.includes(part));
  };
  const sets = tests.filter((set) => systems.some((system) => keep(system, set)));
  if (sets.length > 0) return { sets, keep };
  const known = [...tests.map(({ test }) => test), ...new Set(systems.map(({ model }) => model.id))];
  const stray = parts.find(
    (part) => !tests.some((set) => systems.some((system) => namesOf(system, set).includes(part))),
  );
  throw new UserError(
    stray === undefined
      ? `no run of the study has all of ${texts.join(', ')} in its name`
      : `no run of the study has "${stray}" in its name`,
    { hint: alternatives(stray ?? texts.join(' '), known, 'names are such as') },
  );
}

/** A record's file may be named as well, as it lies in data/records. */
const partOfName = (text: string) =>
  text
    .replace(/^.*data\/records\//, '')
    .replace(/(?:\.[0-9a-f]{12})?\.jsonl\.gz$/, '')
    .toLowerCase();
