import { type BuildName, fileStem } from '../../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../../datasets/builds.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { openRecords, type Records, type SealedRecord } from '../../records/store.js';
import { fieldsOf, labelsOf } from '../../tasks/task.js';
import { auditData, type Input } from '../data.js';
import { matchedTransfer, type Transfer } from '../measures/transfer.js';

/** What one drawn set of training rows is worth. */
export interface TransferRow extends Transfer {
  readonly id: string;
}

/** Raised with every change to the code that changes a transfer's rows. */
const VERSION = 1;
const DRAWS = 5;

/**
 * What `size` rows of one build are worth on another (`matchedTransfer`), a row for each of five drawn sets: from the
 * records, or computed if their data can be had.
 *
 * @throws UserError if there is no such build, or neither a record nor the data, or `train` has fewer rows.
 *
 * @example
 * const [train, test] = ['scifact/nei-random/train', 'healthver/rows/test'] as const;
 * const { rows } = await buildTransfer({ input: 'both', train, test, size: 919 });
 * rows[0].accuracy; // -> 0.3895
 */
export function buildTransfer(
  {
    input,
    train,
    test,
    size,
  }: {
    readonly input: Input;
    readonly train: BuildName;
    readonly test: BuildName;
    readonly size: number;
  },
  paths: Paths = projectPaths(),
  records: Records = openRecords(paths),
): Promise<SealedRecord<TransferRow>> {
  return records.ensure<TransferRow>({
    header: {
      kind: 'transfer',
      version: VERSION,
      input,
      size,
      draws: DRAWS,
      train: buildHeader(train, paths),
      test: buildHeader(test, paths),
    },
    name: `transfers/${input}/${fileStem(train)}--${fileStem(test)}`,
    async compute() {
      const task = taskOf(train, paths);
      const read = { fields: fieldsOf(task), labels: labelsOf(task) };
      const data = auditData(await loadBuild(train, { paths }), await loadBuild(test, { paths }), read);
      const drawn = matchedTransfer(input, data, { size, draws: DRAWS });
      return drawn.map((draw, index) => ({ id: `draw:${index}`, ...draw }));
    },
  });
}
