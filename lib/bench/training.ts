import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { plainWeights } from 'small-claims/finetuning/base-weights';
import { promptCompletions } from 'small-claims/finetuning/prompt-completion';
import { schedule, trainerConfig } from 'small-claims/finetuning/trainer-config';
import { trainingMachine } from 'small-claims/finetuning/training-machine';
import { trainingRows } from 'small-claims/finetuning/training-rows';
import { findGguf } from 'small-claims/models/catalogue';
import { locateModel } from 'small-claims/models/locate';
import { pinModel } from 'small-claims/models/pin';
import { gridOf, type TrainingEntry, trainingEntry } from 'small-claims/models/training-entry';
import { projectPaths } from 'small-claims/project/paths';
import { findTrainingPrograms } from 'small-claims/project/python';
import { findPrompt } from 'small-claims/tasks/prompt';
import { z } from 'zod';
import type { Benchmark, Comparison, Finding, Measure } from './benchmark.js';
import { median, rateOf } from './measuring.js';

const SEED = 1;
const PROMPT = 'true-false-unknown-short';
const ROUNDS = 5;
/** What is trained: models, the updates timed in a round, and the seconds of an epoch that are aimed at. */
const TRAINED = [
  { model: 'smollm2-135m-instruct', updates: 6, epoch: 240 },
  { model: 'qwen2.5-coder-0.5b-instruct', updates: 2, epoch: 900 },
] as const;

const training: Benchmark = {
  title: 'Training on 1,008 rows of HealthVer dev: LoRA of rank 16, 8 rows an update, one thread',
  async *steps() {
    const programs = findTrainingPrograms();
    if (!programs) {
      const why = 'it needs the Python that trains (make train-python)';
      return yield { kind: 'skipped', what: 'training', why };
    }
    for (const { model, updates, epoch } of TRAINED) {
      // A folder of the system, not of the project: it holds the text of a data set.
      const folder = mkdtempSync(join(tmpdir(), 'small-claims-bench-'));
      try {
        yield* of(programs.python, await prepared(programs.python, entryOf(model), folder), updates, epoch);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  },
};
export default training;

const entryOf = (model: string) =>
  trainingEntry.parse({
    ...{ id: 'bench', title: 'bench', model, train: ['healthver/rows/dev'], size: 1008, seeds: [SEED] },
    ...{ method: 'lora', loss: 'labels', rank: 16, alpha: 32, epochs: 4, learningRate: 0.0005, batch: 8 },
  });

interface Prepared {
  readonly title: string;
  readonly config: string;
  /** Of an epoch. */
  readonly tokens: number;
  readonly precision: string;
}

/** Writes what the trainer reads. */
async function prepared(python: string, entry: TrainingEntry, folder: string): Promise<Prepared> {
  const paths = projectPaths();
  const model = await pinModel(findGguf(entry.model, paths), paths);
  const { path } = await locateModel(model, paths);
  const weights = await plainWeights(python, path, model.sha256, paths);
  const drawn = (await trainingRows(entry, SEED, paths)).flatMap(({ rows }) => rows);
  const { rows, labels } = await promptCompletions(path, findPrompt(PROMPT), drawn, entry.maxLength);
  const [hyper] = gridOf(entry);
  if (!hyper) throw new Error('an entry without hyper-parameters');
  const machine = await trainingMachine({ python }, paths);
  const precision = machine.bfloat16 ? 'bfloat16' : 'float32';
  const train = join(folder, 'rows.jsonl');
  writeFileSync(train, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const plan = schedule(rows.length, hyper, { gpu: false });
  const place = { weights: weights.folder, train, heldOut: null, output: folder, precision } as const;
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(trainerConfig(entry, hyper, SEED, plan, place, labels)));
  const tokens = rows.reduce((sum, { input_ids }) => sum + input_ids.length, 0);
  return { title: model.title, config, tokens, precision };
}

/** One training beside the bare loop, and beside two at once; each peer makes the updates of an epoch in their order. */
async function* of(
  python: string,
  { title, config, tokens, precision }: Prepared,
  updates: number,
  epoch: number,
): AsyncGenerator<Comparison | Finding> {
  const [ours, second, bare] = [
    await startPeer(python, config, 'ours'),
    await startPeer(python, config, 'ours'),
    await startPeer(python, config, 'bare'),
  ];
  const made: Record<'ours' | 'bare', Learnt[]> = { ours: [], bare: [] };
  const learn = (name: 'ours' | 'bare') => async () => {
    const learnt = await (name === 'ours' ? ours : bare).learn(updates);
    made[name].push(learnt);
    return learnt;
  };
  const processor = (name: 'ours' | 'bare') => median(made[name].map((each) => each.units / each.processor));
  try {
    const note = `Computed in ${precision}; ${updates} updates a round, loading not timed.`;
    const alone = { unit: 'tokens', rounds: ROUNDS };
    yield {
      kind: 'comparison',
      title: `${title}, one training`,
      ...alone,
      ours: { name: 'Small Claims', run: learn('ours') },
      peers: [{ name: 'a loop of PyTorch and PEFT', run: learn('bare') }],
      targets: { 'a loop of PyTorch and PEFT': 0.9 },
      note,
    };
    const whole = `${title}, of an epoch of ${tokens} tokens`;
    const aim = { target: { atMost: epoch } };
    const fastest = Math.max(...made.ours.map(rateOf));
    yield {
      kind: 'finding',
      what: `${whole}, seconds by the fastest round`,
      value: tokens / fastest,
      ...aim,
    };
    yield {
      kind: 'finding',
      what: `${whole}, seconds of processor time, which others on the machine lengthen less`,
      value: tokens / processor('ours'),
      ...aim,
    };
    yield {
      kind: 'finding',
      what: `${title}, tokens a second of processor time, as many times those of the loop of PyTorch and PEFT`,
      value: processor('ours') / processor('bare'),
      target: { atLeast: 0.9 },
    };
    yield {
      kind: 'comparison',
      title: `${title}, trainings side by side`,
      ...alone,
      ours: { name: 'two at once', run: () => together([ours, second], updates) },
      peers: [{ name: 'one alone', run: () => ours.learn(updates) }],
      targets: { 'one alone': 1.5 },
    };
  } finally {
    for (const peer of [ours, second, bare]) peer.stop();
  }
}

async function together(peers: readonly TrainingPeer[], updates: number): Promise<Measure> {
  const started = performance.now();
  const made = await Promise.all(peers.map((peer) => peer.learn(updates)));
  const units = made.reduce((sum, measure) => sum + measure.units, 0);
  return { units, seconds: (performance.now() - started) / 1000 };
}

/** With the seconds of processor time. */
interface Learnt extends Measure {
  readonly processor: number;
}

interface TrainingPeer {
  /** Makes so many updates more. */
  learn(updates: number): Promise<Learnt>;
  stop(): void;
}

const said = z.union([
  z.strictObject({ ready: z.literal(true) }),
  z.strictObject({ tokens: z.number(), seconds: z.number(), processor: z.number() }),
]);

async function startPeer(python: string, config: string, kind: 'ours' | 'bare'): Promise<TrainingPeer> {
  const program = join(projectPaths().root, 'lib', 'bench', 'training_peer.py');
  const child = spawn(python, ['-B', program, config, kind], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // As the trainer is started: memory that glibc has got it keeps.
    env: {
      ...process.env,
      ...{ OMP_NUM_THREADS: '1', HF_HUB_OFFLINE: '1', TOKENIZERS_PARALLELISM: 'false' },
      ...{ MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '100000000000' },
    },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`training_peer.py ${kind} ended before it was told to`);
    return said.parse(JSON.parse(value));
  };
  await answer();
  return {
    async learn(updates) {
      child.stdin.write(`${updates}\n`);
      const made = await answer();
      if (!('tokens' in made)) throw new Error('training_peer.py made no updates');
      return { units: made.tokens, seconds: made.seconds, processor: made.processor };
    },
    stop: () => child.kill(),
  };
}
