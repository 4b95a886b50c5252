/**
 * How often an audit flags anything in clean pairs: 200 draws of labels dealt out at random. Writes false_alarms.json
 * beside this file; some minutes:
 *
 *     make test && node build/test/reference/false_alarms.js
 */
import { writeFileSync } from 'node:fs';
import { audit } from 'small-claims/audit/audit';
import { cleanPairs } from '../audit/synthetic.js';

const DRAWS = 200;
const SIZE = { train: 600, test: 300 };
const OPTIONS = { replicates: 200, permutations: 1000 };

const alarms: { seed: number; checks: readonly string[] }[] = [];
let alpha = 0;
for (let seed = 1; seed <= DRAWS; seed++) {
  const { train, test } = cleanPairs(seed, SIZE);
  const result = await audit(train, test, { ...OPTIONS, seed });
  alpha = result.options.alpha;
  const checks = result.checks.filter(({ verdict }) => verdict !== 'fine').map(({ id }) => id);
  if (checks.length > 0) alarms.push({ seed, checks });
}
writeFileSync(
  new URL('../../../lib/test/reference/false_alarms.json', import.meta.url),
  `${JSON.stringify({ draws: DRAWS, ...SIZE, ...OPTIONS, alpha, falseAlarms: alarms.length, alarms }, null, 1)}\n`,
);
