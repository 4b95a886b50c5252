import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where Linux shows the energy counters of processors (RAPL), one folder a package. */
const POWERCAP = '/sys/class/powercap';

/**
 * Begins to count the energy of the machine's processors, whatever runs on them; the result gives joules since then.
 * Undefined where a program may not read it: in most virtual machines, and on many systems for all but root.
 */
export function countEnergy(folder = POWERCAP): (() => number) | undefined {
  try {
    const packages = readdirSync(folder).filter((name) => /^intel-rapl:\d+$/.test(name));
    const begun = packages.map((name) => ({
      from: microjoules(join(folder, name, 'energy_uj')),
      range: microjoules(join(folder, name, 'max_energy_range_uj')),
      name,
    }));
    if (begun.length === 0) return undefined;
    return () => {
      const used = begun.map(({ name, from, range }) => {
        const difference = microjoules(join(folder, name, 'energy_uj')) - from;
        // The counter begins anew when it is full.
        return difference < 0 ? difference + range : difference;
      });
      return used.reduce((sum, each) => sum + each, 0) / 1e6;
    };
  } catch {
    return undefined;
  }
}

const microjoules = (file: string) => Number(readFileSync(file, 'utf8'));
