import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateGate, rateLimit } from 'small-claims/scoring/openai/rate-limit';
import { fastClock } from './means.js';

const wait = (headers: Record<string, string>, tokens = 100) => rateLimit(new Headers(headers), tokens).wait;

test('the wait that an endpoint asks for is read from its headers', () => {
  assert.equal(wait({}), undefined);
  assert.equal(wait({ 'retry-after': '7' }), 7000);
  assert.equal(wait({ 'retry-after-ms': '30', 'retry-after': '7' }), 30);
  assert.equal(wait({ 'retry-after': 'soon' }), undefined);
  const date = wait({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() }) ?? 0;
  assert.ok(date > 55_000 && date <= 60_000, `${date}`);
  assert.equal(wait({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }), 0);
});

test('with no request left, or too few tokens for the next one, the wait is until they are given back', () => {
  const requests = { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '120ms' };
  const tokens = { 'x-ratelimit-remaining-tokens': '99', 'x-ratelimit-reset-tokens': '6m0s' };
  assert.equal(wait(requests), 120);
  assert.equal(wait(tokens), 360_000);
  assert.equal(wait(tokens, 99), undefined);
  assert.equal(wait({ ...requests, ...tokens }), 360_000);
  assert.equal(wait({ 'x-ratelimit-remaining-requests': '0' }), undefined);
});

test('a duration is read as OpenAI and others write it', () => {
  const told = ['1s', '20ms', '6m0s', '1h2m3.5s', '2', 'never', ''].map((reset) =>
    wait({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': reset }),
  );
  assert.deepEqual(told, [1000, 20, 360_000, 3_723_500, 2000, undefined, undefined]);
});

test('a closed gate lets nobody through before its time, and a longer wait is not shortened', async () => {
  const clock = fastClock();
  const gate = new RateGate(clock, () => 0);
  await gate.pass();
  assert.equal(clock.slept(), 0);
  gate.close(5000);
  gate.close(1000);
  await gate.pass();
  assert.ok(clock.now() >= 5000);
});
