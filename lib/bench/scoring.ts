import { loadBuild } from 'small-claims/datasets/builds';
import { plainWeights } from 'small-claims/finetuning/base-weights';
import { findGguf } from 'small-claims/models/catalogue';
import { turnedFile } from 'small-claims/models/compute';
import { locateModel } from 'small-claims/models/locate';
import { pinModel } from 'small-claims/models/pin';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { findLlamaTool } from 'small-claims/scoring/llama-tools';
import { drawShots } from 'small-claims/scoring/run';
import { findPrompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import type { Benchmark, Finding, Measure, Peer, Skipped } from './benchmark.js';
import { countEnergy } from './energy.js';
import { type Likelihoods, runHarness } from './harness.js';
import { llamaBench } from './llama-bench.js';
import { median, rateOf, timed } from './measuring.js';
import { engineBuilt, openVariant, VARIANTS, type Variant } from './our-variants.js';
import { parity } from './parity.js';
import { scorePlainly } from './plain.js';
import { benchPython, NO_PYTHON } from './python.js';
import { deduplicatedTokens, sampleByLength, type Workload, wholeEvidences, workload } from './workload.js';

const MODEL = 'smollm2-135m-instruct';
const ROUNDS = 2;
/** Prompts a batch of the harness. On two cores 1, 8 and 16 came within a twentieth of each other. */
const HARNESS_BATCH = 8;

const PLAIN = 'node-llama-cpp, a prompt at a time';
const HARNESS = {
  float32: 'lm-evaluation-harness, float32',
  bfloat16: 'lm-evaluation-harness, bfloat16',
} as const;
const LIMIT = { f32: 'llama-bench, f32', bf16: 'llama-bench, bf16' } as const;

interface Case {
  readonly title: string;
  readonly examples: readonly Row[];
  readonly shots: readonly Row[];
  /** Rows that the slower peers score. */
  readonly sampled: { readonly plain: number; readonly harness: number };
  /** The least ratio that is aimed at of one of ours to a peer. */
  readonly aims: readonly (readonly [ours: string, peer: string, atLeast: number])[];
}

const scoring: Benchmark = {
  title: 'Scoring labels: SmolLM2-135M-Instruct on the CPU',
  async *steps() {
    const pinned = await pinModel(findGguf(MODEL));
    const file = await locateModel(pinned);
    const python = benchPython();
    const program = findLlamaTool('llama-bench');
    if (!program) yield skipped('llama-bench', 'llama.cpp’s programs are not built (make llama-tools)');
    if (!python) yield skipped('lm-evaluation-harness', NO_PYTHON);
    if (!engineBuilt()) yield skipped('the engine built here', 'there is none (make engine)');
    const weights = python === undefined ? undefined : await plainWeights(python, file.path, file.sha256);

    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
    const model = await llama.loadModel({ modelPath: file.path });
    const threads = llama.cpuMathCores;
    const variants = VARIANTS.filter(({ engine }) => engine === 'prebuilt' || engineBuilt());
    const scorers = new Map<Variant, Awaited<ReturnType<typeof openVariant>>>();
    for (const variant of variants) scorers.set(variant, await openVariant(variant, pinned));

    for (const { aims, sampled, ...given } of await cases()) {
      const work = workload(model, { ...given, prompt: findPrompt('true-false-unknown') });
      const scores = new Map<Variant, LabelScore[]>();
      const likelihoods = new Map<string, Likelihoods>();
      const measures = new Map<string, Measure[]>();
      const joules: number[] = [];
      const kept = (name: string, run: () => Promise<Measure>): Peer => ({
        name,
        async run() {
          const measure = await run();
          measures.set(name, [...(measures.get(name) ?? []), measure]);
          return measure;
        },
      });
      const ours = [...scorers].map(([variant, scorer]) =>
        kept(variant.name, async () => {
          const found: LabelScore[] = [];
          const used = countEnergy();
          const measure = await timed(work.examples.length, () =>
            scorer.score(work, work.examples, (score) => found.push(score)),
          );
          scores.set(variant, found);
          if (used && variant === variants[0]) joules.push(used() / measure.units);
          return measure;
        }),
      );
      const [first, ...others] = ours;
      if (!first) throw new Error('nothing of ours to measure');
      const sample = sampleByLength(work, sampled.harness);
      const peers = [
        ...others,
        kept(PLAIN, () => scorePlainly(llama, model, work, sampleByLength(work, sampled.plain))),
        ...(python && weights
          ? (['float32', 'bfloat16'] as const).map((dtype) =>
              kept(HARNESS[dtype], async () => {
                const asked = { batch: HARNESS_BATCH, dtype };
                const result = await runHarness(python, weights.folder, work, sample, asked);
                likelihoods.set(dtype, result.likelihoods);
                return result.measure;
              }),
            )
          : []),
        ...(program
          ? (['f32', 'bf16'] as const).map((format) =>
              kept(LIMIT[format], async () => {
                const { path } = await turnedFile(pinned, format, undefined);
                const cache = format === 'f32' ? 'F32' : 'F16';
                return llamaBench(program, { model: path, cache, threads }, work);
              }),
            )
          : []),
      ];
      yield {
        kind: 'comparison',
        title: work.title,
        unit: 'claims',
        rounds: ROUNDS,
        ours: first,
        peers,
        note: note(work, sampled),
      };
      for (const [mine, peer, atLeast] of aims) yield* ratio(work, mine, peer, atLeast, measures);
      for (const { name } of variants) yield tokenRate(work, name, measures.get(name) ?? []);
      yield energy(work, joules);
      const theirs = likelihoods.get('float32');
      for (const [variant, found] of scores) {
        if (theirs && variant.format === 'f32')
          yield* parity(`${work.title}: ${variant.name}, and the harness in float32`, found, theirs, {
            atMost: 0.01,
          });
        if (theirs && variant.format === 'as-is')
          yield* parity(`${work.title}: ${variant.name}, and the harness in float32`, found, theirs);
      }
    }
    await Promise.all([...[...scorers.values()].map((scorer) => scorer.dispose()), model.dispose()]);
  },
};
export default scoring;

const name = (format: Variant['format'], engine: Variant['engine']) =>
  VARIANTS.find((variant) => variant.format === format && variant.engine === engine)?.name ?? '';

async function cases(): Promise<readonly Case[]> {
  const [healthVer, sciFact, shots] = await Promise.all([
    loadBuild('healthver/rows/test'),
    loadBuild('scifact/rationales/dev'),
    drawShots({ count: 8, from: 'scifact/rationales/train', seed: 1 }),
  ]);
  const limits = [
    [name('f32', 'native'), LIMIT.f32, 0.95],
    [name('bf16', 'native'), LIMIT.bf16, 0.95],
  ] as const;
  return [
    {
      title: 'HealthVer test, zero-shot',
      examples: wholeEvidences(healthVer, 300),
      shots: [],
      sampled: { plain: 30, harness: 48 },
      aims: [
        [name('bf16', 'native'), HARNESS.bfloat16, 2],
        [name('bf16', 'native'), HARNESS.float32, 6],
        [name('f32', 'prebuilt'), HARNESS.float32, 2.5],
        ...limits,
      ],
    },
    {
      title: 'SciFact dev, 8-shot',
      examples: sciFact,
      shots,
      sampled: { plain: 6, harness: 16 },
      aims: [
        [name('bf16', 'native'), HARNESS.bfloat16, 8],
        [name('bf16', 'native'), HARNESS.float32, 15],
        ...limits,
      ],
    },
  ];
}

function note({ examples, parts }: Workload, sampled: Case['sampled']): string {
  return (
    `Ours scores ${examples.length} rows; node-llama-cpp ${sampled.plain} and the harness ${sampled.harness} of them, ` +
    `as long as all are. llama-bench: prompts as long as the parts that are evaluated, and as deep: evidence after ` +
    `${parts.before} tokens, a question after evidence of mean length too; built for this processor. ` +
    `The harness has ${HARNESS_BATCH} prompts a batch. No loading is timed.`
  );
}

/** How many times as fast, round by round. */
function* ratio(
  work: Workload,
  mine: string,
  peer: string,
  atLeast: number,
  measures: ReadonlyMap<string, readonly Measure[]>,
): Generator<Finding> {
  const theirs = measures.get(peer) ?? [];
  const ratios = (measures.get(mine) ?? []).flatMap((measure, round) => {
    const other = theirs[round];
    return other ? [rateOf(measure) / rateOf(other)] : [];
  });
  if (ratios.length === 0) return;
  const what = `${work.title}: ${mine}, as many times as fast as ${peer}`;
  yield { kind: 'finding', what, value: median(ratios), target: { atLeast } };
}

function tokenRate(work: Workload, who: string, measures: readonly Measure[]): Finding {
  const tokens = deduplicatedTokens(work) / work.examples.length;
  return {
    kind: 'finding',
    what: `${work.title}: tokens a second of ${who}, shared ones counted once`,
    value: median(measures.map(rateOf)) * tokens,
  };
}

function energy({ title }: Workload, joules: readonly number[]): Finding | Skipped {
  const what = `${title}: joules a claim of the first of ours, the whole processor's`;
  return joules.length > 0
    ? { kind: 'finding', what, value: median(joules) }
    : skipped(what, 'this machine lets no program read its energy counters');
}

const skipped = (what: string, why: string): Skipped => ({ kind: 'skipped', what, why });
