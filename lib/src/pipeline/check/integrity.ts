import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { adapterIds, findAdapter } from '../../models/adapters.js';
import { sha256 } from '../../project/digest.js';
import { filesUnder } from '../../project/folder.js';
import { MISSING } from '../../project/ledger.js';
import type { Paths } from '../../project/paths.js';
import { readSeals } from '../../records/seals.js';
import { paperNotebooks } from '../notebook/paper-notebooks.js';
import { differences, fileHash, fingerprint } from '../staleness/fingerprint.js';
import { readRenderedState } from '../staleness/rendering.js';
import { executedFile, outputsOf, readRunState } from '../staleness/staleness.js';

/** What a check of files against what they were when made has found. */
export interface Integrity {
  /** What was checked and found whole, in words. */
  readonly whole: readonly string[];
  /** Each thing that is not what was made, named. */
  readonly altered: readonly string[];
  /** What could not be checked, and why. */
  readonly skipped: readonly string[];
}

/**
 * Compares all that was made with what it was when it was made: records with their seals, adapters with their
 * manifests, what notebooks published with their run, figures with what was published, the paper's outputs with their
 * rendering. Needs no model and no data.
 */
export function checkIntegrity(paths: Paths): Integrity {
  return merge([
    checkRecords(paths),
    checkAdapters(paths),
    checkPublished(paths),
    checkFigures(paths),
    checkPaper(paths),
  ]);
}

function checkRecords(paths: Paths): Integrity {
  const seals = readSeals(paths);
  const files = filesUnder(paths.records).filter((file) => /\.(jsonl\.gz|making\.json)$/.test(file));
  const altered = files.flatMap((file) => {
    const sealed = seals.get(file);
    if (sealed === undefined) return [`data/records/${file} has no line in data/records/SHA256SUMS`];
    return sealed === sha256(readFileSync(join(paths.records, file)))
      ? []
      : [`data/records/${file} has been changed since it was sealed`];
  });
  const gone = [...seals.keys()].filter((file) => !files.includes(file));
  return {
    whole: [`${files.length - altered.length} files of records are as they were sealed`],
    altered,
    skipped: gone.map((file) => `data/records/${file} is not there`),
  };
}

function checkAdapters(paths: Paths): Integrity {
  return merge(
    adapterIds(paths).map((id) => {
      const { file, sha256: hash, training } = findAdapter(id, paths);
      const files = Object.entries({ [file]: hash, ...training?.files }).map(([name, expected]) => ({
        name: `data/adapters/${id}/${name}`,
        expected,
        found: fileHash(join(paths.adapters, id, name)),
      }));
      const altered = files.filter(({ expected, found }) => found !== MISSING && found !== expected);
      return {
        whole: altered.length === 0 ? [`the adapter ${id} is as its manifest has it`] : [],
        altered: altered.map(({ name }) => `${name} is not what the adapter’s manifest has`),
        skipped: files.filter(({ found }) => found === MISSING).map(({ name }) => `${name} is not there`),
      };
    }),
  );
}

function checkPublished(paths: Paths): Integrity {
  return merge(
    paperNotebooks(paths).named.map((name) => {
      const folder = join(paths.published, name);
      const state = readRunState(folder);
      if (!state) return none(`what ${name} publishes: it has not run here (make ${name})`);
      const now = outputsOf(name, executedFile({ name }, paths), folder);
      const altered = differences(state.outputs, now).map((file) => describe(name, file, paths));
      return {
        whole: altered.length === 0 ? [`what ${name} published is as it was`] : [],
        altered,
        skipped: [],
      };
    }),
  );
}

/** Names a value with its present number: that is what a reader has seen. */
function describe(notebook: string, file: string, { root }: Paths): string {
  const path = join(root, file);
  const [, kind, id] = /\/(value|table|figure)s\/([^/]+)\.\w+$/.exec(file) ?? [];
  if (!existsSync(path)) return `${file}, which ${notebook} made, is gone`;
  const what = kind === undefined ? file : `the ${kind} "${id}" (${file})`;
  const [, number] = (kind === 'value' && /"number": ([^,\n]+)/.exec(readFileSync(path, 'utf8'))) || [];
  return `${what} is not what ${notebook} made${number === undefined ? '' : `: it says ${number} now`}`;
}

function checkFigures(paths: Paths): Integrity {
  const published = new Map(
    paperNotebooks(paths).named.flatMap((name) =>
      filesUnder(join(paths.published, name, 'figures'))
        .filter((file) => file.endsWith('.svg'))
        .map((file): [string, string] => [file, join(paths.published, name, 'figures', file)]),
    ),
  );
  if (published.size === 0) return none('figures/: no notebook has run here (make paper)');
  const drawn = [...published].filter(
    ([file, path]) => fileHash(path) !== fileHash(join(paths.figures, file)),
  );
  const altered = drawn.map(([file]) => `figures/${file} is not what the notebook drew`);
  const others = filesUnder(paths.figures).filter((file) => file.endsWith('.svg') && !published.has(file));
  return {
    whole: altered.length === 0 ? ['figures/ is what the notebooks drew'] : [],
    altered,
    skipped: others.map((file) => `figures/${file}: no notebook run here draws it`),
  };
}

function checkPaper(paths: Paths): Integrity {
  const state = readRenderedState(paths);
  if (!state) return none('the paper: it has not been rendered here (make paper)');
  const outputs = differences(state.outputs, fingerprint(paths.root, Object.keys(state.outputs)));
  const text = Object.keys(state.ingredients).filter((file) => file.startsWith('paper/'));
  const before = Object.fromEntries(text.map((file) => [file, state.ingredients[file] ?? MISSING]));
  const sources = differences(before, fingerprint(paths.root, text));
  const altered = [
    ...outputs.map((file) => `${file} is not what was rendered`),
    ...sources.map(
      (file) =>
        `${file} has changed since ${Object.keys(state.outputs)
          .filter((output) => output.startsWith('paper/'))
          .map((each) => basename(each))
          .join(' and ')} were rendered from it`,
    ),
  ];
  return { whole: altered.length === 0 ? ['the paper is as it was rendered'] : [], altered, skipped: [] };
}

const none = (what: string): Integrity => ({ whole: [], altered: [], skipped: [what] });

const merge = (parts: readonly Integrity[]): Integrity => ({
  whole: parts.flatMap(({ whole }) => whole),
  altered: parts.flatMap(({ altered }) => altered),
  skipped: parts.flatMap(({ skipped }) => skipped),
});
