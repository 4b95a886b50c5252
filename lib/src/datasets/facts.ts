import { sha256 } from '../project/digest.js';
import { normalised } from '../project/normalise.js';
import { type Paths, projectPaths } from '../project/paths.js';
import type { Json } from '../records/header.js';
import { openRecords, type Records, type SealedRecord } from '../records/store.js';
import { byWords } from '../tasks/measure-ids.js';
import { type Row, type RowFacts, textOf } from '../tasks/row.js';
import { shapeOf } from '../tasks/shape-of.js';
import { fieldsOf, type Task } from '../tasks/task.js';
import { type BuildName, fileStem } from './build-name.js';
import { buildHeader, loadBuild, taskOf } from './builds.js';
import { lexicalOverlap } from './content.js';
import { normaliseSpace } from './text.js';

/** What is known of a row without its text: facts that may be kept and published. */
export interface FactsRow extends RowFacts {
  /** By field: words between white space, 0 where it is empty. */
  readonly words: Readonly<Record<string, number>>;
  /** By field: equal for texts equal but for case, white space and compatibility forms of characters; empty where it is empty. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Share of the first field's content words that occur in the second, 0..1, to four decimals; 0 without a second. */
  readonly overlap: number;
}

/** Facts as a record holds them: flat, with names of the task (`label`, `claimId`, `claimWords`, `claimHash`, ...). */
type StoredFacts = { readonly id: string; readonly [field: string]: Json };

/** Raised with every change to `factsOf`, or to what it calls, that changes a row. */
const VERSION = 1;

/**
 * What is known of the rows of a build without their texts, gold answers, keys, word counts and hashes, in its order:
 * from the records, or computed if its data can be had.
 *
 * @param load where its rows come from; default: its release.
 * @throws UserError if there is no such build, or neither a record nor the data.
 *
 * @example
 * const { rows } = await buildFacts('scifact/rationales/dev');
 * rows.length; // -> 450
 * rows.filter(({ words }) => words['evidence'] === 0).length; // -> 112
 */
export async function buildFacts(
  name: BuildName,
  paths: Paths = projectPaths(),
  load: () => Promise<readonly Row[]> = () => loadBuild(name, { paths }),
): Promise<SealedRecord<FactsRow>> {
  const task = taskOf(name, paths);
  const sealed = await openRecords(paths).ensure<StoredFacts>({
    header: factsHeader(name, paths),
    name: factsName(name),
    compute: async () => (await load()).map((row) => stored(factsOf(row, task), task)),
  });
  return { ...sealed, rows: sealed.rows.map((row) => factsIn(row, task)) };
}

/** The facts of a build, if they have been recorded. */
export function recordedFacts(
  name: BuildName,
  paths: Paths = projectPaths(),
  records: Records = openRecords(paths),
): SealedRecord<FactsRow> | undefined {
  const task = taskOf(name, paths);
  const found = records.find<StoredFacts>(factsHeader(name, paths), factsName(name));
  return found && { ...found, rows: found.rows.map((row) => factsIn(row, task)) };
}

/** What determines the facts of a build. */
export const factsHeader = (name: BuildName, paths: Paths = projectPaths()) => ({
  kind: 'facts' as const,
  version: VERSION,
  of: buildHeader(name, paths),
  ...(byWords(taskOf(name, paths)) && { words: 'between white space' }),
});

/** Their record's name, for people. */
export const factsName = (name: BuildName) => `facts/${fileStem(name)}`;

/**
 * The facts of a row of a task: all but its texts, and of these the word counts, hashes and overlap, as rules and leaks
 * are found by. Of a task that is measured by words its details have their places in the first field.
 *
 * @example
 * const texts = { question: 'Does zinc shorten colds?', context: 'Colds were shorter with zinc.' };
 * const task = findTask('biomedical-question-answering');
 * const { words, overlap } = factsOf({ id: '1', gold: 'yes', keys: {}, texts }, task);
 * [words, overlap]; // -> [{ question: 4, context: 5 }, 0.6667]
 */
export function factsOf(row: Row, task: Task): FactsRow {
  const { texts: _, ...facts } = row;
  const fields = fieldsOf(task);
  const of = <Value>(measure: (text: string) => Value) =>
    Object.fromEntries(fields.map((field) => [field, measure(textOf(row, field))]));
  const [first = '', second] = fields;
  const overlap = second === undefined ? 0 : lexicalOverlap(textOf(row, first), textOf(row, second));
  const words = byWords(task) && { details: { ...facts.details, words: wordPlaces(textOf(row, first)) } };
  return {
    ...facts,
    ...words,
    words: of(countWords),
    hashes: of(textHash),
    overlap: Number(overlap.toFixed(4)),
  };
}

function stored({ id, gold, keys, details, words, hashes, overlap }: FactsRow, task: Task): StoredFacts {
  const { stored: name } = shapeOf(task);
  const of = <Value>(values: Readonly<Record<string, Value>>, ending: string) =>
    Object.fromEntries(
      fieldsOf(task).map((field): [string, Value | null] => [`${field}${ending}`, values[field] ?? null]),
    );
  return {
    id,
    ...(name && { [name]: json(gold) }),
    ...Object.fromEntries(
      Object.entries(task.keys).map(([key, called]) => {
        const values = keys[key] ?? [];
        return [called, called.endsWith('Ids') ? values : (values[0] ?? '')];
      }),
    ),
    ...details,
    ...of(words, 'Words'),
    ...of(hashes, 'Hash'),
    ...(fieldsOf(task).length > 1 && { overlap }),
  };
}

function factsIn(row: StoredFacts, task: Task): FactsRow {
  const shape = shapeOf(task);
  const fields = fieldsOf(task);
  const called = new Set([
    ...['id', shape.stored, 'overlap', ...Object.values(task.keys)],
    ...fields.flatMap((field) => [`${field}Words`, `${field}Hash`]),
  ]);
  const details = Object.entries(row).flatMap(([name, value]): [string, readonly number[]][] =>
    !called.has(name) && Array.isArray(value) && value.every((each) => typeof each === 'number')
      ? [[name, value]]
      : [],
  );
  return {
    id: row.id,
    gold: shape.stored ? shape.gold(row[shape.stored]) : '',
    keys: Object.fromEntries(
      Object.entries(task.keys).map(([key, name]) => [
        key,
        [row[name] ?? []].flat().map(String).filter(Boolean),
      ]),
    ),
    ...(details.length > 0 && { details: Object.fromEntries(details) }),
    words: Object.fromEntries(fields.map((field) => [field, Number(row[`${field}Words`] ?? 0)])),
    hashes: Object.fromEntries(fields.map((field) => [field, String(row[`${field}Hash`] ?? '')])),
    overlap: Number(row['overlap'] ?? 0),
  };
}

/** A gold answer as JSON. */
const json = (gold: FactsRow['gold']): Json =>
  typeof gold === 'object' ? gold.map((each) => (typeof each === 'string' ? each : { ...each })) : gold;

/** Where the words of a text begin and end, one after the other. */
const wordPlaces = (text: string): readonly number[] =>
  [...text.matchAll(/\S+/g)].flatMap(({ index, 0: word }) => [index, index + word.length]);

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** 48 bits of SHA-256: among ten thousand texts the chance of one false match is 1 in 5 million. */
function textHash(text: string): string {
  const normal = normaliseSpace(normalised(text, 'NFKC').toLowerCase());
  return normal === '' ? '' : sha256(normal).slice(0, 12);
}
