import { type BuildName, fileStem } from '../../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../../datasets/builds.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { openRecords, type Records, type SealedRecord } from '../../records/store.js';
import { labelsOf } from '../../tasks/task.js';
import { auditData } from '../data.js';
import { type Remainder, remainder } from './remainder.js';

/** What a build leaves of a shortcut: the one row of its record. */
export interface RepairRow {
  readonly id: 'remainder';
  readonly remainder: NamedRemainder;
}

/** Under the name of the build to learn from. */
type NamedRemainder = Remainder & { readonly name: BuildName };

/** Raised with every change to the code that changes what is left of a shortcut. */
const VERSION = 1;
const REPLICATES = 10_000;

/** A way to build a dataset, by the names of its parts. */
export interface BuiltRepair {
  readonly name: string;
  readonly train: BuildName;
  readonly test: BuildName;
}

/**
 * Builds ranked by what each leaves of a shortcut to `label` (`remainder`), the least first: each from the records, or
 * computed if its data can be had.
 *
 * @throws UserError if there is no such build, or neither a record nor the data.
 *
 * @example
 * const repairs = ['nei-random', 'nei-abstract'].map((name): BuiltRepair => {
 *   return { name, train: `scifact/${name}/train`, test: `scifact/${name}/dev` };
 * });
 * (await rankBuilds(repairs, 'NEI')).map(({ repair }) => repair.name); // -> ['nei-random', 'nei-abstract']
 */
export async function rankBuilds(
  repairs: readonly BuiltRepair[],
  label: string,
  paths: Paths = projectPaths(),
  records: Records = openRecords(paths),
): Promise<
  readonly {
    readonly repair: BuiltRepair;
    readonly left: NamedRemainder;
    readonly record: SealedRecord<RepairRow>;
  }[]
> {
  const found = [];
  for (const repair of repairs) {
    const record = await remainderOf(repair, label, paths, records);
    const [row] = record.rows;
    if (!row) throw new Error(`${record.path}: no result`);
    found.push({ repair, left: row.remainder, record });
  }
  return found.sort((a, b) => a.left.left - b.left.left);
}

function remainderOf(
  { train, test }: BuiltRepair,
  label: string,
  paths: Paths,
  records: Records,
): Promise<SealedRecord<RepairRow>> {
  return records.ensure<RepairRow>({
    header: {
      kind: 'repair',
      version: VERSION,
      label,
      replicates: REPLICATES,
      train: buildHeader(train, paths),
      test: buildHeader(test, paths),
    },
    name: `repairs/${label.toLowerCase()}/${fileStem(train)}--${fileStem(test)}`,
    async compute() {
      const data = auditData(await loadBuild(train, { paths }), await loadBuild(test, { paths }), {
        labels: labelsOf(taskOf(train, paths)),
      });
      // The name is the build's, so that equal headers give equal rows whatever a reader calls it.
      return [{ id: 'remainder', remainder: { name: train, ...remainder(data, label, REPLICATES) } }];
    },
  });
}
