import { UserError } from '../../project/error.js';
import { isObject } from '../../project/json.js';
import { nearest } from '../../project/nearest.js';
import { shortened } from '../label-forms.js';
import { cellsAt, cellText, type Table } from './cells.js';
import { LABEL_ENDING, labelLike, pairedNames, wordyColumns } from './column-content.js';
import { nameOfSeveral } from './delimited.js';

/** What a column can be to the audit. */
const ROLES = ['claim', 'evidence', 'label', 'id', 'claimId', 'document'] as const;
export type Role = (typeof ROLES)[number];

/** The column that plays each role. A claim and a label are needed; evidence is absent where rows have one text. */
export interface Columns extends Readonly<Partial<Record<Role, string>>> {
  readonly claim: string;
  readonly label: string;
}

/** Columns, and what a reader should know of how they were found. */
export interface FoundColumns {
  readonly columns: Columns;
  readonly notes: readonly string[];
}

/** The columns as a user names them; null for a role that none is to have. */
export type GivenColumns = Readonly<Partial<Record<Role, string | null>>>;

/**
 * Names that published datasets give these columns, most telling first; case, spaces, hyphens and underscores do not
 * count. Of pairs of sentences, the second is taken as the claim, as hypotheses are in SNLI and its kin.
 */
const NAMES: Readonly<Record<Role, readonly string[]>> = {
  claim: [
    'claim',
    'claimtext',
    'hypothesis',
    'statement',
    'sentence2',
    'sent2',
    'text2',
    'textb',
    'question2',
    'question',
    'query',
    'text',
    'sentence',
    'content',
    'input',
  ],
  evidence: [
    'evidence',
    'evidencetext',
    'evidences',
    'premise',
    'context',
    'contexts',
    'passage',
    'abstract',
    'sentence1',
    'sent1',
    'text1',
    'texta',
    'question1',
    'document',
    'sentence',
    'body',
  ],
  label: [
    'label',
    'goldlabel',
    'verdict',
    'finaldecision',
    'class',
    'stance',
    'relation',
    'target',
    'category',
    'veracity',
    'answer',
    'labels',
  ],
  id: ['id', 'rowid', 'pairid', 'exampleid', 'uid', 'guid', 'index', 'idx', '#'],
  claimId: ['claimid'],
  document: ['documentid', 'docid', 'abstractid', 'pmid', 'pubmedid'],
};

/**
 * Finds the columns by name; those of `given` are taken as told. A label is also found by how one name alone ends, or as
 * the one column of few short values; a claim as the one column that is left with texts, a pair as the two. What no name
 * tells is told in the notes.
 *
 * @throws UserError naming the file and the columns it has where a claim or label cannot be told, or one given is not
 *   there or has two roles.
 */
export function findColumns(table: Table, given: GivenColumns = {}): FoundColumns {
  const taken = new Set<string>();
  const found: Partial<Record<Role, string>> = {};
  const take = (role: Role, name: string) => {
    taken.add(name);
    found[role] = name;
  };
  for (const role of ROLES) {
    const name = given[role];
    if (name === undefined || name === null) continue;
    if (!cellsAt(table, name)) throw missing(table, role, name);
    if (taken.has(name))
      throw new UserError(`the column "${name}" is given two roles`, { at: { file: table.file } });
    take(role, name);
  }
  const byKey = new Map(table.columns.map((column) => [keyOf(nameOfSeveral(column) ?? column), column]));
  for (const role of ROLES) {
    if (given[role] !== undefined) continue;
    const name = NAMES[role].flatMap((known) => byKey.get(known) ?? []).find((column) => !taken.has(column));
    if (name === undefined) continue;
    const twice = nameOfSeveral(name);
    if (twice !== undefined)
      throw new UserError('a column given twice', {
        at: { file: table.file, line: 1, field: twice },
        hint: `Say which is meant, as in --${ROLE_OPTIONS[role]} "${name}".`,
      });
    take(role, name);
  }
  const notes: string[] = [];
  const free = (columns: readonly string[]) => columns.filter((column) => !taken.has(column));
  if (found.label === undefined) {
    const [ending, ...endings] = free(table.columns.filter((column) => LABEL_ENDING.test(column)));
    const [only, ...others] = free(labelLike(table));
    if (ending !== undefined && endings.length === 0) take('label', ending);
    else if (ending === undefined && only !== undefined && others.length === 0) {
      take('label', only);
      notes.push(
        `${table.file}: the label is taken from "${shortened(only)}", which alone has few short values; if it is another, say --label COLUMN`,
      );
    }
  }
  if (found.claim === undefined) {
    const texts = free(wordyColumns(table));
    const [only, second, ...others] = texts;
    const pair =
      given.evidence === undefined && found.evidence === undefined ? pairedNames(texts) : undefined;
    const two =
      pair ??
      (only !== undefined && second !== undefined && others.length === 0 ? [only, second] : undefined);
    if (only !== undefined && second === undefined) take('claim', only);
    else if (two !== undefined && given.evidence === undefined && found.evidence === undefined) {
      take('evidence', two[0]);
      take('claim', two[1]);
      notes.push(
        `${table.file}: of two texts, "${shortened(two[1])}" is taken for the claim and "${shortened(two[0])}" for the evidence, in their order; if it is the other way round, say --claim ${JSON.stringify(shortened(two[0]))} --evidence ${JSON.stringify(shortened(two[1]))}`,
      );
    } else if (only === undefined && found.evidence !== undefined && given.evidence === undefined) {
      // One text alone, whose name says what it is read for elsewhere.
      found.claim = found.evidence;
      delete found.evidence;
    }
  }
  const { claim, label } = found;
  if (claim === undefined) throw missing(table, 'claim');
  if (label === undefined) throw missing(table, 'label');
  for (const role of ['claim', 'evidence'] as const) {
    const inside = given[role] === undefined && textInside(table, found[role]);
    if (!inside) continue;
    found[role] = inside;
    notes.push(
      `${table.file}: the ${role} is taken from "${shortened(inside)}", the one text of its objects`,
    );
  }
  return { columns: { ...found, claim: found.claim ?? claim, label }, notes };
}

/** What holds the one text inside the objects of a column, as a column by its path. */
function textInside(table: Table, name: string | undefined): string | undefined {
  const at = table.columns.indexOf(name ?? '');
  const objects = table.rows
    .flatMap(({ values }) => values[at])
    .filter((value): value is Readonly<Record<string, unknown>> => isObject(value));
  if (name === undefined || objects.length < table.rows.length) return undefined;
  const columns = [...new Set(objects.flatMap((value) => Object.keys(value)))];
  const rows = objects.map((value) => ({
    line: 0,
    cells: columns.map((key) => cellText(value[key])),
    values: [],
  }));
  const texts = wordyColumns({
    columns,
    rows: rows.filter(({ cells }) => cells.some(Boolean)),
  }).filter((key) => objects.every((value) => typeof value[key] === 'string'));
  const [only, ...others] = texts;
  return only !== undefined && others.length === 0 ? `${name}.${only}` : undefined;
}

/** The columns that published datasets would give a role, most telling first. */
export const columnsLike = (columns: readonly string[], role: Role): readonly string[] =>
  NAMES[role].flatMap((known) => columns.filter((column) => keyOf(column) === known));

/** `claim: column "claim"; evidence: column "evidence"; ...`: what was chosen, for the reader. */
export function columnsText(columns: Columns): string {
  return ROLES.flatMap((role) => {
    const name = columns[role];
    if (name !== undefined) return [`${ROLE_OPTIONS[role]} from "${name}"`];
    return role === 'evidence' ? ['no evidence (rows have one text)'] : [];
  }).join(', ');
}

/** The option that names the column of each role. */
export const ROLE_OPTIONS: Readonly<Record<Role, string>> = {
  claim: 'claim',
  evidence: 'evidence',
  label: 'label',
  id: 'id',
  claimId: 'claim-id',
  document: 'document',
};

const keyOf = (column: string) => column.toLowerCase().replace(/[\s_-]/g, '');

function missing(table: Table, role: Role, name?: string): UserError {
  const { file, columns } = table;
  const shown = columns.map(shortened);
  const known = `The file has: ${shown.join(', ')}.`;
  if (name !== undefined) {
    const near = nearest(name, columns);
    return new UserError(`no column is called "${name}"`, {
      at: { file, field: `--${ROLE_OPTIONS[role]}` },
      hint: [near !== undefined && `Did you mean "${near}"?`, known].filter(Boolean).join(' '),
    });
  }
  const separator = columns.length === 1 && [',', ';', '\t', '|'].find((mark) => columns[0]?.includes(mark));
  return new UserError(`which column holds the ${ROLE_OPTIONS[role]} cannot be told from the names`, {
    at: { file },
    hint:
      (separator
        ? `There is one column, whose name holds ${JSON.stringify(separator)}: if that parts cells, add --format ${separator === '\t' ? 'tsv' : 'csv'}.\n  `
        : '') +
      `Name it with --${ROLE_OPTIONS[role]} COLUMN${likelyText(table, role)}. ${known}\n` +
      (table.headless
        ? '  Its first line is taken for a row: columns are named by number.'
        : '  If that is no header but the first row, add --no-header and name columns by number: --claim 1 --label 3.'),
  });
}

/** Columns that may be the one that cannot be told. */
function likelyText(table: Table, role: Role): string {
  const few = labelLike(table);
  const likely =
    role === 'label'
      ? table.columns.filter((column) => LABEL_ENDING.test(column) || few.includes(column))
      : wordyColumns(table);
  return likely.length > 1 && likely.length < 8 ? `, perhaps ${likely.map(shortened).join(' or ')}` : '';
}
