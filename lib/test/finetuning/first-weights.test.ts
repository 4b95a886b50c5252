import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { checkpoints, logHistory } from 'small-claims/finetuning/checkpoints';
import { runTrainer } from 'small-claims/finetuning/trainer';
import { schedule, trlConfig, trlYaml } from 'small-claims/finetuning/trl-config';
import { projectPaths } from 'small-claims/project/paths';
import { findTrainingPrograms } from 'small-claims/project/python';
import { jsonLines, temporaryFolder } from '../datasets/fixture.js';

test('the seed decides an adapter’s first weights; a training under accelerate ends with its last validation', async (t) => {
  const programs = findTrainingPrograms();
  if (!programs) return t.skip('needs the Python that trains (make train-python)');
  const [paths, root] = [projectPaths(), temporaryFolder('first-weights')];
  const [rows, cache] = [join(root, 'rows'), join(root, 'cache')];
  mkdirSync(rows);
  const row = { prompt: 'w2 w3', completion: 'w4', input_ids: [2, 3, 4, 0], completion_mask: [0, 0, 1, 1] };
  for (const part of ['train', 'validation'])
    writeFileSync(join(rows, `${part}.jsonl`), jsonLines([row, row]));
  const method = { method: 'lora', targets: 'all-linear', warmup: 0, maxLength: 8 } as const;
  const device = { gpu: false, processes: 1 };
  const config = (name: string, seed: number, epochs: number, learningRate: number) => {
    const hyper = { rank: 2, alpha: 4, dropout: 0, epochs, learningRate, batch: 2 };
    const place = { base: join(root, 'base'), rows, validated: epochs > 1, output: join(root, name) };
    const plan = schedule(2, hyper, device);
    const file = join(root, `${name}.yaml`);
    writeFileSync(
      file,
      trlYaml(trlConfig(method, hyper, seed, plan, { ...place, resume: undefined, device })),
    );
    return file;
  };
  // A rate of nothing leaves the weights as they were drawn.
  const starts = [1, 1, 2].map((seed, index) => config(`start-${index}`, seed, 1, 0));
  const program = join(paths.root, 'lib', 'test', 'finetuning', 'first_weights.py');
  const { stdout } = await execa(programs.python, [program, paths.python, ...starts], {
    env: { HF_HUB_OFFLINE: '1', HF_DATASETS_CACHE: cache, OMP_NUM_THREADS: '1' },
  });
  const drawn = [...stdout.matchAll(/^first weights (\w+)$/gm)].map(([, hash]) => hash);
  assert.equal(drawn.length, 3);
  assert.equal(drawn[0], drawn[1]);
  assert.notEqual(drawn[0], drawn[2]);

  await runTrainer({
    ...{ python: programs.python, script: join(paths.python, 'sft.py'), config: config('run', 1, 2, 0.01) },
    ...{ log: join(root, 'training.log'), cache, processes: 1, onLogged: () => undefined },
  });
  const last = checkpoints(join(root, 'run')).at(-1);
  assert.ok(last?.step === 2);
  const losses = logHistory(last).flatMap(({ eval_loss: loss }) => loss ?? []);
  assert.equal(losses.length, 2);
});
