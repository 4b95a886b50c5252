import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../project/error.js';
import { isObject, type JsonObject } from '../project/json.js';
import type { Paths } from '../project/paths.js';
import type { PublishedFigure } from '../reporting/figure.js';
import type { Kind, Provenance } from '../reporting/publication.js';
import type { PublishedTable } from '../reporting/table.js';
import type { PublishedValue } from '../reporting/value.js';
import { refuseActive } from './svg.js';

/** A published thing and where it came from. */
export interface Found<Content> {
  readonly content: Content;
  readonly notebook: string;
  /** Position of the cell in the notebook, where the runner has said so. */
  readonly cell: number | undefined;
}

export type FoundValue = Found<PublishedValue>;
export type FoundTable = Found<PublishedTable>;
export type FoundFigure = Found<PublishedFigure> & { readonly svg: string };

/** Everything the notebooks have published, by id. */
export interface Published {
  readonly values: ReadonlyMap<string, FoundValue>;
  readonly tables: ReadonlyMap<string, FoundTable>;
  readonly figures: ReadonlyMap<string, FoundFigure>;
}

/**
 * Reads what the notebooks have published: a folder a notebook, in it values/, tables/ and figures/. What a notebook
 * left that is there no more is not read.
 * Throws UserError for a file that is not of this form, for a figure that could run code or fetch anything, and for an id that two notebooks publish.
 */
export function readPublished({
  published: folder,
  notebooks,
}: Pick<Paths, 'published' | 'notebooks'>): Published {
  const published = {
    values: new Map<string, FoundValue>(),
    tables: new Map<string, FoundTable>(),
    figures: new Map<string, FoundFigure>(),
  };
  for (const notebook of names(folder)) {
    if (!existsSync(join(notebooks, `${notebook}.ipynb`))) continue;
    const at = join(folder, notebook);
    const cells = readCells(at);
    const each = <Content extends Provenance>(kind: Kind, isContent: (json: unknown) => json is Content) =>
      names(join(at, `${kind}s`))
        .filter((name) => name.endsWith('.json'))
        .map((name) => {
          const id = name.slice(0, -'.json'.length);
          const file = join(at, `${kind}s`, name);
          const content = readJson(file);
          if (!isContent(content)) throw malformed(file);
          return { id, content, notebook, cell: cells.get(`${kind} ${id}`), file };
        });
    for (const { id, file, ...value } of each('value', isValue)) add(published.values, id, value, file);
    for (const { id, file, ...table } of each('table', isTable)) add(published.tables, id, table, file);
    for (const { id, file, ...figure } of each('figure', isFigure)) {
      const svg = readText(file.replace(/\.json$/, '.svg'));
      refuseActive(svg, id, { file: `notebooks/${notebook}.ipynb` });
      add(published.figures, id, { ...figure, svg }, file);
    }
  }
  return published;
}

function add<Content extends { notebook: string }>(
  all: Map<string, Content>,
  id: string,
  content: Content,
  file: string,
): void {
  const other = all.get(id);
  if (other) {
    throw new UserError(`"${id}" is published by ${other.notebook} and by ${content.notebook}`, {
      at: { file },
      hint: 'Ids are unique across notebooks: rename one.',
    });
  }
  all.set(id, content);
}

/** Names in a folder, in an order that is the same everywhere; none if there is no such folder. */
function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function readText(file: string): string {
  if (!existsSync(file)) throw malformed(file);
  return readFileSync(file, 'utf8');
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readText(file));
  } catch (cause) {
    throw cause instanceof UserError ? cause : malformed(file, cause);
  }
}

const malformed = (file: string, cause?: unknown) =>
  new UserError('is missing or not what a notebook publishes', {
    at: { file },
    hint: 'Delete build/published and run `make paper` again.',
    cause,
  });

/** The cell that published each thing, "value rule-accuracy" -> 7, from the runner's manifest. */
function readCells(folder: string): Map<string, number> {
  const file = join(folder, 'manifest.json');
  const manifest = existsSync(file) ? readJson(file) : undefined;
  const published: readonly unknown[] =
    isObject(manifest) && Array.isArray(manifest['published']) ? manifest['published'] : [];
  return new Map(
    published.flatMap((entry) =>
      isObject(entry) && typeof entry['cell'] === 'number'
        ? [[`${String(entry['kind'])} ${String(entry['id'])}`, entry['cell']] as const]
        : [],
    ),
  );
}

const isProvenance = (json: unknown): json is Provenance & JsonObject =>
  isObject(json) && typeof json['notebook'] === 'string' && Array.isArray(json['sources']);

const isValue = (json: unknown): json is PublishedValue =>
  isProvenance(json) && typeof json['number'] === 'number' && typeof json['display'] === 'string';

const isTable = (json: unknown): json is PublishedTable =>
  isProvenance(json) && Array.isArray(json['columns']) && Array.isArray(json['rows']);

const isFigure = (json: unknown): json is PublishedFigure =>
  isProvenance(json) && typeof json['caption'] === 'string' && typeof json['alt'] === 'string';
