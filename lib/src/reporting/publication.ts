import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import { projectPaths } from '../project/paths.js';

export type Kind = 'value' | 'table' | 'figure';

/** The name under which the paper finds something. */
export interface Publication {
  readonly kind: Kind;
  readonly id: string;
}

/** Something a published number, table or figure was made from; a sealed record is one. */
export interface Source {
  /** Relative to the project's root; an absolute path is made so when it is published. */
  readonly path: string;
  readonly sha256: string;
  /** Whether it was there already or has been computed in this run. Absent for a plain file, such as a study. */
  readonly origin?: 'replayed' | 'computed';
  /** When its content was first computed, as an ISO 8601 date. */
  readonly madeAt?: string;
  /** What it was computed on, in a few words. */
  readonly machine?: string;
}

/** What every published thing says of itself. */
export interface Provenance {
  readonly notebook: string;
  readonly sources: readonly Source[];
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

function requireId(kind: Kind, id: string): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) {
    throw new UserError(`"${id}" cannot name a ${kind}`, {
      hint: 'Use lower-case words and digits joined by hyphens, such as rule-accuracy.',
    });
  }
}

function stagingFolder(): { notebook: string; folder: string } | undefined {
  const { SMALL_CLAIMS_NOTEBOOK: notebook, SMALL_CLAIMS_OUT: folder } = process.env;
  return notebook && folder ? { notebook, folder } : undefined;
}

/** The fields of a source alone (a record carries its rows too), with no machine's own path. */
function portable({ path, sha256, origin, madeAt, machine }: Source): Source {
  return {
    path: (isAbsolute(path) ? relative(projectPaths().root, path) : path).replaceAll('\\', '/'),
    sha256,
    ...(origin && { origin }),
    ...(madeAt && { madeAt }),
    ...(machine && { machine }),
  };
}
