import { type BuildName, fileStem } from '../../datasets/build-name.js';
import { buildHeader, loadBuild } from '../../datasets/builds.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { openRecords, type Records, type SealedRecord } from '../../records/store.js';
import { audit } from '../audit.js';
import type { AuditResult } from '../result.js';

/** The one row of an audit's record. */
export interface AuditRow {
  readonly id: 'audit';
  readonly result: AuditResult;
}

/** Raised with every change to the code that changes an audit's result. */
const VERSION = 6;
const REPLICATES = 10_000;
const PERMUTATIONS = 999;

/**
 * The audit of two builds: from the records, or computed if their data can be had.
 *
 * @param parts `keys`: those of the rows whose sharing is checked too. Default none.
 * @throws UserError if there is no such build, or neither a record nor the data.
 *
 * @example
 * const { result } = await buildAudit({ train: 'scifact/rationales/train', test: 'scifact/rationales/dev' });
 * result.verdict; // -> 'leaks'
 */
export async function buildAudit(
  {
    train,
    test,
    keys = [],
  }: { readonly train: BuildName; readonly test: BuildName; readonly keys?: readonly string[] },
  paths: Paths = projectPaths(),
  records: Records = openRecords(paths),
): Promise<SealedRecord<AuditRow> & { readonly result: AuditResult }> {
  const sealed = await records.ensure<AuditRow>({
    header: {
      kind: 'audit',
      version: VERSION,
      replicates: REPLICATES,
      permutations: PERMUTATIONS,
      train: buildHeader(train, paths),
      test: buildHeader(test, paths),
      ...(keys.length > 0 && { keys }),
    },
    name: `audits/${fileStem(train)}--${fileStem(test)}`,
    async compute() {
      const result = await audit(await loadBuild(train, { paths }), await loadBuild(test, { paths }), {
        names: { train, test },
        keys,
        replicates: REPLICATES,
        permutations: PERMUTATIONS,
      });
      return [{ id: 'audit', result }];
    },
  });
  const [row] = sealed.rows;
  if (!row) throw new Error(`${sealed.path}: no result`);
  return { ...sealed, result: row.result };
}
