import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import { projectPaths } from '../project/paths.js';
import type { RecordHeader } from '../records/header.js';
import type { Machine } from '../records/machine.js';

export type Kind = 'value' | 'table' | 'figure';

/** The name under which the paper finds something. */
export interface Publication {
  readonly kind: Kind;
  readonly id: string;
}

/** What a published number, table or figure was made from: a sealed record as it is, or a file read. */
export interface Source {
  /** Absolute, or relative to the project's root. */
  readonly path: string;
  readonly sha256: string;
  /** Of a record: whether it was there already or has been computed in this run. */
  readonly origin?: 'replayed' | 'computed';
  /** Of a record: when and on what it was first computed. */
  readonly making?: { readonly madeAt: string; readonly machine: Pick<Machine, 'cpu' | 'cores'> };
  /** Of a record: what determines its content. */
  readonly header?: RecordHeader;
  readonly rows?: readonly unknown[];
}

/** A source as it is written down with what was made from it. */
export interface PublishedSource {
  /** Relative to the project's root. */
  readonly path: string;
  readonly sha256: string;
  readonly origin?: 'replayed' | 'computed';
  /** ISO 8601, UTC. */
  readonly madeAt?: string;
  /** Its processor, in a few words. */
  readonly machine?: string;
  /** Of a record: model, data, prompt and the like, with their hashes. */
  readonly header?: RecordHeader;
  /** How many rows a record has. */
  readonly rows?: number;
}

/** What every published thing says of itself. */
export interface Provenance {
  readonly notebook: string;
  readonly sources: readonly PublishedSource[];
}

/**
 * Publishes files under a name, if a runner is executing this notebook; by hand in JupyterLab nothing is written.
 * `files` maps a file ending (".json") to its content, given the provenance.
 *
 * Throws UserError for an id that is not kebab-case or that this run of the notebook has published already.
 */
export function publish(
  { kind, id }: Publication,
  sources: readonly Source[],
  files: (provenance: Provenance) => Readonly<Record<string, string>>,
): void {
  requireId(kind, id);
  const staging = stagingFolder();
  if (!staging) return;
  const folder = join(staging.folder, `${kind}s`);
  if (existsSync(join(folder, `${id}.json`))) {
    throw new UserError(`this notebook publishes the ${kind} "${id}" twice`, {
      at: { file: `notebooks/${staging.notebook}.ipynb` },
      hint: 'Give each its own id: the paper could not tell them apart.',
    });
  }
  const content = files({ notebook: staging.notebook, sources: sources.map(portable) });
  for (const [ending, text] of Object.entries(content)) writeFileAtomic(join(folder, `${id}${ending}`), text);
}

/** Indented JSON with a last newline, as every published file is written. */
export function publishedJson(content: object): string {
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Whether something can be published under this name: kebab-case, so that it is safe in a path and in HTML. */
export function isId(id: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id);
}

/**
 * Words as an id to publish by, kebab-case; what is undefined is left out.
 *
 * @example
 * toId('HealthVer', '8-shot', undefined); // -> 'healthver-8-shot'
 */
export function toId(...words: readonly (string | undefined)[]): string {
  return words
    .join(' ')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function requireId(kind: Kind, id: string): void {
  if (!isId(id)) {
    throw new UserError(`"${id}" cannot name a ${kind}`, {
      hint: 'Use lower-case words and digits joined by hyphens, such as rule-accuracy.',
    });
  }
}

function stagingFolder(): { notebook: string; folder: string } | undefined {
  const { SMALL_CLAIMS_NOTEBOOK: notebook, SMALL_CLAIMS_OUT: folder } = process.env;
  return notebook && folder ? { notebook, folder } : undefined;
}

/** The fields of a source alone (of a record's rows their number), with no path of this machine. */
function portable({ path, sha256, origin, making, header, rows }: Source): PublishedSource {
  const { madeAt, machine } = making ?? {};
  return {
    path: (isAbsolute(path) ? relative(projectPaths().root, path) : path).replaceAll('\\', '/'),
    sha256,
    ...(origin && { origin }),
    ...(madeAt && { madeAt }),
    ...(machine && { machine: `${machine.cpu}, ${machine.cores} cores` }),
    ...(header && { header }),
    ...(rows && { rows: rows.length }),
  };
}
