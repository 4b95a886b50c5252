import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { type PairRow, pairRows } from '../../audit/pair.js';
import { buildNames, loadBuild } from '../../datasets/builds.js';
import { type Columns, columnsText, type GivenColumns } from '../../datasets/formats/columns.js';
import { TABLE_FORMATS } from '../../datasets/formats/table.js';
import { holdOut } from '../../datasets/holdout.js';
import { type PairOptions, readPairs } from '../../datasets/pairs.js';
import { UserError } from '../../project/error.js';
import { type Arguments, oneOf, positiveNumber, textOption } from '../command.js';

/** Rows to audit, under the name a report gives them. */
interface AuditSet {
  readonly name: string;
  readonly rows: readonly PairRow[];
}

/** Training and test rows, and what a reader should know of where they are from. */
export interface AuditSets {
  readonly train: AuditSet;
  readonly test: AuditSet;
  readonly notes: readonly string[];
}

const GROUPINGS = ['claim', 'row', 'evidence', 'both'] as const;

/**
 * The rows that a command line asks to audit: two files, one to be divided, or builds of the study.
 *
 * @throws UserError as `readPairs` and `holdOut`, and for labels or columns of the test that training has not.
 */
export async function auditSets(given: Arguments, seed: number): Promise<AuditSets> {
  const [train, ...others] = given.names;
  if (train === undefined || others.length > 0) {
    throw new UserError(train === undefined ? 'no file to audit is named' : 'more than one file is named', {
      hint: 'For example: small-claims audit train.csv --test test.csv --out report.html',
    });
  }
  const test = textOption(given, 'test');
  const options = pairOptions(given);
  const trained = await readSet(train, options);
  if (test === undefined) return divided(trained, given, seed);
  const columns = trained.columns
    ? { ...sharedColumns(trained.columns), ...options.columns }
    : options.columns;
  const tested = await readSet(test, { ...options, ...(columns && { columns }) });
  refuseUnlearnt(trained, tested, test, tested.columns?.label);
  return { ...toldApart(trained, tested), notes: [...trained.notes, ...tested.notes] };
}

/** Two files of one name, in two folders, name their rows alike; a report has to say which of them it means. */
function toldApart(train: AuditSet, test: AuditSet): { readonly train: AuditSet; readonly test: AuditSet } {
  const known = new Set(train.rows.map(({ id }) => id));
  if (!test.rows.some(({ id }) => known.has(id))) return { train, test };
  const marked = ({ name, rows }: AuditSet, part: string): AuditSet => ({
    name: `${name} (${part})`,
    rows: rows.map((row) => ({ ...row, id: `${part}:${row.id}` })),
  });
  return { train: marked(train, 'train'), test: marked(test, 'test') };
}

interface ReadSet extends AuditSet {
  readonly columns?: Columns;
  readonly notes: readonly string[];
}

async function readSet(name: string, options: PairOptions): Promise<ReadSet> {
  // Builds are of a project; a file may be audited outside any.
  if (extname(name) === '' && !existsSync(name)) {
    const known = buildNames();
    const build = known.find((each) => each === name);
    if (build) return { name, rows: pairRows(await loadBuild(build)), notes: [] };
    throw new UserError(`there is no file and no build "${name}"`, {
      hint: `The nearest build is ${closest(name, known)}; there are: ${known.join(', ')}.`,
    });
  }
  const { rows, columns, notes } = readPairs(name, options);
  return {
    name: basename(name),
    rows,
    columns,
    notes: [`${basename(name)}: ${columnsText(columns)}.`, ...notes],
  };
}

/** A test file is read as its training file was; rows are named by its own id column, if it has one. */
function sharedColumns({ claim, evidence, label }: Columns): GivenColumns {
  return { claim, evidence: evidence ?? null, label };
}

function divided({ name, rows, notes }: ReadSet, given: Arguments, seed: number): AuditSets {
  const group = oneOf(given, 'group', GROUPINGS) ?? 'claim';
  const testShare = positiveNumber(given, 'test-share') ?? 0.2;
  if (testShare >= 1) throw new UserError(`--test-share takes a number between 0 and 1, not "${testShare}"`);
  const linked = rows.map((row) => ({
    ...row,
    gold: row.label,
    keys: { claim: [row.claimId ?? row.id], evidence: row.documentIds ?? [] },
  }));
  const { train, test } = holdOut(linked, { group: group === 'both' ? 'all' : group, testShare, seed });
  const sets = {
    train: { name: `${name} (train)`, rows: train },
    test: { name: `${name} (test)`, rows: test },
  };
  refuseUnlearnt(sets.train, sets.test, name);
  return {
    ...sets,
    notes: [
      ...notes,
      `${name} was divided by ${group}: ${train.length.toLocaleString('en')} rows to train, ${test.length.toLocaleString('en')} to test.`,
    ],
  };
}

/** A label that training lacks cannot be learnt, and every score would count it as missed. */
function refuseUnlearnt(train: AuditSet, test: AuditSet, file: string, field = 'label'): void {
  const known = new Set(train.rows.map(({ label }) => label));
  const strange = test.rows.find(({ label }) => !known.has(label));
  if (!strange) return;
  throw new UserError(
    `row ${strange.id} has the label "${strange.label}", which no row of ${train.name} has`,
    {
      at: { file, field },
      hint: `Correct it, or remove the rows with it. Training has: ${[...known].sort().join(', ')}.`,
    },
  );
}

function pairOptions(given: Arguments): PairOptions {
  const named = {
    claim: textOption(given, 'claim'),
    evidence: given.options['no-evidence'] ? null : textOption(given, 'evidence'),
    label: textOption(given, 'label'),
    id: textOption(given, 'id'),
    claimId: textOption(given, 'claim-id'),
    document: textOption(given, 'document'),
  };
  const columns = Object.fromEntries(Object.entries(named).filter(([, name]) => name !== undefined));
  const format = oneOf(given, 'format', TABLE_FORMATS);
  return { columns, header: !given.options['no-header'], ...(format && { format }) };
}
