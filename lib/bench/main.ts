import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from 'small-claims/project/atomic';
import { errorText, UserError } from 'small-claims/project/error';
import { projectPaths } from 'small-claims/project/paths';
import { thisMachine } from 'small-claims/records/machine';
import type { Benchmark } from './benchmark.js';
import { chart } from './chart.js';
import { compare } from './measuring.js';
import { type StepResult, summary } from './summary.js';

/** Every benchmark, loaded when it is run: a line here and a module are all that another one needs. */
const BENCHMARKS: Readonly<Record<string, () => Promise<{ readonly default: Benchmark }>>> = {
  bootstrap: () => import('./bootstrap.js'),
  scoring: () => import('./scoring.js'),
  throughput: () => import('./throughput.js'),
  formats: () => import('./formats.js'),
  layouts: () => import('./layouts.js'),
  training: () => import('./training.js'),
  audit: () => import('./audit.js'),
  runner: () => import('./runner.js'),
};

async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown !== undefined) {
    throw new UserError(`there is no benchmark "${unknown}"`, {
      hint: `There are: ${Object.keys(BENCHMARKS).join(', ')}.`,
    });
  }
  const { build } = projectPaths();
  const file = join(build, 'bench.json');
  for (const [name, load] of Object.entries(BENCHMARKS)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const { default: benchmark } = await load();
    const results = await measure(name, benchmark);
    const comparisons = results.filter((result) => result.kind === 'comparison');
    if (comparisons.length > 0) {
      writeFileAtomic(
        join(build, `bench-${name}.svg`),
        await chart(`bench-${name}`, benchmark.title, comparisons),
      );
    }
    // After each, so that an interrupted run keeps what it has measured; others' results stay.
    const entry = {
      title: benchmark.title,
      measuredAt: new Date().toISOString(),
      machine: thisMachine(),
      results,
    };
    const before: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    writeFileAtomic(file, `${JSON.stringify(Object.assign({}, before, { [name]: entry }), null, 2)}\n`);
    console.log(`\n${benchmark.title}\n\n${results.map(summary).join('\n\n')}\n`);
  }
  console.log('The figures are in build/bench.json, the charts in build/bench-NAME.svg.');
}

async function measure(name: string, benchmark: Benchmark): Promise<readonly StepResult[]> {
  const results: StepResult[] = [];
  for await (const step of benchmark.steps()) {
    const result =
      step.kind === 'comparison'
        ? await compare(step, (line) => process.stderr.write(`${name}: ${step.title}: ${line}\n`))
        : step;
    results.push(result);
  }
  return results;
}

main(process.argv.slice(2)).then(
  // What a peer has left open must not keep this from ending.
  () => process.exit(),
  (error: unknown) => {
    console.error(errorText(error));
    process.exit(1);
  },
);
