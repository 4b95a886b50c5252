import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Paths, projectPaths } from 'small-claims/project/paths';
import { publishFigure } from 'small-claims/reporting/figure';
import { publishTable } from 'small-claims/reporting/table';
import { publishValue } from 'small-claims/reporting/value';

const here = projectPaths();
export const fixtures = join(here.root, 'lib', 'test', 'fixtures', 'paper');
export const snapshots = join(here.root, 'lib', 'test', 'paper', 'snapshots');

export const record = {
  path: 'data/records/runs/example.0123456789ab.jsonl.gz',
  sha256: '0'.repeat(64),
  origin: 'replayed',
  making: { madeAt: '2026-11-20T10:00:00.000Z', machine: { cpu: 'Example CPU', cores: 2 } },
} as const;

/** Runs `cells` as the runner would run a notebook, publishing into `paths`. */
export async function publishAs(
  paths: Paths,
  notebook: string,
  cells: () => void | Promise<void>,
): Promise<void> {
  mkdirSync(paths.notebooks, { recursive: true });
  writeFileSync(join(paths.notebooks, `${notebook}.ipynb`), '{}');
  process.env['SMALL_CLAIMS_NOTEBOOK'] = notebook;
  process.env['SMALL_CLAIMS_OUT'] = join(paths.published, notebook);
  try {
    await cells();
  } finally {
    delete process.env['SMALL_CLAIMS_NOTEBOOK'];
    delete process.env['SMALL_CLAIMS_OUT'];
  }
}

/** A project in a new folder: the fixture paper, the house style and what its two notebooks publish. */
export async function paperProject(): Promise<Paths> {
  const paths = projectPaths(mkdtempSync(join(tmpdir(), 'paper-')));
  mkdirSync(paths.paper, { recursive: true });
  cpSync(fixtures, paths.paper, { recursive: true });
  for (const style of ['style.css', 'style.typ']) cpSync(join(here.paper, style), join(paths.paper, style));

  await publishAs(paths, '04-artifact', async () => {
    publishValue({
      id: 'rule-accuracy',
      number: 0.7288888888888889,
      format: 'percent',
      description: 'accuracy of the rule',
      interval: { low: 0.6866, high: 0.7689, level: 0.95, method: 'percentile bootstrap', replicates: 2000 },
      n: 450,
      sources: [record],
    });
    await publishFigure({
      id: 'empty',
      caption: 'Evidence that is empty.',
      alt: 'Only NEI rows have <empty> evidence & no others.',
      spec: {
        data: {
          values: [
            { label: 'SUPPORT', share: 0 },
            { label: 'NEI', share: 1 },
          ],
        },
        mark: 'bar',
        encoding: { y: { field: 'label', title: null }, x: { field: 'share', type: 'quantitative' } },
      },
      sources: [record],
    });
  });
  await publishAs(paths, '02-in-domain', () => {
    publishValue({ id: 'model-accuracy', number: 0.51, format: 'percent', sources: [] });
    publishTable({
      id: 'scores',
      caption: 'Scores of <each> model.',
      columns: [
        { id: 'model', title: 'Model' },
        { id: 'f1', title: 'Macro-F1', format: 'percent' },
        { id: 'n', title: 'Rows', format: 'count' },
      ],
      rows: [
        ['Small & cheap', { number: 0.512, interval: { low: 0.47, high: 0.55 } }, 450],
        ['Rule #1', 0.593, 1823],
        ['Not run', null, null],
      ],
      notes: ['Intervals at <95 %>.'],
      sources: [record],
    });
  });
  writeFileSync(
    join(paths.published, '04-artifact', 'manifest.json'),
    JSON.stringify({ notebook: '04-artifact', published: [{ kind: 'value', id: 'rule-accuracy', cell: 3 }] }),
  );
  return paths;
}

/** The fixture paper's source, and the same with its body replaced. */
export const fixturePaper = readFileSync(join(fixtures, 'paper.md'), 'utf8');
export const fixtureBibliography = readFileSync(join(fixtures, 'references.bib'), 'utf8');

export function removeProject(paths: Paths): void {
  rmSync(paths.root, { recursive: true, force: true });
}
