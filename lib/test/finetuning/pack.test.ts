import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packTrainings, splitFile } from 'small-claims/finetuning/elsewhere/pack';
import { returnedJobs, unpackTraining } from 'small-claims/finetuning/elsewhere/unpack';
import { trainEntry } from 'small-claims/finetuning/study-training';
import { sha256File } from 'small-claims/project/digest';
import { findTrainingPrograms } from 'small-claims/project/python';
import { refusal, temporaryFolder } from '../datasets/fixture.js';
import { tinyEntry, tinyProject } from './tiny-project.js';

/** Without any network where this system lets a program be without. */
function withoutNetwork(command: readonly string[], env: Readonly<Record<string, string>>) {
  const alone = spawnSync('unshare', ['-rn', 'true']).status === 0;
  const [program = '', ...args] = alone ? ['unshare', '-rn', ...command] : command;
  return spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } });
}

test('a training that is packed and done without network is, unpacked, what it would have been here', async (t) => {
  const paths = await tinyProject(t);
  if (!paths) return;
  const python = findTrainingPrograms()?.python ?? '';
  const [entry, prompt] = [
    tinyEntry('lora', 'healthver/rows/train', { loss: 'labels' }),
    'true-false-unknown',
  ];
  const wanted = [{ entry, seed: 1, prompt }];
  const out = join(temporaryFolder('pack'), 'out');
  const most = 100_000;
  const packed = await packTrainings(wanted, out, { most, weights: true, wheels: false }, paths);
  assert.deepEqual(packed.jobs, ['tiny-lora-seed1']);
  assert.match(packed.texts.join(), /^Fixture of healthver: ./);
  assert.match(readFileSync(join(out, 'README.md'), 'utf8'), /Fixture of healthver/);
  const sizes = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile() && each.name !== 'pack.json')
      .map((each) => statSync(join(each.parentPath, each.name)).size);
  assert.ok(Math.max(...sizes(out)) <= most);
  assert.match(
    (await refusal(() => packTrainings(wanted, out, { most, weights: true, wheels: false }, paths))).message,
    /not empty/,
  );

  const run = () => withoutNetwork(['sh', join(out, 'run.sh')], { PYTHON: python });
  const bare = withoutNetwork(['sh', join(out, 'run.sh')], { PYTHON: 'python3', PYTHONNOUSERSITE: '1' });
  if (bare.status !== 0) assert.match(bare.stderr, /lacks .*torch==/);
  const first = run();
  assert.equal(first.status, 0, first.stderr);
  // Done, it is not done again.
  const again = run();
  assert.doesNotMatch(again.stdout, /"loss"/);
  const [told, ...others] = returnedJobs(out);
  assert.ok(told && others.length === 0);
  assert.ok(Math.max(...sizes(join(out, 'back'))) <= most);

  const here = await trainEntry({ entry, seed: 1, prompt }, { ...paths, training: temporaryFolder('here') });
  assert.deepEqual(await unpackTraining(told, wanted, paths), wanted[0]);
  // What was unpacked is taken for its training: nothing is trained.
  const back = await trainEntry({ entry, seed: 1, prompt }, paths);
  const weights = (folder: string | undefined) => sha256File(join(folder ?? '', 'adapter_model.safetensors'));
  assert.equal(
    await weights(back.trained.epochs.at(-1)?.folder),
    await weights(here.trained.epochs.at(-1)?.folder),
  );
  assert.deepEqual(back.trained.fit, here.trained.fit);
  assert.deepEqual(
    back.trained.curve.map((each) => ('loss' in each ? each.loss : null)),
    here.trained.curve.map((each) => ('loss' in each ? each.loss : null)),
  );

  const other = [{ ...wanted[0], entry: { ...entry, warmup: 0.2 }, seed: 1, prompt }];
  assert.match(
    (await refusal(() => unpackTraining(told, other, paths))).message,
    /other rows, weights or settings/,
  );
  const part = readdirSync(join(out, 'back')).find((name) => /tar/.test(name)) ?? '';
  appendFileSync(join(out, 'back', part), 'x');
  assert.match((await refusal(() => unpackTraining(told, wanted, paths))).message, /not what was sent/);
  rmSync(join(out, 'back', part));
  assert.match((await refusal(() => unpackTraining(told, wanted, paths))).message, /is missing/);
  assert.ok(existsSync(join(paths.training, 'tiny-lora-seed1', 'facts.json')));
});

test('a file is split into parts that make it again', () => {
  const file = join(temporaryFolder('parts'), 'file');
  appendFileSync(file, 'abcdefg');
  assert.deepEqual(splitFile(file, 0), []);
  assert.deepEqual(splitFile(file, 7), []);
  const parts = splitFile(file, 3);
  assert.deepEqual(
    parts.map((part) => readFileSync(part, 'utf8')),
    ['abc', 'def', 'g'],
  );
  assert.equal(existsSync(file), false);
});
