import { UserError } from '../../project/error.js';
import { nearest } from '../../project/nearest.js';
import { shortened } from '../label-forms.js';
import { cellsAt, type Table } from './cells.js';
import { nameOfSeveral } from './delimited.js';

/** What a column can be to the audit. */
const ROLES = ['claim', 'evidence', 'label', 'id', 'claimId', 'document'] as const;
export type Role = (typeof ROLES)[number];

/** The column that plays each role. A claim and a label are needed; evidence is absent where rows have one text. */
export interface Columns extends Readonly<Partial<Record<Role, string>>> {
  readonly claim: string;
  readonly label: string;
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
 * Finds the columns by name; those of `given` are taken as told. A label is also found by how one name alone ends, and a
 * claim as the one column that is left with texts.
 *
 * @throws UserError naming the file and the columns it has where a claim or label cannot be told, or one given is not
 *   there or has two roles.
 */
export function findColumns(table: Table, given: GivenColumns = {}): Columns {
  const taken = new Set<string>();
  const found: Partial<Record<Role, string>> = {};
  for (const role of ROLES) {
    const name = given[role];
    if (name === undefined || name === null) continue;
    if (!cellsAt(table, name)) throw missing(table, role, name);
    if (taken.has(name))
      throw new UserError(`the column "${name}" is given two roles`, { at: { file: table.file } });
    taken.add(name);
    found[role] = name;
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
    taken.add(name);
    found[role] = name;
  }
  const free = (columns: readonly string[]) => columns.filter((column) => !taken.has(column));
  if (found.label === undefined) {
    const [only, ...others] = free(table.columns.filter((column) => LABEL_ENDING.test(column)));
    if (only !== undefined && others.length === 0) found.label = only;
    if (found.label !== undefined) taken.add(found.label);
  }
  if (found.claim === undefined) {
    const [only, ...others] = free(wordyColumns(table));
    if (only !== undefined && others.length === 0) found.claim = only;
  }
  const { claim, label } = found;
  if (claim === undefined) throw missing(table, 'claim');
  if (label === undefined) throw missing(table, 'label');
  return { ...found, claim, label };
}

/** The columns whose cells have more than four words on average: texts. */
export const wordyColumns = ({ columns, rows }: Table): readonly string[] =>
  columns.filter((_, at) => {
    const words = rows.reduce((sum, { cells }) => sum + (cells[at]?.split(' ').length ?? 0), 0);
    return words > 4 * rows.length;
  });

/** How a column's name may end that holds a label. */
const LABEL_ENDING = /(?:label|class|category|verdict)$/i;

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
      '  If that is no header but the first row, add --no-header and name columns by number: --claim 1 --label 3.',
  });
}

/** Columns that may be the one that cannot be told. */
function likelyText(table: Table, role: Role): string {
  const likely =
    role === 'label' ? table.columns.filter((column) => LABEL_ENDING.test(column)) : wordyColumns(table);
  return likely.length > 1 && likely.length < 8 ? `, perhaps ${likely.map(shortened).join(' or ')}` : '';
}
