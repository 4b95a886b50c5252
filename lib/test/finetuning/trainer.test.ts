import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { checkpoints } from 'small-claims/finetuning/checkpoints';
import { bestStep, readCurve } from 'small-claims/finetuning/curve';
import { readFit } from 'small-claims/finetuning/fit';
import { schedule, trainerConfig } from 'small-claims/finetuning/trainer-config';
import { trainingEntry } from 'small-claims/models/training-entry';
import { sha256File } from 'small-claims/project/digest';
import { projectPaths } from 'small-claims/project/paths';
import { askPython, findTrainingPrograms } from 'small-claims/project/python';
import { jsonLines, temporaryFolder } from '../datasets/fixture.js';

const programs = findTrainingPrograms();
const skip = programs ? false : 'needs the Python that trains (make train-python)';
const paths = projectPaths();
const root = temporaryFolder('trainer');
const labels = [10, 11, 12];

/** Of 30 rows of 8 to 24 tokens one tells the label, the third of them twice as often as the others. */
const rows = Array.from({ length: 30 }, (_, index) => {
  const label = [0, 1, 2, 2][index % 4] ?? 0;
  const others = Array.from(
    { length: 5 + ((index * 7) % 17) },
    (_, at) => 50 + ((index * 31 + at * 17) % 150),
  );
  const prompt = [20, 40 + label, ...others];
  const answer = [labels[label] ?? 0, 1];
  const completion_mask = [...prompt.map(() => 0), ...answer.map(() => 1)];
  return { id: `${index}`, input_ids: [...prompt, ...answer], completion_mask };
});

before(async () => {
  if (programs)
    await askPython(programs.python, [
      join(paths.root, 'lib/test/finetuning/tiny_llama.py'),
      join(root, 'w'),
    ]);
});

/** Writes a training's configuration, which `given` changes. */
function configured(name: string, given: object, precision: 'float32' | 'bfloat16' = 'float32') {
  const entry = trainingEntry.parse({
    ...{ id: 'tiny', title: 'tiny', model: 'any', train: ['scifact/nei-random/train'], size: 30, seeds: [1] },
    ...{ method: 'lora', loss: 'labels', ...given },
  });
  const hyper = { rank: 4, alpha: 8, dropout: 0.1, epochs: 6, learningRate: 0.01, batch: 8 };
  const plan = { ...schedule(rows.length, hyper, { gpu: false }), saveSteps: 3 };
  const output = join(root, name);
  const train = join(root, 'rows.jsonl');
  writeFileSync(train, jsonLines(rows));
  const heldOut = entry.patience > 0 ? train : null;
  const place = { weights: join(root, 'w'), train, heldOut, output, precision };
  const config = join(root, `${name}.json`);
  writeFileSync(config, JSON.stringify(trainerConfig(entry, hyper, 3, plan, place, labels)));
  return { config, output };
}

/** Trains; with `killedAfter` it is killed once it has told of so many updates, and started again. */
async function trained(
  name: string,
  given: object = {},
  killedAfter: readonly number[] = [],
  precision?: 'bfloat16',
) {
  const { config, output } = configured(name, given, precision);
  for (const updates of [...killedAfter, Number.POSITIVE_INFINITY]) {
    const child = spawn(programs?.python ?? '', ['-B', join(paths.python, 'trainer'), config]);
    let told = '';
    child.stderr.on('data', (chunk) => {
      told += chunk;
    });
    let count = 0;
    child.stdout.on('data', (chunk) => {
      count += String(chunk).split('"loss"').length - 1;
      if (count >= updates) child.kill('SIGKILL');
    });
    await once(child, 'close');
    if (updates < Number.POSITIVE_INFINITY) assert.equal(child.signalCode, 'SIGKILL', told);
    else assert.equal(child.exitCode, 0, told);
  }
  const last = checkpoints(output).at(-1);
  assert.ok(last);
  const weights = ['adapter_model.safetensors', 'model.safetensors']
    .map((file) => join(last.folder, file))
    .find((file) => existsSync(file));
  const curve = readCurve(output);
  const losses = curve.flatMap((each) => ('loss' in each ? [each.loss ?? Number.NaN] : []));
  return { output, curve, losses, weights: await sha256File(weights ?? ''), fit: readFit(output) ?? [] };
}

for (const method of ['lora', 'full', 'qlora', 'p-tuning', 'prompt-tuning', 'prefix-tuning'] as const) {
  test(`${method}: killed twice, a training goes on and comes to the same weights, curve and answers`, {
    skip,
  }, async () => {
    const given = { method, balanced: true, corrected: true };
    const whole = await trained(`${method}-whole`, given);
    const killed = await trained(`${method}-killed`, given, [5, 3]);
    assert.equal(killed.weights, whole.weights);
    assert.deepEqual(killed.losses, whole.losses);
    assert.deepEqual(killed.fit, whole.fit);
    assert.equal(whole.losses.length, 24);
    assert.ok((whole.losses.at(-1) ?? 9) < (whole.losses[0] ?? 0), String(whole.losses));
    if (method !== 'lora' && method !== 'full') return;
    assert.ok((whole.losses.at(-1) ?? 9) < 0.7 * (whole.losses[0] ?? 0), String(whole.losses));
    assert.ok(whole.fit.filter(({ right }) => right).length >= 24);
  });
}

test('a loss over the vocabulary learns the word and the end of the answer, in 16 bits as in 32', {
  skip,
}, async () => {
  const given = { method: 'full', loss: 'vocabulary' };
  const [long, short] = [await trained('float32', given), await trained('bfloat16', given, [], 'bfloat16')];
  // Two tokens of 200: at the start as likely as any.
  assert.ok(Math.abs((long.losses[0] ?? 0) - Math.log(200)) < 0.5);
  assert.ok((long.losses.at(-1) ?? 9) < 2.5);
  assert.notDeepEqual(short.losses, long.losses);
  assert.ok(Math.abs((short.losses[0] ?? 0) - (long.losses[0] ?? 9)) < 0.05);
});

test('rows one after another have the losses and gradients of PEFT’s own model on padded rows, by every method', {
  skip,
}, async () => {
  const file = join(root, 'few.jsonl');
  writeFileSync(file, jsonLines(rows.slice(0, 6)));
  const script = join(paths.root, 'lib/test/finetuning/unpadded.py');
  const given = [script, join(paths.python, 'trainer'), join(root, 'w'), file];
  const told: Record<string, { readonly loss: number; readonly gradients: number }> = JSON.parse(
    await askPython(programs?.python ?? '', given),
  );
  assert.deepEqual(Object.keys(told), ['lora', 'full', 'p-tuning', 'prompt-tuning', 'prefix-tuning']);
  for (const [method, { loss, gradients }] of Object.entries(told))
    assert.ok(loss < 1e-5 && gradients < 1e-5, `${method}: ${loss}, ${gradients}`);
});

test('a training is told to Weights & Biases too, if that is asked for and installed', { skip }, () => {
  const { config } = configured('reported', {});
  const stub = join(root, 'stub');
  mkdirSync(stub, { recursive: true });
  const told = join(stub, 'told.jsonl');
  const lines = [
    'import json',
    `def log(line, step): open(${JSON.stringify(told)}, "a").write(json.dumps([step, sorted(line)]) + "\\n")`,
    'class Run: log = staticmethod(log)',
    'init = lambda **given: Run',
  ];
  writeFileSync(join(stub, 'wandb.py'), `${lines.join('\n')}\n`);
  const reporting = (names: string) =>
    spawnSync(programs?.python ?? '', ['-B', join(paths.python, 'trainer'), config], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONPATH: stub, SMALL_CLAIMS_REPORT_TO: names },
    });
  assert.match(reporting('mail').stderr, /report to tensorboard, wandb, not mail/);
  assert.equal(reporting('wandb').status, 0);
  const [first, ...others] = readFileSync(told, 'utf8').trim().split('\n');
  assert.equal(first, '[1, ["learningRate", "loss", "seconds", "tokens"]]');
  assert.ok(others.length >= 23);
});

/** The losses of a training whose configuration is changed by hand. */
async function changed(name: string, given: object, change: object) {
  const { config, output } = configured(name, given);
  writeFileSync(config, JSON.stringify({ ...JSON.parse(readFileSync(config, 'utf8')), ...change }));
  await askPython(programs?.python ?? '', [join(paths.python, 'trainer'), config]);
  return readCurve(output).flatMap((each) => ('loss' in each ? [each.loss ?? Number.NaN] : []));
}

test('the seed decides an adapter’s first weights and the order of rows', { skip }, async () => {
  const [one, again, other] = [
    await changed('seed-3', {}, { epochs: 1 }),
    await changed('seed-3-again', {}, { epochs: 1 }),
    await changed('seed-4', {}, { epochs: 1, seed: 4 }),
  ];
  assert.equal(one.length, 4);
  assert.deepEqual(again, one);
  assert.notDeepEqual(other, one);
});

test('what begins corrected foresees each label as often as it comes', { skip }, async () => {
  // All rows in one update, of a model that has learnt nothing.
  const once = { epochs: 1, batch: rows.length };
  const [[plain = 0], [corrected = 0]] = [
    await changed('plain', {}, once),
    await changed('corrected', { corrected: true }, once),
  ];
  const shares = [8 / 30, 8 / 30, 14 / 30];
  const prior = shares.reduce((sum, share) => sum - share * Math.log(share), 0);
  assert.ok(Math.abs(corrected - prior) < 0.05 && corrected < plain - 0.02, `${plain} ${corrected} ${prior}`);
});

test('a training ends when the held-out loss no longer falls, and its best epoch is what answers', {
  skip,
}, async () => {
  const { curve, output, fit } = await trained('patience', { patience: 1, method: 'full' }, [6]);
  const ends = curve.flatMap((each) => ('heldOutLoss' in each ? [each] : []));
  const best = bestStep(curve);
  assert.ok(ends.length > 1 && ends.length <= 6);
  assert.ok(checkpoints(output).some(({ step }) => step === best));
  // The held-out rows are its own here: what it says of them is what it said at the end of its best epoch.
  const mean = fit.reduce((sum, { loss }) => sum + (loss ?? Number.NaN), 0) / fit.length;
  assert.ok(Math.abs(mean - (ends.find(({ step }) => step === best)?.heldOutLoss ?? 9)) < 1e-6);
});
