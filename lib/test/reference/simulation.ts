/**
 * How often intervals hold the truth and tests reject a true null, by simulation: 2,000 sets drawn from each of several
 * worlds of which the truth is known. Writes simulation.json beside itself, a condition at a time (interrupted, it goes
 * on with the next), and simulation.svg. Ten minutes of a CPU core; simulation.test.ts repeats a part of it.
 *
 *   node node_modules/typescript/bin/tsc -b lib/test && node build/test/reference/simulation.js
 */
import { existsSync, readFileSync } from 'node:fs';
import { differenceError } from 'small-claims/metrics/difference';
import { equivalence } from 'small-claims/metrics/equivalence';
import { mcnemar } from 'small-claims/metrics/mcnemar';
import { type Measure, scores, summed } from 'small-claims/metrics/measure';
import { pairedBootstrapTest, randomisationTest } from 'small-claims/metrics/paired-tests';
import { intervals } from 'small-claims/metrics/resampling/bootstrap';
import { writeFileAtomic } from 'small-claims/project/atomic';
import { randomStream } from 'small-claims/project/random';
import { renderFigure } from 'small-claims/reporting/figure';
import { accuracy, macroF1 } from '../metrics/labels.js';
import { type Answers, world } from './world.js';

/** Sets of about 450 rows each, in clusters of this many rows on average. */
export const CONDITIONS = [
  { name: '450 single rows', clusters: 450, size: 1 },
  { name: '50 clusters of 9', clusters: 50, size: 9 },
  { name: '20 clusters of 22', clusters: 20, size: 22 },
  { name: '8 clusters of 56', clusters: 8, size: 56 },
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Of how many draws something happened: an interval held the truth, or a true null was rejected at 5 %. */
export interface Finding {
  readonly what: 'coverage' | 'size';
  readonly method: string;
  readonly score: string;
  readonly share: number;
}

const MEASURES = [accuracy, macroF1] as const;
/** Of intervals, and of tests: one more than the latter divides by 20, so that a p-value can be 5 %. */
const REPLICATES = 999;
const TEST_REPLICATES = 399;
const ALPHA = 0.05;

/** Runs a condition; equal seeds give equal shares. */
export function simulate({ clusters, size }: Condition, draws: number): Finding[] {
  const counts = new Map<string, number>();
  const count = (key: string, happened: boolean) =>
    counts.set(key, (counts.get(key) ?? 0) + Number(happened));
  const [even, led] = [world({ size, lead: 0 }), world({ size, lead: 0.35 })];
  const truths = scores(MEASURES, even.all.gold, even.all.ours);
  const margins = MEASURES.map((measure) => gain(led.all, measure));
  const random = randomStream(`simulated draws of ${clusters} clusters of ${size}`, 1);
  for (let draw = 0; draw < draws; draw++) {
    const { gold, ours, theirs, keys } = even.draw(clusters, random);
    const units = [
      // What becomes of the methods that ignore clusters is shown where there are many.
      ...(size < 10 ? [['rows', {}] as const] : []),
      ...(size > 1 ? [['clusters', { clusters: { name: 'clusters', keys } }] as const] : []),
    ] as const;
    const ahead = led.draw(clusters, random);
    for (const [unit, drawn] of units) {
      const options = { ...drawn, replicates: REPLICATES, seed: draw };
      for (const method of ['percentile', 'bca'] as const) {
        const name = `${method === 'bca' ? 'BCa' : 'percentile'} bootstrap of ${unit}`;
        const found = intervals(summed(MEASURES, gold, ours), { ...options, method });
        for (const [index, { interval }] of found.entries()) {
          const truth = truths[index] ?? Number.NaN;
          count(
            `coverage|${name}|${MEASURES[index]?.title}`,
            interval !== undefined && interval.low <= truth && truth <= interval.high,
          );
        }
      }
      for (const [index, measure] of MEASURES.entries()) {
        const key = (test: string) => `size|${test} of ${unit}|${measure.title}`;
        const compared = { measure, golds: gold, ours: [ours], theirs: [theirs] };
        const tested = { ...options, replicates: TEST_REPLICATES };
        count(key('approximate randomisation'), randomisationTest(compared, tested).p <= ALPHA);
        count(key('paired bootstrap test'), pairedBootstrapTest(compared, tested).p <= ALPHA);
        const aheadKeys = unit === 'clusters' ? { clusters: { name: unit, keys: ahead.keys } } : {};
        const { difference, standardError, units } = differenceError(
          { measure, golds: ahead.gold, ours: [ahead.ours], theirs: [ahead.theirs] },
          aheadKeys,
        );
        // The truth lies on the margin, where the null of a difference only just holds.
        const { p } = equivalence(difference, standardError, units, margins[index] ?? Number.NaN);
        count(key('equivalence test'), p <= ALPHA);
      }
    }
    if (size >= 10) continue;
    const { exact, midP } = mcnemar(gold, ours, theirs);
    count('size|McNemar, exact of rows|accuracy', exact <= ALPHA);
    count('size|McNemar, mid-p of rows|accuracy', midP <= ALPHA);
  }
  return [...counts].map(([key, happened]) => {
    const [what = '', method = '', score = ''] = key.split('|');
    return { what: what === 'size' ? 'size' : 'coverage', method, score, share: happened / draws };
  });
}

function gain({ gold, ours, theirs }: Answers, measure: Measure): number {
  const [of = Number.NaN, less = Number.NaN] = [ours, theirs].flatMap((answers) =>
    scores([measure], gold, answers),
  );
  return of - less;
}

/** The figure of all findings: a panel a score and kind, a mark a method and condition. */
export function draw(results: Readonly<Record<string, readonly Finding[]>>, draws: number): Promise<string> {
  const values = Object.entries(results).flatMap(([condition, findings]) =>
    findings.map((finding) => {
      const nominal = finding.what === 'size' ? ALPHA : 1 - ALPHA;
      const error = 1.96 * Math.sqrt((nominal * (1 - nominal)) / draws);
      const panel = `${finding.what === 'size' ? 'Test size' : 'Interval coverage'}, ${finding.score}`;
      return { condition, ...finding, panel, nominal, low: nominal - error, high: nominal + error };
    }),
  );
  const y = { field: 'method', type: 'nominal', title: null };
  const condition = {
    field: 'condition',
    type: 'nominal',
    title: 'each draw',
    sort: CONDITIONS.map(({ name }) => name),
  };
  const panels = [...new Set(values.map(({ panel }) => panel))].sort();
  return renderFigure(
    {
      vconcat: panels.map((panel) => ({
        title: panel,
        width: 420,
        data: { values: values.filter((value) => value.panel === panel) },
        layer: [
          {
            mark: { type: 'rule', opacity: 0.3, strokeWidth: 7 },
            encoding: { y, x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
          },
          {
            mark: { type: 'point', filled: true, size: 50, opacity: 1 },
            encoding: {
              y,
              x: {
                field: 'share',
                type: 'quantitative',
                title: 'share of draws',
                scale: { zero: false },
                axis: { format: '.0%' },
              },
              color: condition,
              shape: condition,
            },
          },
        ],
      })),
    },
    {
      id: 'simulation',
      alt: 'Interval coverage and test size by method and clusters; the bars are what Monte-Carlo error allows around the nominal share. Methods that draw clusters are near nominal with fifty of them; with eight, intervals cover too seldom and the paired bootstrap test rejects too often, but approximate randomisation does not.',
    },
  );
}

async function main(draws: number): Promise<void> {
  const folder = new URL('../../../lib/test/reference/', import.meta.url);
  const [file, figure] = ['simulation.json', 'simulation.svg'].map((name) => new URL(name, folder).pathname);
  if (!file || !figure) throw new Error('two names are two files');
  const known: Record<string, Finding[]> = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).results
    : {};
  for (const condition of CONDITIONS) {
    known[condition.name] ??= simulate(condition, draws);
    const content = {
      draws,
      replicates: REPLICATES,
      testReplicates: TEST_REPLICATES,
      alpha: ALPHA,
      results: known,
    };
    writeFileAtomic(file, `${JSON.stringify(content, null, 1)}\n`);
    console.log(condition.name, 'done');
  }
  writeFileAtomic(figure, await draw(known, draws));
}

if (process.argv[1]?.endsWith('simulation.js')) await main(2000);
