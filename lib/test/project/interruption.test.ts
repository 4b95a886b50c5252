import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sha256 } from 'small-claims/project/digest';
import { fetchVerified } from 'small-claims/project/download';
import { Interrupted, interrupt, interruption, isInterrupted } from 'small-claims/project/interruption';
import { wallClock } from 'small-claims/scoring/openai/clock';

test('an interruption asks what is under way to end, and not what begins after it', () => {
  const under = interruption();
  assert.equal(under.aborted, false);
  interrupt();
  assert.equal(under.aborted, true);
  assert.ok(under.reason instanceof Interrupted);
  assert.equal(interruption().aborted, false);
});

test('a download that is interrupted ends at once, is tried nowhere else, and says what is kept', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'interrupted-'));
  t.after(() => rmSync(folder, { recursive: true }));
  let asked = 0;
  const silent: typeof fetch = (_, init) => {
    asked++;
    return new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  };
  const wanted = { title: 'a model', destination: join(folder, 'x'), sha256: sha256('x') };
  const sources = ['https://one.invalid/x', 'https://two.invalid/x'];
  const ended = fetchVerified({ ...wanted, sources }, { fetch: silent, pause: async () => {} });
  setTimeout(interrupt, 50);
  await assert.rejects(
    ended,
    (error) => isInterrupted(error) && /a model: interrupted; .* kept/.test(String(error)),
  );
  assert.equal(asked, 1);
});

test('a wait of a request that is to be sent again ends with the interruption', async () => {
  const slept = wallClock.sleep(60_000);
  setTimeout(interrupt, 20);
  await assert.rejects(slept, isInterrupted);
});
