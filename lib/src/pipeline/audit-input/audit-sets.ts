import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { LEAST_GROUPS } from '../../audit/data.js';
import { divide } from '../../audit/division.js';
import { buildNames, buildsMeant, loadBuild, taskOf } from '../../datasets/builds.js';
import { type Columns, columnsText, type GivenColumns } from '../../datasets/formats/columns.js';
import { TABLE_FORMATS } from '../../datasets/formats/table.js';
import { groupsOf, linkedByText } from '../../datasets/group.js';
import { UserError } from '../../project/error.js';
import type { Row } from '../../tasks/row.js';
import { fieldsOf } from '../../tasks/task.js';
import { type Arguments, oneOf, positiveNumber, textOption } from '../command.js';
import { FILE_FIELDS, FILE_KEYS, type FileOptions, readFileRows } from './file-rows.js';

/** Rows to audit, under the name a report gives them. */
interface AuditSet {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** Training and test rows, and what a reader should know of where they are from. */
export interface AuditSets {
  readonly train: AuditSet;
  readonly test: AuditSet;
  /** The texts of both. */
  readonly fields: readonly string[];
  /** What rows of both may share: the keys of a task, or those that files have columns of. */
  readonly keys: readonly string[];
  /** Whether both are parts of one file or build. */
  readonly divided: boolean;
  readonly notes: readonly string[];
}

/**
 * The rows that a command line asks to audit: two files or builds, or one to be divided.
 *
 * @throws UserError as `readFileRows` and `divide`, and for labels, columns or texts of the test that training has not.
 */
export async function auditSets(given: Arguments, seed: number): Promise<AuditSets> {
  const [train, ...others] = given.names;
  if (train === undefined || others.length > 0) {
    throw new UserError(train === undefined ? 'no file to audit is named' : 'more than one file is named', {
      hint: 'For example: npx small-claims audit train.csv --test test.csv --out report.html',
    });
  }
  const test = textOption(given, 'test');
  const options = fileOptions(given);
  if (Object.keys(options.columns ?? {}).length > 0 && [train, test ?? train].every(isBuild))
    throw new UserError(`columns are of files, and ${train} is none`, {
      hint: 'There is no such file; of a data set, data/datasets.yaml says which column is what.',
    });
  const trained = await readSet(train, options);
  const own = testColumns(given);
  const [strange] = Object.keys(own);
  if (test === undefined && strange !== undefined)
    throw new UserError(`--test-${strange} is of the file of --test, and there is none`);
  if (test === undefined) return divided(trained, given, seed);
  const tested = await readTest(test, trained, options, own);
  const { fields } = trained;
  const lacking = fields.find((field) => !tested.fields.includes(field));
  if (lacking !== undefined) {
    throw new UserError(`rows of ${tested.name} have no ${lacking}`, {
      hint: `They have ${tested.fields.join(', ')}; those of ${trained.name} have ${fields.join(', ')}.`,
    });
  }
  refuseUnlearnt(trained, tested, test, tested.columns?.label);
  const keys = trained.keys.filter((key) => tested.keys.includes(key));
  const unused = ['test-share', 'group'].filter((option) => given.options[option] !== undefined);
  const notes = unused.map((option) => `--${option} says how a file is divided; with --test none is.`);
  return {
    ...toldApart(trained, tested),
    divided: false,
    fields,
    keys,
    notes: [...trained.notes, ...tested.notes, ...notes],
  };
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
  readonly fields: readonly string[];
  readonly keys: readonly string[];
  readonly columns?: Columns;
  /** Of a file: whether its first line names its columns. */
  readonly header?: boolean;
  readonly notes: readonly string[];
}

async function readSet(name: string, options: FileOptions): Promise<ReadSet> {
  // Builds are of a project; a file may be audited outside any.
  if (isBuild(name)) return readBuild(name);
  const { rows, columns, header, notes } = readFileRows(name, options);
  return {
    name: basename(name),
    rows,
    fields: FILE_FIELDS,
    keys: FILE_KEYS.filter(([, role]) => columns[role] !== undefined).map(([key]) => key),
    columns,
    header,
    notes: [`${basename(name)}: ${columnsText(columns)}.`, ...notes],
  };
}

const isBuild = (name: string) => extname(name) === '' && !existsSync(name);

async function readBuild(name: string): Promise<ReadSet> {
  const known = buildNames();
  const build = known.find((each) => each === name);
  if (!build) {
    throw new UserError(`there is no file and no build "${name}"`, {
      hint: buildsMeant(name),
    });
  }
  const task = taskOf(build);
  if (task.shape === 'spans' || task.shape === 'text') {
    throw new UserError(`the answers of ${build} are ${task.shape}: they have no label that could be told`, {
      hint: `An audit takes rows of one label each, of sets of labels (with --target), or of numbers. What these share is told by: npx small-claims rows ${besides(build, known)}`,
    });
  }
  return {
    name,
    rows: await loadBuild(build),
    fields: fieldsOf(task),
    keys: Object.keys(task.keys),
    notes: [],
  };
}

/** A build and the other parts of it. */
function besides(build: string, known: readonly string[]): string {
  const of = build.slice(0, build.lastIndexOf('/') + 1);
  return known.filter((other) => other.startsWith(of)).join(' ');
}

/** The columns of a test file that are called otherwise than those of its training file. */
const TEST_ROLES = ['claim', 'evidence', 'label'] as const;

const testColumns = (given: Arguments): GivenColumns =>
  Object.fromEntries(
    TEST_ROLES.flatMap((role): [string, string][] => {
      const name = textOption(given, `test-${role}`);
      return name === undefined ? [] : [[role, name]];
    }),
  );

/** A test file is read as its training file was, but for columns of its own; rows are named by its own id column, if it has one. */
function readTest(test: string, trained: ReadSet, options: FileOptions, own: GivenColumns): Promise<ReadSet> {
  const { columns, header } = trained;
  const told = { ...options.columns, ...own };
  if (!columns) return readSet(test, { ...options, columns: told });
  const { claim, evidence, label } = columns;
  const shared = { claim, evidence: evidence ?? null, label };
  const alike = TEST_ROLES.filter((role) => own[role] === undefined);
  return readSet(test, {
    ...options,
    header,
    columns: { ...told, ...shared, ...own },
    alike: {
      file: trained.name,
      roles: alike,
      labels: new Set(trained.rows.map(({ gold }) => String(gold))),
    },
  });
}

function divided({ name, rows, fields, keys, notes }: ReadSet, given: Arguments, seed: number): AuditSets {
  const testShare = positiveNumber(given, 'test-share') ?? 0.2;
  if (testShare >= 1) throw new UserError(`--test-share takes a number between 0 and 1, not "${testShare}"`);
  const asked = textOption(given, 'group');
  const target = textOption(given, 'target');
  const {
    train,
    test,
    group,
    notes: told,
  } = divide(rows, {
    ...{ fields, testShare, seed },
    ...(asked !== undefined && { group: asked === 'both' ? 'all' : asked }),
    ...(target !== undefined && { target }),
  });
  const sets = {
    train: { name: `${name} (train)`, rows: train },
    test: { name: `${name} (test)`, rows: test },
  };
  refuseUnlearnt(sets.train, sets.test, name);
  const groups = groupsOf(linkedByText(test, fields), 'all').length;
  const few =
    groups < LEAST_GROUPS
      ? [
          `The test has ${groups} ${groups === 1 ? 'group' : 'groups'} of rows that share nothing, and below ${LEAST_GROUPS} nothing can be tested: hold out more with --test-share, or give test rows of your own with --test.`,
        ]
      : [];
  return {
    ...sets,
    fields,
    keys,
    divided: true,
    notes: [
      ...notes,
      ...told,
      `${name} was divided by ${group === 'all' ? `all that rows share (${[...new Set([...fields, ...keys])].join(', ')})` : group}: ${train.length.toLocaleString('en')} rows to train, ${test.length.toLocaleString('en')} to test.`,
      ...few,
    ],
  };
}

/** A label that training lacks cannot be learnt, and every score would count it as missed. */
function refuseUnlearnt(train: AuditSet, test: AuditSet, file: string, field = 'label'): void {
  const known = new Set(train.rows.map(({ gold }) => gold));
  const strange = test.rows.find(({ gold }) => typeof gold === 'string' && !known.has(gold));
  if (!strange) return;
  throw new UserError(
    `row ${strange.id} has the label "${String(strange.gold)}", which no row of ${train.name} has`,
    {
      at: { file, field },
      hint: `Correct it, or remove the rows with it. Training has: ${[...known].sort().join(', ')}.`,
    },
  );
}

function fileOptions(given: Arguments): FileOptions {
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
  return {
    columns,
    ...(given.options['no-header'] === true && { header: false }),
    ...(format && { format }),
  };
}
