import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Row } from 'small-claims/tasks/row';
import { wordOf } from 'small-claims/tasks/shape';
import { labelsOf } from 'small-claims/tasks/task';
import { z } from 'zod';
import type { Measure } from './benchmark.js';
import type { Workload } from './workload.js';

/** Log-likelihoods of the answers, in the order of the task’s labels, by example. */
export type Likelihoods = ReadonlyMap<string, readonly number[]>;

const TASK = 'small_claims';
const sample = z.object({
  doc: z.object({ id: z.string() }),
  filtered_resps: z.array(z.tuple([z.union([z.string(), z.number()]).transform(Number)], z.unknown())),
});

/**
 * lm-evaluation-harness on the same prompts as a multiple choice, by its `hf` model on the CPU, in floats of `dtype`. Its time is from the
 * first request to the last, without Python's start and the loading of the model.
 */
export async function runHarness(
  python: string,
  weights: string,
  work: Workload,
  examples: readonly Row[],
  { batch, dtype }: { readonly batch: number; readonly dtype: 'float32' | 'bfloat16' },
): Promise<{ readonly measure: Measure; readonly likelihoods: Likelihoods }> {
  // A folder of the system, not of the project: it holds the text of a data set.
  const folder = mkdtempSync(join(tmpdir(), 'small-claims-bench-'));
  try {
    const labels = labelsOf(work.prompt.task);
    const rows = examples.map((example) => ({
      id: example.id,
      prompt: work.promptOf(example),
      gold: labels.indexOf(String(example.gold)),
    }));
    writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    writeFileSync(join(folder, `${TASK}.yaml`), taskFile(folder, work));
    const seconds = await evaluate(python, folder, `pretrained=${weights},dtype=${dtype}`, batch);
    return { measure: { units: examples.length, seconds }, likelihoods: readSamples(folder) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JSON is YAML. The prompt goes in as it is, and nothing stands between it and an answer. */
function taskFile(folder: string, { prompt }: Workload): string {
  return JSON.stringify({
    task: TASK,
    dataset_path: 'json',
    dataset_kwargs: { data_files: { test: join(folder, 'rows.jsonl') } },
    test_split: 'test',
    output_type: 'multiple_choice',
    doc_to_text: '{{prompt}}',
    doc_to_choice: labelsOf(prompt.task).map((label) => wordOf(label, prompt)),
    doc_to_target: 'gold',
    target_delimiter: '',
    metric_list: [{ metric: 'acc' }],
  });
}

async function evaluate(python: string, folder: string, args: string, batch: number): Promise<number> {
  const run = execa(
    python,
    [
      ...['-m', 'lm_eval', 'run', '--model', 'hf', '--model_args', args],
      ...['--tasks', TASK, '--include_path', folder, '--device', 'cpu', '--batch_size', String(batch)],
      ...['--output_path', join(folder, 'out'), '--log_samples'],
    ],
    {
      env: { HF_HUB_OFFLINE: '1', HF_DATASETS_OFFLINE: '1', HF_HOME: join(folder, 'home') },
      all: true,
    },
  );
  let started: number | undefined;
  let ended: number | undefined;
  run.all.on('data', (text: Buffer) => {
    if (!/Running loglikelihood requests/.test(text.toString())) return;
    started ??= performance.now();
    ended = performance.now();
  });
  await run;
  if (started === undefined || ended === undefined) throw new Error('lm_eval showed no progress to time');
  return (ended - started) / 1000;
}

function readSamples(folder: string): Likelihoods {
  const out = join(folder, 'out');
  const file = readdirSync(out, { recursive: true, encoding: 'utf8' }).find((name) =>
    /samples_.*\.jsonl$/.test(name),
  );
  if (file === undefined) throw new Error('lm_eval wrote no samples');
  const lines = readFileSync(join(out, file), 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const { doc, filtered_resps } = sample.parse(JSON.parse(line));
      return [doc.id, filtered_resps.map(([likelihood]) => likelihood)];
    }),
  );
}
