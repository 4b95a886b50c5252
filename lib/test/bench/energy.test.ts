import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { countEnergy } from '../../bench/energy.js';
import { temporaryFolder } from '../datasets/fixture.js';

/** A folder of counters, as Linux shows them, in microjoules. */
function counters(microjoules: Readonly<Record<string, number>>, range = 1e9) {
  const folder = temporaryFolder('energy');
  const set = (now: Readonly<Record<string, number>>) => {
    for (const [name, value] of Object.entries(now)) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'energy_uj'), `${value}\n`);
      writeFileSync(join(folder, name, 'max_energy_range_uj'), `${range}\n`);
    }
  };
  set(microjoules);
  return { folder, set };
}

test('energy is that of all processors since then, in joules; what a part of one used is in its own', () => {
  const { folder, set } = counters({ 'intel-rapl:0': 5e6, 'intel-rapl:1': 1e6, 'intel-rapl:0:0': 3e6 });
  const used = countEnergy(folder);
  set({ 'intel-rapl:0': 7e6, 'intel-rapl:1': 1.5e6, 'intel-rapl:0:0': 4e6 });
  assert.equal(used?.(), 2.5);
  set({ 'intel-rapl:0': 9e6 });
  assert.equal(used?.(), 4.5);
});

test('a counter that was full and began anew is read on', () => {
  const { folder, set } = counters({ 'intel-rapl:0': 9e6 }, 10e6);
  const used = countEnergy(folder);
  set({ 'intel-rapl:0': 2e6 });
  assert.equal(used?.(), 3);
});

test('where there is no counter, or it may not be read, nothing is counted', () => {
  const folder = temporaryFolder('energy');
  assert.equal(countEnergy(folder), undefined);
  assert.equal(countEnergy(join(folder, 'none')), undefined);
  mkdirSync(join(folder, 'intel-rapl:0'));
  assert.equal(countEnergy(folder), undefined);
});
