import { existsSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { writeFileAtomic } from '../../project/atomic.js';
import { filesUnder } from '../../project/folder.js';
import { withLock } from '../../project/lock.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import type { Command } from '../command.js';
import { shortPath } from '../notebook/notebook.js';
import { paperNotebooks } from '../notebook/paper-notebooks.js';
import {
  codeFingerprint,
  difference,
  type Fingerprint,
  fingerprint,
  isFingerprint,
  readState,
} from '../staleness/fingerprint.js';
import { RUN_OPTIONS, runNotebooks, showPlan } from './run.js';

const paper: Command = {
  usage: 'paper',
  summary: 'run the notebooks that are not up to date, then render the paper (HTML and PDF)',
  options: RUN_OPTIONS,
  async run(given) {
    const paths = projectPaths();
    if (given.options['dry-run']) {
      const awaited = await showPlan([], given);
      const reason = renderReason(paths);
      const why = reason ?? (awaited ? 'what the notebooks publish may change' : undefined);
      console.log(why === undefined ? 'paper: up to date' : `paper: would be rendered (${why})`);
      return;
    }
    await runNotebooks([], given, paths);
    await withLock(
      join(paths.build, 'locks', 'paper'),
      () => renderIfStale(paths),
      (pid) => console.error(`paper: waiting for process ${pid}, which is rendering it`),
    );
  },
};
export default paper;

/** What the paper was rendered from, what came out, and what its writer should know; kept in build/paper.json. */
interface PaperState {
  readonly ingredients: Fingerprint;
  readonly outputs: Fingerprint;
  readonly warnings: readonly string[];
}

/** What paper/render.ts reads in paper/: anything else there, as an editor's swap file, is no reason to render. */
const SOURCES = [
  'paper/paper.md',
  'paper/references.bib',
  'paper/style.css',
  'paper/style.typ',
  'data/quoted.yaml',
];
const OUTPUTS = ['paper/paper.html', 'paper/paper.pdf'];

async function renderIfStale(paths: Paths): Promise<void> {
  forgetFormerNotebooks(paths);
  const now = ingredients(paths);
  const before = readState(stateFile(paths), isPaperState);
  const reason = renderReason(paths, before, now);
  if (before && reason === undefined) return report(paths, before.warnings, 'up to date');

  console.error(`paper: rendering (${reason})`);
  const [{ renderPaper }, { problemText }] = await Promise.all([
    import('../../paper/render.js'),
    import('../../paper/problem.js'),
  ]);
  const { warnings } = await renderPaper({ paths });
  await writeEnvironment(paths);
  const state: PaperState = {
    ingredients: now,
    outputs: fingerprint(paths.root, made(paths)),
    warnings: warnings.map(problemText),
  };
  writeFileAtomic(stateFile(paths), `${JSON.stringify(state, null, 2)}\n`);
  report(paths, state.warnings, 'done');
}

/** Beside the paper, not in it: the paper is the same on every machine. A project without a study has none. */
async function writeEnvironment(paths: Paths): Promise<void> {
  if (!existsSync(paths.studies)) return;
  const { readEnvironment } = await import('../reproduction/environment.js');
  const environment = readEnvironment(paths, process.env['STUDY'] || 'small');
  writeFileAtomic(join(paths.build, 'environment.json'), `${JSON.stringify(environment, null, 2)}\n`);
}

/** All that a rendering makes: what is damaged or gone of it is made again. */
function made(paths: Paths): readonly string[] {
  const pages = filesUnder(paths.executed).filter((file) => file.endsWith('.html'));
  const files = [
    ...filesUnder(paths.tables).map((file) => join(paths.tables, file)),
    ...pages.map((file) => join(paths.executed, file)),
    join(paths.build, 'environment.json'),
    paths.crate,
  ];
  const there = files.filter((file) => existsSync(file)).map((file) => relative(paths.root, file));
  return [...OUTPUTS, ...there.map((file) => file.split(sep).join('/'))];
}

const stateFile = ({ build }: Paths) => join(build, 'paper.json');

/** Why the paper has to be rendered, in words; undefined if it is up to date. */
function renderReason(
  paths: Paths,
  before: PaperState | undefined = readState(stateFile(paths), isPaperState),
  now: Fingerprint = ingredients(paths),
): string | undefined {
  if (before)
    return (
      difference(before.ingredients, now) ??
      difference(before.outputs, fingerprint(paths.root, Object.keys(before.outputs)))
    );
  return existsSync(stateFile(paths))
    ? 'what is known of the last rendering is not complete'
    : 'it has not been rendered yet';
}

function report(paths: Paths, warnings: readonly string[], what: string): void {
  for (const warning of warnings) console.error(warning);
  const files = OUTPUTS.map((file) => shortPath(join(paths.root, file)));
  console.error(`paper: ${what}: ${files.join(', ')}`);
}

function ingredients(paths: Paths): Fingerprint {
  const published = filesUnder(paths.published).map((file) => `build/published/${file}`);
  // NAME.failed.ipynb is what a notebook showed before it failed, and no part of the paper.
  const executed = filesUnder(paths.executed).filter((file) => /(?<!\.failed)\.ipynb$/.test(file));
  const files = [
    'package-lock.json',
    ...SOURCES,
    ...published,
    ...executed.map((file) => `build/notebooks/${file}`),
  ];
  return { ...fingerprint(paths.root, files), ...codeFingerprint(['pipeline']) };
}

/** What a notebook published that has since been renamed or deleted, or that the paper does not name, is no part of it. */
function forgetFormerNotebooks(paths: Paths): void {
  const { named: names } = paperNotebooks(paths);
  const former = new Set(filesUnder(paths.published).map((file) => file.split('/', 1)[0] ?? ''));
  for (const name of former) {
    if (!names.includes(name)) rmSync(join(paths.published, name), { recursive: true, force: true });
  }
}

function isPaperState(value: object): value is PaperState {
  return (
    'ingredients' in value &&
    isFingerprint(value.ingredients) &&
    'outputs' in value &&
    isFingerprint(value.outputs) &&
    'warnings' in value &&
    Array.isArray(value.warnings) &&
    value.warnings.every((warning) => typeof warning === 'string')
  );
}
