/**
 * How often tests of two systems reject where they should not and where they should, and intervals hold the truth, with
 * the real groups of every test set: 2,000 draws of each. Writes data/simulations/size-and-power.json, a test set at a time
 * (interrupted, it goes on with the next). Some eight minutes of a CPU core.
 *
 *   node node_modules/typescript/bin/tsc -b lib/test && node build/test/reference/exchange.js
 *
 * With `few` it makes more intervals of the first 1,000 of these draws of the fewest groups, and writes few-groups.json: two minutes.
 *
 * A draw takes as many groups as there are, with replacement, and two systems answer their rows. What a system answers to
 * a gold label has probabilities that are known, so that the two macro-F1 are known too: equal under a null. Half of the
 * rows of a group are answered alike, and in part as the other system does.
 */
import { existsSync, readFileSync } from 'node:fs';
import { taskOf } from 'small-claims/datasets/builds';
import { buildFacts } from 'small-claims/datasets/facts';
import { groupsOf } from 'small-claims/datasets/group';
import { difference } from 'small-claims/metrics/difference';
import { studentCdf, studentQuantile } from 'small-claims/metrics/distributions';
import { summed } from 'small-claims/metrics/measure';
import { randomisationTest } from 'small-claims/metrics/paired-tests';
import { intervals } from 'small-claims/metrics/resampling/bootstrap';
import { effectiveClusters } from 'small-claims/metrics/resampling/clusters';
import { jackknife } from 'small-claims/metrics/resampling/jackknife';
import { allUnits, mean, type Sample, sampleOf } from 'small-claims/metrics/resampling/summed';
import { writeFileAtomic } from 'small-claims/project/atomic';
import { type RandomStream, randomStream } from 'small-claims/project/random';
import { LABELS, type Label, macroF1 } from '../metrics/labels.js';

/** Test sets, and parts of them that are compared by themselves. */
export const SETS = [
  'scifact/rationales/dev',
  'scifact/nei-random/dev',
  'healthver/rows/test',
  'healthver/rows/test, evidence not in dev',
  'pubmedqa/sample/test',
  'hoc/sample/test',
  'biosses/rows/test',
  'ncbi-disease/sample/test',
] as const;
export type SetName = (typeof SETS)[number];

/** Systems alike; equal in macro-F1 but favouring other labels; ahead by what should be found in 80 of 100 cases. */
export const CASES = ['alike', 'other labels', 'ahead', 'ahead, other labels'] as const;
/**
 * Nulls in which the F1 of a label rests on few answers: the other system never gives the rarest label, gives it to some rows in a
 * hundred, or hardly gives any but the commonest; and one that should be found.
 */
export const SPARSE_CASES = [
  'omits a label',
  'hardly gives a label',
  'rarely gives a label',
  'nearly constant',
  'ahead, omits a label',
] as const;
export type Case = (typeof CASES)[number] | (typeof SPARSE_CASES)[number];

/** Shares of draws: of tests that rejected at 5 %, of intervals at 95 % that held the truth. */
export interface Finding {
  readonly case: Case;
  readonly lead: number;
  readonly tests: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, number>>;
}
export interface SetFindings {
  readonly rows: number;
  readonly groups: number;
  readonly effective: number;
  readonly findings: readonly Finding[];
}

const REPLICATES = 199;
const ALPHA = 0.05;
type Group = readonly Label[];

/** The gold labels of each group of a test set; of a task with other answers, labels drawn once. */
export async function groupsIn(set: SetName): Promise<readonly Group[]> {
  const [build = '', part] = set.split(', ');
  if (!isBuild(build)) throw new Error(`${build} is no build`);
  const { rows } = await buildFacts(build);
  const task = taskOf(build);
  const known = part && new Set((await buildFacts('healthver/rows/dev')).rows.map(evidenceOf));
  const kept = known ? rows.filter((row) => !known.has(evidenceOf(row))) : rows;
  const random = randomStream(`labels of ${set}`, 1);
  const labels = task.shape === 'one-of' ? task.labels : [];
  return groupsOf(kept, 'all').map((members) =>
    members.map((row) => {
      const label = labels.indexOf(String(kept[row]?.gold));
      return at(label < 0 ? random.below(3) : label);
    }),
  );
}
const isBuild = (name: string): name is `${string}/${string}/${string}` => name.split('/').length === 3;
const evidenceOf = ({ hashes }: { readonly hashes: Readonly<Record<string, string>> }) => hashes['evidence'];
const at = (index: number): Label => LABELS[index % 3] ?? 'NEI';

/** The chances of each answer, by gold label: the right one by skill, all by what a system favours. */
type Confusion = readonly (readonly number[])[];
const confusion = (skill: number, favours: readonly number[]): Confusion =>
  LABELS.map((_, gold) => {
    const weights = favours.map((favour, label) => Math.exp(favour + (label === gold ? skill : 0)));
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / all);
  });

/** Macro-F1 where the answers of all rows have these chances. */
function truth(counts: readonly number[], chances: Confusion): number {
  return mean(
    LABELS.map((_, label) => {
      const right = (counts[label] ?? 0) * (chances[label]?.[label] ?? 0);
      const answered = counts.reduce((sum, count, gold) => sum + count * (chances[gold]?.[label] ?? 0), 0);
      return (2 * right) / (answered + (counts[label] ?? 0));
    }),
  );
}

/** The skill with which a system that favours some labels has a macro-F1. */
function skillFor(wanted: number, counts: readonly number[], favours: readonly number[]): number {
  let [low, high] = [-4, 12];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (truth(counts, confusion(middle, favours)) < wanted) low = middle;
    else high = middle;
  }
  return low;
}

/** What two systems answer to groups drawn: with chance 1/2 a row by its group's draw, which with 1/2 is the other's too. */
function drawn(groups: readonly Group[], systems: readonly [Confusion, Confusion], random: RandomStream) {
  const gold: Label[] = [];
  const keys: string[] = [];
  const answers: readonly [Label[], Label[]] = [[], []];
  for (let unit = 0; unit < groups.length; unit++) {
    const shared = random.next();
    const own = [random.next(), random.next()].map((each) => (random.next() < 0.5 ? shared : each));
    for (const label of groups[random.below(groups.length)] ?? []) {
      gold.push(label);
      keys.push(String(unit));
      const common = random.next();
      for (const [system, chances] of systems.entries()) {
        const alone = random.next() < 0.5 ? common : random.next();
        const place = random.next() < 0.5 ? (own[system] ?? 0) : alone;
        const [first = 0, second = 0] = chances[LABELS.indexOf(label)] ?? [];
        answers[system]?.push(at(place < first ? 0 : place < first + second ? 1 : 2));
      }
    }
  }
  return { gold, keys, ours: answers[0], theirs: answers[1] };
}

/** The number of a sample, without each unit, and its standard error. */
function spread(sample: Sample) {
  const [number = Number.NaN] = sample.of(allUnits(sample));
  const [without = new Float64Array(0)] = jackknife(sample);
  return { number, ...errorOf(without) };
}
function errorOf(without: Float64Array) {
  const units = without.length;
  const centre = mean(without);
  const scores = without.map((each) => (units - 1) * (centre - each));
  const squares = scores.reduce((sum, each) => sum + each * each, 0);
  return { scores, error: Math.sqrt(squares / (units * (units - 1))) };
}

/** p of a wild bootstrap under the null, by Rademacher weights on the jackknife's pseudo-values. */
function wild(number: number, scores: Float64Array, random: RandomStream): number {
  const values = scores.map((each) => each + number);
  const t = (weighted: Float64Array) => {
    const centre = mean(weighted);
    const squares = weighted.reduce((sum, each) => sum + (each - centre) ** 2, 0);
    return squares === 0 ? 0 : Math.abs(centre) / Math.sqrt(squares);
  };
  const observed = t(values);
  let extreme = 1;
  for (let replicate = 0; replicate < REPLICATES; replicate++)
    if (t(values.map((each) => (random.next() < 0.5 ? each : -each))) >= observed * (1 - 1e-9)) extreme += 1;
  return extreme / (1 + REPLICATES);
}

/** A bootstrap-t interval: each replicate has a jackknife standard error of its own. */
function bootstrapT(
  sample: Sample,
  { number, error }: { number: number; error: number },
  random: RandomStream,
) {
  const chosen = new Int32Array(sample.units);
  const found: number[] = [];
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    random.fillBelow(chosen, sample.units);
    const kept = chosen.slice();
    const again = spread({
      units: sample.units,
      of: (units) => sample.of(units.map((unit) => kept[unit] ?? 0)),
    });
    found.push(again.error === 0 ? 0 : (again.number - number) / again.error);
  }
  found.sort((a, b) => a - b);
  const [low = 0, high = 0] = [
    found[Math.round(0.025 * REPLICATES)],
    found[Math.round(0.975 * REPLICATES) - 1],
  ];
  return { low: number - high * error, high: number - low * error };
}

const about = (number: number, reach: number) => ({ low: number - reach, high: number + reach });

/** An interval of a share made on the scale of its logit, and brought back. */
function onLogits({ number, error }: { number: number; error: number }, quantile: number) {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, number));
  const { low, high } = about(Math.log(inside / (1 - inside)), (quantile * error) / (inside * (1 - inside)));
  const back = (logit: number) => 1 / (1 + Math.exp(-logit));
  return { low: back(low), high: back(high) };
}

const EVEN = [0, 0, 0] as const;
/** Of the rarest label: given never, to some rows in a thousand, to some in a hundred. */
const FAVOUR: Readonly<Record<string, number>> = {
  'omits a label': -50,
  'hardly gives a label': -6,
  'rarely gives a label': -4,
};
const SPARSE = new Set<string>(SPARSE_CASES);
const nullOf = (name: Case): string => (name === 'ahead' ? 'alike' : name.replace('ahead, ', ''));

/** What the two systems favour in a case. */
function favoured(name: string, counts: readonly number[]): readonly [readonly number[], readonly number[]] {
  if (name === 'alike') return [EVEN, EVEN];
  if (name === 'other labels')
    return [
      [2, -1, -1],
      [-1, 2, -1],
    ];
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const of = (wanted: number, there: number, elsewhere: number) =>
    counts.map((_, label) => (label === counts.indexOf(wanted) ? there : elsewhere));
  if (name === 'nearly constant') return [of(most, 2, 0), of(most, 6, 0)];
  return [EVEN, of(fewest, FAVOUR[name] ?? 0, 0)];
}

/**
 * Simulates a test set; equal seeds give equal shares.
 *
 * @param more intervals too: by bootstrap-t.
 */
export async function simulate(
  set: SetName,
  draws: number,
  more = false,
  cases: readonly Case[] = CASES,
): Promise<SetFindings> {
  const groups = await groupsIn(set);
  const rows = groups.flat();
  const counts = LABELS.map((label) => rows.filter((each) => each === label).length);
  const findings: Finding[] = [];
  const errors = new Map<string, number>();
  for (const name of cases) {
    const [ahead, null_] = [name.startsWith('ahead'), nullOf(name)];
    // The normal minimum detectable difference: 80 % power at 5 %, by the standard error under the null.
    const lead = ahead ? 2.8 * (errors.get(null_) ?? 0) : 0;
    const [a, b] = favoured(null_, counts);
    const base = truth(counts, confusion(1, SPARSE.has(null_) ? b : EVEN));
    const systems = [
      confusion(skillFor(base + lead, counts, a), a),
      confusion(skillFor(base, counts, b), b),
    ] as const;
    const wanted = truth(counts, systems[0]);
    const gap = wanted - truth(counts, systems[1]);
    const happened = new Map<string, number>();
    const count = (key: string, did: boolean) => happened.set(key, (happened.get(key) ?? 0) + Number(did));
    const random = randomStream(`groups of ${set}, ${name}`, 1);
    // Its own, so that the draws are the same with it and without.
    const again = randomStream(`bootstrap t of ${set}, ${name}`, 1);
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) {
      const { gold, keys, ours, theirs } = drawn(groups, systems, random);
      const compared = { measure: macroF1, golds: gold, ours: [ours], theirs: [theirs] };
      const clusters = { name: 'groups', keys };
      const options = { clusters, replicates: REPLICATES, seed: draw };
      const sample = sampleOf(difference(compared), clusters);
      const apart = spread(sample);
      const { number, error, scores } = apart;
      sum += error;
      const freedom = groups.length - 1;
      const t = (of: number, degrees: number) => 2 * (1 - studentCdf(of, degrees));
      const rejects = (test: string, p: number) => count(`test|${test}`, p <= ALPHA);
      const [plain, studentised] = (['difference', 'studentised'] as const).map(
        (statistic) => randomisationTest(compared, { ...options, statistic }).p,
      );
      rejects('exchange', plain ?? 1);
      rejects('exchange, studentised', studentised ?? 1);
      if (SPARSE.has(name)) rejects('exchange, the larger', Math.max(plain ?? 1, studentised ?? 1));
      rejects('wild bootstrap', wild(number, scores, random));
      rejects('CV3 t', error === 0 ? Number(number === 0) : t(Math.abs(number) / error, freedom));
      // The sandwich of the same groups is smaller than the jackknife by about (G - 1) / G.
      const sandwich = error * Math.sqrt(freedom / groups.length);
      rejects('CR t', error === 0 ? Number(number === 0) : t(Math.abs(number) / sandwich, freedom));
      const holds = (what: string, { low, high }: { low: number; high: number }, of: number) =>
        count(`interval|${what}`, low <= of && of <= high);
      const [of] = intervals(difference(compared), options);
      if (of?.interval) holds('difference, percentile', of.interval, gap);
      const worth = Math.max(1, effectiveClusters(clusters) - 1);
      const single = summed([macroF1], gold, ours);
      const one = sampleOf(single, clusters);
      const own = spread(one);
      const [percentile] = intervals(single, options);
      if (percentile?.interval) holds('score, percentile', percentile.interval, wanted);
      const quantile = studentQuantile(0.975, freedom);
      holds('difference, CV3 t', about(number, quantile * error), gap);
      holds('score, CV3 t', about(own.number, quantile * own.error), wanted);
      const wider = studentQuantile(0.975, worth);
      holds('difference, CV3 t, worth', about(number, wider * error), gap);
      holds('score, CV3 t, worth', about(own.number, wider * own.error), wanted);
      holds('score, CV3 t, worth, logit', onLogits(own, wider), wanted);
      if (!more) continue;
      holds('difference, bootstrap t', bootstrapT(sample, apart, again), gap);
      holds('score, bootstrap t', bootstrapT(one, own, again), wanted);
    }
    errors.set(null_, errors.get(null_) ?? sum / draws);
    const shares = (kind: string) =>
      Object.fromEntries(
        [...happened]
          .filter(([key]) => key.startsWith(`${kind}|`))
          .map(([key, times]) => [key.slice(kind.length + 1), times / draws]),
      );
    findings.push({ case: name, lead: gap, tests: shares('test'), intervals: shares('interval') });
  }
  const keys = groups.flatMap((group, index) => group.map(() => String(index)));
  return {
    rows: rows.length,
    groups: groups.length,
    effective: effectiveClusters({ name: 'groups', keys }),
    findings,
  };
}

const fileOf = (name: string) => new URL(`../../../data/simulations/${name}.json`, import.meta.url).pathname;

async function main(draws: number): Promise<void> {
  const file = fileOf('size-and-power');
  const results: Record<string, SetFindings> = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8')).results
    : {};
  for (const set of SETS) {
    results[set] ??= await simulate(set, draws);
    writeFileAtomic(
      file,
      `${JSON.stringify({ draws, replicates: REPLICATES, alpha: ALPHA, results }, null, 1)}\n`,
    );
    console.log(set, 'done');
  }
}

/** More intervals of the fewest groups. */
async function few(draws: number): Promise<void> {
  const set = 'healthver/rows/test, evidence not in dev';
  const { findings } = await simulate(set, draws, true);
  const found = findings.map((each) => ({ case: each.case, intervals: each.intervals }));
  writeFileAtomic(fileOf('few-groups'), `${JSON.stringify({ set, draws, findings: found }, null, 1)}\n`);
}

/** Systems that omit a label, or hardly give any but one. */
async function sparse(draws: number): Promise<void> {
  const results: Record<string, SetFindings> = {};
  for (const set of SETS) results[set] = await simulate(set, draws, false, SPARSE_CASES);
  writeFileAtomic(fileOf('sparse-labels'), `${JSON.stringify({ draws, results }, null, 1)}\n`);
}

if (process.argv[1]?.endsWith('exchange.js')) {
  if (process.argv[2] === 'few') await few(1000);
  else if (process.argv[2] === 'sparse') await sparse(300);
  else await main(2000);
}
