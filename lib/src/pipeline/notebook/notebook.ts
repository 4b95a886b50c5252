import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { UserError } from '../../project/error.js';
import { readText } from '../../project/input-file.js';
import { isObject, isTooDeep, type JsonObject } from '../../project/json.js';
import { alternatives } from '../../project/nearest.js';
import { projectPaths } from '../../project/paths.js';

/** A cell as the pipeline reads it; `raw` is the cell of the file with all its fields. */
export interface Cell {
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  /** For a code cell that is run, being neither blank nor tagged `skip-execution`: its place among these, from 1. */
  readonly number: number | undefined;
  /** Of a code cell tagged `raises-exception`: an error is shown, and the run goes on. */
  readonly mayFail: boolean;
  readonly raw: JsonObject;
}

/** A notebook of nbformat 4 (https://nbformat.readthedocs.io/en/latest/format_description.html). */
export interface Notebook {
  /** The file's name without `.ipynb`, by which it is run: `04-artifact`. */
  readonly name: string;
  readonly path: string;
  readonly cells: readonly Cell[];
  readonly raw: JsonObject;
}

/** The notebooks of the project by name, in order. */
export function notebookNames(folder: string = projectPaths().notebooks): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ipynb'))
    .map((file) => basename(file, '.ipynb'))
    .sort();
}

const RESAVE = 'Open and save the notebook in a current JupyterLab.';

/**
 * Reads a notebook.
 *
 * @throws UserError naming the file, and the line or field, when it cannot be read or is no TypeScript notebook of nbformat 4.
 */
export function readNotebook(path: string): Notebook {
  const file = shortPath(path);
  const raw = readJson(path, file);
  const flaw = (field: string, message: string, hint?: string) =>
    new UserError(message, { at: { file, field }, ...(hint && { hint }) });
  if (!isObject(raw)) throw new UserError('not a notebook: expected a JSON object', { at: { file } });
  if (isTooDeep(raw)) throw new UserError('not a notebook: it is nested too deeply', { at: { file } });
  if (raw['nbformat'] !== 4) {
    throw flaw('nbformat', `expected 4, found ${shown(raw['nbformat'])}`, RESAVE);
  }
  const kernel = isObject(raw['metadata']) ? raw['metadata']['kernelspec'] : undefined;
  if (isObject(kernel) && kernel['name'] !== 'tslab') {
    throw flaw(
      'metadata.kernelspec.name',
      `expected "tslab", found ${shown(kernel['name'])}`,
      'Choose the TypeScript kernel in JupyterLab (make lab) and save.',
    );
  }
  if (!isObject(raw['metadata'])) throw flaw('metadata', 'expected an object', RESAVE);
  if (!Array.isArray(raw['cells'])) throw flaw('cells', 'expected a list of cells');
  let number = 0;
  const ids = new Map<string, string>();
  const cells = raw['cells'].map((cell: unknown, index): Cell => {
    const field = `cells[${index}]`;
    if (!isObject(cell)) throw flaw(field, 'expected an object');
    const type = cell['cell_type'];
    if (type !== 'code' && type !== 'markdown' && type !== 'raw') {
      throw flaw(`${field}.cell_type`, `expected code, markdown or raw, found ${shown(type)}`);
    }
    const source = sourceText(cell['source']);
    if (source === undefined) throw flaw(`${field}.source`, 'expected text, or a list of lines of text');
    if (type === 'code' && !Array.isArray(cell['outputs']))
      throw flaw(`${field}.outputs`, 'expected a list of outputs');
    const { id } = cell;
    const twin = typeof id === 'string' ? ids.get(id) : undefined;
    if (twin !== undefined) throw flaw(`${field}.id`, `${shown(id)} is the id of ${twin} too`, RESAVE);
    if (typeof id === 'string') ids.set(id, field);
    const tags = tagsOf(cell);
    if (!tags) throw flaw(`${field}.metadata.tags`, 'expected a list of texts');
    const runs = type === 'code' && source.trim() !== '' && !tags.includes(SKIPPED);
    return { type, source, number: runs ? ++number : undefined, mayFail: tags.includes(MAY_FAIL), raw: cell };
  });
  return { name: basename(path, '.ipynb'), path, cells, raw };
}

/** What nbclient, Quarto and MyST heed too: https://nbclient.readthedocs.io/en/latest/client.html */
const [SKIPPED, MAY_FAIL] = ['skip-execution', 'raises-exception'];

/** The tags of a cell; undefined where they are no list of texts. */
function tagsOf({ metadata }: JsonObject): readonly string[] | undefined {
  const tags = isObject(metadata) ? (metadata['tags'] ?? []) : [];
  return Array.isArray(tags) && tags.every((tag) => typeof tag === 'string') ? tags : undefined;
}

/** A value of JSON as an error quotes it. */
const shown = (value: unknown) => (JSON.stringify(value) ?? 'nothing').slice(0, 100);

function readJson(path: string, file: string): unknown {
  if (!existsSync(path)) throw new UserError('no such notebook', { at: { file } });
  const text = readText(path, file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const conflict = /^(<{7}|={7}|>{7})/m.exec(text);
    const position = conflict?.index ?? /position (\d+)/.exec(message)?.[1];
    throw new UserError(`not valid JSON: ${message.replaceAll('\n', ' ')}`, {
      at: { file, ...(position !== undefined && { line: lineAt(text, Number(position)) }) },
      ...(conflict && { hint: 'It holds marks of a merge conflict.' }),
      cause,
    });
  }
}

const lineAt = (text: string, position: number) => text.slice(0, position).split('\n').length;

function sourceText(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  return Array.isArray(source) && source.every((line) => typeof line === 'string')
    ? source.join('')
    : undefined;
}

/** A path relative to the working directory, as a terminal can open it. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

/** The cells, by their number, that hold an output or an execution count, which are not to be committed. */
export function cellsWithOutputs(notebook: Notebook): readonly number[] {
  const dirty = ({ raw }: Cell) =>
    raw['execution_count'] != null || (Array.isArray(raw['outputs']) && raw['outputs'].length > 0);
  const code = notebook.cells.filter((cell) => cell.type === 'code');
  return code.flatMap((cell, index) => (dirty(cell) ? [cell.number ?? index + 1] : []));
}

/** The notebook's file without outputs, execution counts and run times, in the form that Jupyter itself writes. */
export function strippedText(notebook: Notebook): string {
  const cells = notebook.cells.map(({ raw }) => (raw['cell_type'] === 'code' ? stripCell(raw) : raw));
  const { metadata } = notebook.raw;
  const named = isObject(metadata) && isObject(metadata['language_info']);
  const plain = named ? { metadata: { ...metadata, language_info: LANGUAGE } } : {};
  return notebookText({ ...notebook.raw, ...plain, cells });
}

/** Without the colours of an editor and a version, which differ from one program to the next. */
const LANGUAGE = { file_extension: '.ts', mimetype: 'text/typescript', name: 'typescript' };

function stripCell(cell: JsonObject): JsonObject {
  const metadata = Object.entries(isObject(cell['metadata']) ? cell['metadata'] : {});
  const kept = metadata.filter(([field]) => field !== 'execution');
  return { ...cell, metadata: Object.fromEntries(kept), outputs: [], execution_count: null };
}

/** What a code cell gave, in the form of nbformat. */
export interface CellResult {
  readonly executionCount: number;
  readonly outputs: readonly JsonObject[];
}

/** The notebook's file with the outputs of the cells that ran, by cell number. */
export function executedText(notebook: Notebook, results: ReadonlyMap<number, CellResult>): string {
  const cells = notebook.cells.map((cell) => {
    if (cell.type !== 'code') return cell.raw;
    const result = cell.number === undefined ? undefined : results.get(cell.number);
    const stripped = stripCell(cell.raw);
    return result
      ? { ...stripped, outputs: result.outputs, execution_count: result.executionCount }
      : stripped;
  });
  return notebookText({ ...notebook.raw, cells });
}

/** The notebook with other sources of the code cells numbered. */
export function withSources(notebook: Notebook, sources: ReadonlyMap<number, string>): Notebook {
  const cells = notebook.cells.map((cell): Cell => {
    const source = cell.number === undefined ? undefined : sources.get(cell.number);
    return source === undefined ? cell : { ...cell, source, raw: { ...cell.raw, source } };
  });
  return { ...notebook, cells };
}

/** JSON as nbformat writes it: keys sorted, indented by one, sources as lists of lines, a newline at the end. */
function notebookText(raw: JsonObject): string {
  const text = JSON.stringify(
    raw,
    (key, value: unknown) => {
      if (key === 'source' && typeof value === 'string') return lines(value);
      if (!isObject(value)) return value;
      return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
    1,
  );
  return `${text}\n`;
}

const lines = (text: string) => text.split(/(?<=\n)/).filter((line) => line !== '');

/** The path of the notebook `name`; a name with a path or `.ipynb` is taken too. */
export function notebookPath(name: string, folder: string = projectPaths().notebooks): string {
  const known = notebookNames(folder);
  const wanted = basename(name, '.ipynb');
  if (!known.includes(wanted)) {
    throw new UserError(`no notebook is called "${name}"`, {
      hint: alternatives(wanted, known, 'notebooks'),
    });
  }
  return join(folder, `${wanted}.ipynb`);
}
