import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { startKernel } from 'small-claims/pipeline/kernel/kernel';
import { writeKernelspec } from 'small-claims/pipeline/kernel/kernelspec';
import { projectPaths } from 'small-claims/project/paths';
import type { Benchmark, Comparison, Finding, Skipped } from './benchmark.js';
import { median, timed } from './measuring.js';

const CELLS = 10;
const ROUNDS = 5;
const NOTEBOOK = 'ten-cells';
const { root, build, notebooks } = projectPaths();

const benchmark: Benchmark = {
  title: 'Runner: a notebook whose cells do next to nothing',
  async *steps() {
    // Under build/, where the packages and types of the project are found; its own project, so that nothing of ours runs.
    const place = join(build, 'bench-runner');
    layOut(place);
    try {
      yield* notebookRuns(place);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
    yield await kernelStart();
  },
};
export default benchmark;

/** Whole commands, Node's and Python's start included: with nothing to compute, all of it is the runner's own cost. */
async function* notebookRuns(place: string): AsyncGenerator<Comparison | Skipped> {
  const what = `a notebook of ${CELLS} cells, executed by one command`;
  const jupyter = join(root, '.venv', 'bin', 'jupyter');
  if (!existsSync(jupyter)) {
    const why = 'it needs the Python packages of requirements/lab.txt (make bench installs them)';
    return yield { kind: 'skipped', what, why };
  }
  const run = () =>
    execa(process.execPath, [join(root, 'lib', 'dist', 'pipeline', 'cli.js'), 'run', '--force', NOTEBOOK], {
      cwd: place,
    });
  // Once before: what code a notebook can reach is worked out once for each state of the lib, not for each notebook.
  await run();
  const env = { JUPYTER_PATH: join(place, 'jupyter') };
  writeKernelspec(env.JUPYTER_PATH);
  const convert = [
    'nbconvert',
    '--to',
    'notebook',
    '--execute',
    '--output-dir',
    place,
    '--log-level',
    'ERROR',
  ];
  yield {
    kind: 'comparison',
    title: what,
    unit: 'notebooks',
    rounds: ROUNDS,
    ours: { name: 'Small Claims', run: () => timed(1, run) },
    peers: [
      {
        name: 'nbconvert',
        run: () =>
          timed(1, () =>
            execa(jupyter, [...convert, `${NOTEBOOK}.ipynb`], { cwd: join(place, 'notebooks'), env }),
          ),
      },
    ],
    targets: { nbconvert: 2 },
    note: 'The start of the kernel is part of both times: the same program, which ours asks to skip what only an editor shows.',
  };
}

async function kernelStart(): Promise<Finding> {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { seconds: one } = await timed(1, async () => {
      const kernel = await startKernel({ folder: notebooks, environment: {} });
      kernel.stop('it was only to start');
    });
    seconds.push(one);
  }
  return {
    kind: 'finding',
    what: 'of it the start of the kernel by our runner, seconds',
    value: median(seconds),
  };
}

function layOut(place: string): void {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(join(place, 'notebooks'), { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(root, file), join(place, file));
  const cells = Array.from({ length: CELLS }, (_, cell) => ({
    cell_type: 'code',
    execution_count: null,
    id: `cell-${cell}`,
    metadata: {},
    outputs: [],
    source: `const value${cell} = ${cell} + 1;\nvalue${cell};`,
  }));
  const metadata = {
    kernelspec: { display_name: 'TypeScript', language: 'typescript', name: 'tslab' },
    language_info: { name: 'typescript' },
  };
  writeFileSync(
    join(place, 'notebooks', `${NOTEBOOK}.ipynb`),
    JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }),
  );
}
