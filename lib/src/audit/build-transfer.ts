import type { BuildName } from '../datasets/build-name.js';
import { fileStem } from '../datasets/build-name.js';
import { buildHeader, loadBuild } from '../datasets/builds.js';
import { openRecords, type Records, type SealedRecord } from '../records/store.js';
import { LABELS } from '../tasks/example.js';
import type { Input } from './bag.js';
import { pairRows } from './pair.js';
import { matchedTransfer } from './transfer.js';

/** What one drawn set of training rows is worth. */
export interface TransferRow {
  readonly id: string;
  readonly macroF1: number;
  readonly accuracy: number;
}

/** Raised with every change to the code that changes a transfer's rows. */
const VERSION = 1;
const DRAWS = 5;

/**
 * What `size` rows of one build are worth on another (`matchedTransfer`), a row for each of five drawn sets: from the
 * records, or computed if their data can be had.
 *
 * @throws UserError if there is no such build, or neither a record nor the data, or `train` has fewer rows.
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
  records: Records = openRecords(),
): Promise<SealedRecord<TransferRow>> {
  return records.ensure<TransferRow>({
    header: {
      kind: 'transfer',
      version: VERSION,
      input,
      size,
      draws: DRAWS,
      train: buildHeader(train),
      test: buildHeader(test),
    },
    name: `transfers/${input}/${fileStem(train)}--${fileStem(test)}`,
    async compute() {
      const [from, to] = [pairRows(await loadBuild(train)), pairRows(await loadBuild(test))];
      const { draws } = matchedTransfer(input, from, to, { labels: LABELS, size, draws: DRAWS });
      return draws.map((draw, index) => ({ id: `draw:${index}`, ...draw }));
    },
  });
}
