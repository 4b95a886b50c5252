import { join } from 'node:path';
import { execa } from 'execa';
import { auditData } from 'small-claims/audit/data';
import { guesses, scoreGuesses } from 'small-claims/audit/measures/partial-inputs';
import { readRelease } from 'small-claims/datasets/release';
import { readFileRows } from 'small-claims/pipeline/audit-input/file-rows';
import { writeFileAtomic } from 'small-claims/project/atomic';
import { projectPaths } from 'small-claims/project/paths';
import { renderFigure } from 'small-claims/reporting/figure';
import { z } from 'zod';
import type { Benchmark, Comparison, Finding, Measure, Skipped } from './benchmark.js';
import { timed } from './measuring.js';
import { benchPython, NO_PYTHON } from './python.js';

const REPLICATES = 10_000;
const SIZES = [1000, 10_000, 100_000] as const;
const peerResult = z.object({ seconds: z.number() });
const scaled = z.object({ seconds: z.number(), megabytes: z.number() });

const benchmark: Benchmark = {
  title: 'Audit: partial-input baselines with intervals, and growth with the rows',
  async *steps() {
    yield await baselines();
    yield* growth();
  },
};
export default benchmark;

/** The same three classifiers and the bootstrap of their scores; ours draws linked rows whole, and memory baselines too. */
async function baselines(): Promise<Comparison | Skipped> {
  const python = benchPython();
  const what = 'HealthVer dev to test, three classifiers and 10,000 bootstrap replicates';
  if (!python) return { kind: 'skipped', what, why: NO_PYTHON };
  const [train, test] = await Promise.all(
    ['healthver_dev.csv', 'healthver_test.csv'].map(
      async (file) => (await readRelease('healthver', file)).path,
    ),
  );
  if (!train || !test) throw new Error('a release has no path');
  const data = auditData(readFileRows(train).rows, readFileRows(test).rows);
  const script = join(projectPaths().root, 'lib', 'bench', 'audit_peer.py');
  return {
    kind: 'comparison',
    title: what,
    unit: 'runs',
    rounds: 3,
    ours: {
      name: 'Small Claims',
      run: () => timed(1, () => scoreGuesses(data, guesses(data), { replicates: REPLICATES })),
    },
    peers: [
      {
        name: 'scikit-learn and NumPy',
        async run(): Promise<Measure> {
          const { stdout } = await execa(python, [script, train, test, String(REPLICATES)]);
          return { units: 1, seconds: peerResult.parse(JSON.parse(stdout)).seconds };
        },
      },
    ],
    targets: { 'scikit-learn and NumPy': 1 },
    note: 'Ours also scores two lookups and the majority, each apart on rows seen and unseen, and 999 permutations.',
  };
}

/** Time and memory of a whole audit of invented rows, each in a process of its own; draws build/bench-audit-growth.svg. */
async function* growth(): AsyncGenerator<Finding> {
  const script = join(projectPaths().build, 'bench', 'audit-rows.js');
  const points: { readonly rows: number; readonly seconds: number; readonly megabytes: number }[] = [];
  for (const rows of SIZES) {
    const { stdout } = await execa(process.execPath, [script, String(rows)]);
    const { seconds, megabytes } = scaled.parse(JSON.parse(stdout));
    points.push({ rows, seconds, megabytes });
    const what = `a whole audit of ${rows.toLocaleString('en')} invented rows`;
    yield { kind: 'finding', what: `${what}, seconds`, value: seconds };
    yield { kind: 'finding', what: `${what}, MB at most`, value: megabytes, target: { atMost: 1000 } };
  }
  // The choice of penalties and AFLite take no more than some thousand rows, so small sets say nothing of growth.
  const [fewest, most] = points.slice(-2);
  if (fewest && most) {
    yield {
      kind: 'finding',
      what: `time a row at ${most.rows.toLocaleString('en')} rows over that at ${fewest.rows.toLocaleString('en')}`,
      value: most.seconds / most.rows / (fewest.seconds / fewest.rows),
      target: { atMost: 1.5 },
    };
  }
  const panel = (field: string, title: string) => ({
    width: 220,
    mark: { type: 'line', point: true },
    encoding: {
      x: {
        field: 'rows',
        type: 'quantitative',
        scale: { type: 'log' },
        title: 'Rows',
        axis: { format: '~s' },
      },
      y: { field, type: 'quantitative', scale: { type: 'log' }, title },
    },
  });
  const alt = points.map(
    ({ rows, seconds, megabytes }) => `${rows} rows: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB`,
  );
  writeFileAtomic(
    join(projectPaths().build, 'bench-audit-growth.svg'),
    await renderFigure(
      { data: { values: points }, hconcat: [panel('seconds', 'Seconds'), panel('megabytes', 'MB')] },
      { id: 'bench-audit-growth', alt: alt.join('; ') },
    ),
  );
}
