import { mkdirSync, writeFileSync } from 'node:fs';
import { loadBuild } from 'small-claims/datasets/builds';
import { sha256 } from 'small-claims/project/digest';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { layOut, temporaryFolder } from './fixture.js';

/** A data set of one's own: its task, what its entry says beyond the usual, and its files. */
export interface OwnData {
  readonly task: object;
  readonly entry: object;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** A project in a temporary folder whose one data set is `mine`, of the task `my-task`, in one split, `all`. */
export function ownProject({ task, entry, files }: OwnData): Paths {
  const paths = projectPaths(temporaryFolder('own'));
  mkdirSync(paths.data);
  const bytes = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [name, Buffer.from(content)]),
  );
  const mine = {
    title: 'My data',
    licence: 'mine',
    task: 'my-task',
    reader: 'table',
    splits: { all: Object.keys(files) },
    ...entry,
    files: Object.fromEntries(
      Object.entries(bytes).map(([name, content]) => [name, { sha256: sha256(content) }]),
    ),
  };
  // JSON is YAML; with line ends, errors have lines to name.
  writeFileSync(
    paths.tasksFile,
    JSON.stringify({ 'my-task': { title: 'My task', question: 'what', ...task } }),
  );
  writeFileSync(paths.datasetsFile, JSON.stringify({ mine }, null, 1));
  layOut(paths.raw, { mine: bytes });
  return paths;
}

/** The rows of a data set of one's own. */
export const loadOwn = (data: OwnData) => loadBuild('mine/rows/all', { paths: ownProject(data) });

/** A file of these lines. */
export const lines = (...all: readonly string[]) => `${all.join('\n')}\n`;

/** Tasks that several tests read tables of. */
export const TOPICS = {
  shape: 'some-of',
  labels: ['sleep', 'diet, drinks', 'pain'],
  fields: { text: {} },
  keys: { source: 'sourceIds' },
};
export const NAMES = { shape: 'spans', types: ['Drug', 'Dose'], fields: { text: {} } };
