import { loadBuild } from 'small-claims/datasets/builds';
import { plainWeights } from 'small-claims/finetuning/base-weights';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import type { LabelScore } from 'small-claims/scoring/label-score';
import { openLlamaScorer } from 'small-claims/scoring/llama/scorer';
import { findLlamaTool } from 'small-claims/scoring/llama-tools';
import { drawShots } from 'small-claims/scoring/run';
import { findPrompt } from 'small-claims/tasks/prompt';
import type { Row } from 'small-claims/tasks/row';
import type { Benchmark, Comparison, Finding, Peer, Skipped } from './benchmark.js';
import { countEnergy } from './energy.js';
import { type Likelihoods, runHarness } from './harness.js';
import { llamaBench } from './llama-bench.js';
import { median, rateOf, timed } from './measuring.js';
import { parity } from './parity.js';
import { scorePlainly } from './plain.js';
import { benchPython, NO_PYTHON } from './python.js';
import { deduplicatedTokens, sampleByLength, type Workload, wholeEvidences, workload } from './workload.js';

const MODEL = 'smollm2-135m-instruct';
const ROUNDS = 2;
/** Prompts a batch of the harness. On two cores 1, 8 and 16 came within a twentieth of each other. */
const HARNESS_BATCH = 8;

const PLAIN = 'node-llama-cpp, a prompt at a time';
const HARNESS = 'lm-evaluation-harness (hf, CPU)';
const LIMIT = 'llama-bench at the same lengths';

interface Case {
  readonly title: string;
  readonly examples: readonly Row[];
  readonly shots: readonly Row[];
  /** Rows that the slower peers score. */
  readonly sampled: { readonly plain: number; readonly harness: number };
  readonly targets: Comparison['targets'];
}

const scoring: Benchmark = {
  title: 'Scoring labels: SmolLM2-135M-Instruct Q4_1 on the CPU',
  async *steps() {
    const file = await locateModel(findGguf(MODEL));
    const python = benchPython();
    const program = findLlamaTool('llama-bench');
    if (!program) yield skipped(LIMIT, 'llama.cpp’s programs are not built (make llama-tools)');
    if (!python) yield skipped(HARNESS, NO_PYTHON);
    const weights = python === undefined ? undefined : await plainWeights(python, file.path, file.sha256);

    const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
    const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
    const model = await llama.loadModel({ modelPath: file.path });
    const scorer = await openLlamaScorer(file.path);
    const plainScorer = weights && (await openLlamaScorer(weights.gguf, { cache: 'F32' }));

    for (const { targets, sampled, ...given } of await cases()) {
      const work = workload(model, { ...given, prompt: findPrompt('true-false-unknown') });
      const scores: LabelScore[] = [];
      let likelihoods: Likelihoods | undefined;
      const rates: number[] = [];
      const joules: number[] = [];
      const ours: Peer = {
        name: 'Small Claims',
        async run() {
          scores.length = 0;
          const used = countEnergy();
          const measure = await timed(work.examples.length, () =>
            scorer.score(work, work.examples, (score) => scores.push(score)),
          );
          rates.push(rateOf(measure));
          if (used) joules.push(used() / measure.units);
          return measure;
        },
      };
      const peers: Peer[] = [
        {
          name: PLAIN,
          run: () => scorePlainly(llama, model, work, sampleByLength(work, sampled.plain)),
        },
      ];
      const sample = sampleByLength(work, sampled.harness);
      if (python && weights) {
        peers.push({
          name: HARNESS,
          async run() {
            const result = await runHarness(python, weights.folder, work, sample, HARNESS_BATCH);
            likelihoods = result.likelihoods;
            return result.measure;
          },
        });
      }
      if (program) {
        peers.push({ name: LIMIT, run: () => llamaBench(program, file.path, llama.cpuMathCores, work) });
      }
      yield {
        kind: 'comparison',
        title: work.title,
        unit: 'claims',
        rounds: ROUNDS,
        ours,
        peers,
        ...(targets && { targets }),
        note: note(work, sampled),
      };
      yield tokenRate(work, rates);
      yield energy(work, joules);
      if (!likelihoods || !plainScorer) continue;
      yield* parity(
        `${work.title}: ours from Q4_1 against the harness from the same weights`,
        scores,
        likelihoods,
      );
      const exact: LabelScore[] = [];
      await plainScorer.score(work, sample, (score) => exact.push(score));
      yield* parity(`${work.title}: both from 32-bit floats`, exact, likelihoods, { atMost: 0.01 });
    }
    await Promise.all([scorer.dispose(), plainScorer?.dispose(), model.dispose()]);
  },
};
export default scoring;

async function cases(): Promise<readonly Case[]> {
  const [healthVer, sciFact, shots] = await Promise.all([
    loadBuild('healthver/rows/test'),
    loadBuild('scifact/rationales/dev'),
    drawShots({ count: 8, from: 'scifact/rationales/train', seed: 1 }),
  ]);
  return [
    {
      title: 'HealthVer test, zero-shot',
      examples: wholeEvidences(healthVer, 500),
      shots: [],
      sampled: { plain: 60, harness: 48 },
      targets: { [PLAIN]: 2.4, [HARNESS]: 6, [LIMIT]: 0.95 },
    },
    {
      title: 'SciFact dev, 8-shot',
      examples: sciFact,
      shots,
      sampled: { plain: 12, harness: 8 },
      targets: { [PLAIN]: 8, [HARNESS]: 15, [LIMIT]: 0.95 },
    },
  ];
}

function note({ examples, parts }: Workload, sampled: Case['sampled']): string {
  return (
    `Ours scores ${examples.length} rows; node-llama-cpp ${sampled.plain} and the harness ${sampled.harness} of them, ` +
    `as long as all are. llama-bench: prompts as long as the parts that are evaluated, and as deep: evidence after ` +
    `${parts.before} tokens, a question after evidence of mean length too. ` +
    `The harness computes in 32-bit floats, ${HARNESS_BATCH} prompts a batch. No loading is timed.`
  );
}

function tokenRate(work: Workload, rates: readonly number[]): Finding {
  const tokens = deduplicatedTokens(work) / work.examples.length;
  return {
    kind: 'finding',
    what: `${work.title}: tokens a second of ours, shared ones counted once`,
    value: median(rates) * tokens,
  };
}

function energy({ title }: Workload, joules: readonly number[]): Finding | Skipped {
  const what = `${title}: joules a claim of ours, the whole processor's`;
  return joules.length > 0
    ? { kind: 'finding', what, value: median(joules) }
    : skipped(what, 'this machine lets no program read its energy counters');
}

const skipped = (what: string, why: string): Skipped => ({ kind: 'skipped', what, why });
