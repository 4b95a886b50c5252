import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clustersAmong } from 'small-claims/audit/data';
import { structure } from 'small-claims/audit/measures/structure';
import { normalQuantile } from 'small-claims/metrics/distributions';
import { z } from 'zod';
import { expected } from '../reference/expected.js';
import { invented } from './datasets.js';

const reference = expected(
  'audit_areas',
  z.array(
    z.object({
      name: z.string(),
      clusters: z.array(z.number()),
      areas: z.array(
        z.object({
          feature: z.string(),
          label: z.string(),
          auc: z.number(),
          sd: z.number(),
          low: z.number(),
          high: z.number(),
        }),
      ),
    }),
  ),
);

for (const { name, clusters, areas } of reference) {
  describe(`in the dataset ${name}`, () => {
    const data = invented(name);

    test('rows are linked as scipy links them', () => {
      const { keys } = clustersAmong(data.test, data.fields);
      for (const [row, key] of keys.entries())
        for (const [other, another] of keys.entries())
          assert.equal(key === another, clusters[row] === clusters[other], `${row}, ${other}`);
    });

    test('intervals of areas are those of a bootstrap that draws the clusters', () => {
      const { separations } = structure(data, { replicates: 10 });
      for (const wanted of areas) {
        const of = `${wanted.feature}, ${wanted.label}`;
        const found = separations.find(
          ({ feature, label }) => feature.id === wanted.feature && label === wanted.label,
        )?.separation;
        assert.ok(found, of);
        assert.ok(Math.abs(found.auc - wanted.auc) < 1e-12, of);
        const ends = Math.max(Math.abs(found.low - wanted.low), Math.abs(found.high - wanted.high));
        if (name === 'tiny') {
          // Of five rows every draw is known, but a normal interval is a rough one; without overlap both have no width.
          assert.ok(ends < (wanted.sd === 0 ? 1e-9 : 0.25), `${of}: ${ends}`);
        } else {
          // Four standard errors of a standard deviation known from 20,000 draws are 2 %; the ends are of two shapes.
          const error = (found.high - found.low) / (2 * normalQuantile(0.975));
          assert.ok(Math.abs(error / wanted.sd - 1) < 0.025, `${of}: ${error}, a bootstrap has ${wanted.sd}`);
          assert.ok(ends < 0.02, `${of}: ${ends}`);
        }
      }
    });
  });
}
