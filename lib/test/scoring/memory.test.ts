import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UserError } from 'small-claims/project/error';
import { assertFits, OVERHEAD_BYTES } from 'small-claims/scoring/llama/memory';

test('a model that will not fit into memory is refused, with what it needs and what there is', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'memory-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'model.gguf');
  writeFileSync(file, '');
  // Sparse: it takes no room on the disk.
  truncateSync(file, 4 * 2 ** 30);
  assertFits(file, 4 * 2 ** 30 + OVERHEAD_BYTES);
  assert.throws(
    () => assertFits(file, 3 * 2 ** 30),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /model\.gguf: the model needs 4\.3 GiB of memory; 3\.0 GiB are free/);
      return true;
    },
  );
});
