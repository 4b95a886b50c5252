import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answeredModels } from 'small-claims/pipeline/reproduction/environment';
import { openRecords } from 'small-claims/records/store';
import { rowOf } from '../../records/tiny.js';
import { scratchProject } from '../scratch-project.js';

test('models behind an API are recorded by the dated name that answered, and the days; those on disk are not', async (t) => {
  const paths = scratchProject(t);
  const records = openRecords(paths);
  const make = (name: string, model: { id: string; api?: string }, kind: 'run' | 'generation' = 'run') =>
    records.ensure({ name, header: { kind, model, of: name }, compute: async () => [rowOf(kind, 'row')] });
  assert.deepEqual(answeredModels(paths), {});
  const { making } = await make('runs/gpt/scifact', { id: 'gpt', api: 'gpt-4o-2024-08-06' });
  await make('generations/gpt/scifact', { id: 'gpt', api: 'gpt-4o-2024-08-06' }, 'generation');
  await make('runs/tiny/scifact', { id: 'tiny' });
  const day = making.madeAt.slice(0, 10);
  assert.deepEqual(Object.keys(answeredModels(paths)), ['gpt']);
  assert.match(answeredModels(paths)['gpt'] ?? '', new RegExp(`^gpt-4o-2024-08-06, on ${day}`));
});
