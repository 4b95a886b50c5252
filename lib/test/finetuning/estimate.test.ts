import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { assertReleaseRoom, assertRoom, estimate, releaseRoom } from 'small-claims/finetuning/estimate';
import { projectPaths } from 'small-claims/project/paths';

const hyper = { rank: 8, alpha: 16, dropout: 0, epochs: 3, learningRate: 0.0005, batch: 16 };
const plan = { perDevice: 4, stepsPerEpoch: 63, saveSteps: 20, steps: 189 };
const cpu = { gpu: false, bfloat16: false, flops: 1.5e11 };
const lengths = Array.from({ length: 1008 }, () => 144);
const of = (parameters: string, method: 'qlora' | 'lora' | 'full') =>
  estimate({ model: { parameters }, entry: { method }, hyper, machine: cpu, plan, lengths });

test('a training takes time and memory by the size of its model, and by what of it is trained', () => {
  const [qlora, lora, full] = [of('135M', 'qlora'), of('135M', 'lora'), of('135M', 'full')];
  // Two operations a parameter and token forwards and two backwards, at two fifths of the processor's speed.
  assert.ok(Math.abs(qlora.seconds - (4 * 135e6 * 1008 * 144 * 3) / (1.5e11 * 0.4)) < 1);
  assert.ok(full.seconds > lora.seconds);
  assert.ok(qlora.memoryBytes < lora.memoryBytes && lora.memoryBytes < full.memoryBytes);
  assert.ok(Math.abs(of('1.35B', 'qlora').seconds / qlora.seconds - 10) < 1e-9);
});

test('what has no room is refused with what it needs, before anything is trained', () => {
  const machine = { ...cpu, name: 'cpu', bytes: 0, versions: {} };
  const paths = projectPaths();
  assertRoom(of('135M', 'qlora'), machine, paths);
  assert.throws(
    () => assertRoom(of('900B', 'full'), machine, paths),
    /the training needs about \d{5}\.\d GB of memory; there are/,
  );
  assert.throws(() => assertRoom({ ...of('1M', 'qlora'), diskBytes: 1e18 }, machine, paths), /GB of disk/);
  const there = { modelCache: tmpdir() };
  assertReleaseRoom({ parameters: '1M' }, false, there);
  // The weights twice in four bytes.
  assert.equal(releaseRoom({ parameters: '7B' }).diskBytes, 56e9);
  assert.throws(
    () => assertReleaseRoom({ parameters: '900B' }, true, there),
    /comparing the adapter needs about 396\d\.\d GB of memory/,
  );
});
