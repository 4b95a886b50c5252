import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { readModels } from 'small-claims/models/catalogue';
import { readPrices, tokenCost } from 'small-claims/models/prices';
import { projectPaths } from 'small-claims/project/paths';
import { temporaryFolder } from '../datasets/fixture.js';

test('every model that is asked at OpenAI has a price, with its source, the day it was read and how it is known', () => {
  const { tokens, hours } = readPrices();
  for (const model of readModels()) {
    if (model.provider === 'openai' && model.server === 'openai') assert.ok(tokens[model.apiModel], model.id);
  }
  for (const price of [...Object.values(tokens), ...Object.values(hours)]) {
    assert.equal(
      price.via === undefined,
      price.verified !== 'second-hand',
      `${price.source} ${price.verified}`,
    );
  }
});

test('tokens cost what a bill by hand comes to', () => {
  const price = {
    input: 2.5,
    cachedInput: 1.25,
    output: 10,
    batch: { input: 1.25, output: 5 },
    source: 'https://example.org/',
    read: '2026-01-01',
    verified: 'unverified',
  } as const;
  const usage = { prompt: 1_000_000, cached: 400_000, completion: 20_000 };
  assert.equal(tokenCost(price, usage), 1.5 + 0.5 + 0.2);
  assert.equal(tokenCost(price, usage, true), 1.25 + 0.1);
  // Without a price for either, the full one holds.
  const { batch, cachedInput, ...plain } = price;
  assert.equal(tokenCost(plain, usage, true), 2.5 + 0.2);
});

test('a mistake in the prices names file, line and field', () => {
  const paths = projectPaths(temporaryFolder('prices'));
  mkdirSync(paths.data, { recursive: true });
  const entry = 'source: https://example.org/, read: 2026-01-01, verified: unverified';
  writeFileSync(paths.pricesFile, `tokens:\n  m: { input: -1, output: 1, ${entry} }\nhours: {}\n`);
  assert.throws(() => readPrices(paths), /prices\.yaml:2: tokens\.m\.input/);
  writeFileSync(paths.pricesFile, `tokens: {}\nhours:\n  m: { title: M, hours: 1, ${entry} }\n`);
  assert.throws(() => readPrices(paths), /prices\.yaml:3: hours\.m\.hours: unknown key[\s\S]*"hour"/);
});
