import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readBytes } from 'small-claims/datasets/text';
import { readPrices } from 'small-claims/models/prices';
import { readNotebook } from 'small-claims/pipeline/notebook/notebook';
import { sha256File } from 'small-claims/project/digest';
import { UserError, userErrorOf } from 'small-claims/project/error';
import { readText } from 'small-claims/project/input-file';
import { projectPaths } from 'small-claims/project/paths';
import { readYaml } from 'small-claims/project/yaml';
import { z } from 'zod';

const folder = mkdtempSync(join(tmpdir(), 'input-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Everything in a file's place that is none. */
const pipe = join(folder, 'pipe');
execFileSync('mkfifo', [pipe]);
const zeros = join(folder, 'zeros');
symlinkSync('/dev/zero', zeros);
const inside = join(folder, 'folder');
mkdirSync(inside);
const circle = join(folder, 'circle');
symlinkSync(circle, circle);
const socket = join(folder, 'socket');
const server = createServer().listen(socket);
after(() => server.close());

const READERS: Readonly<Record<string, (path: string) => unknown>> = {
  text: readText,
  YAML: (path) => readYaml(path, z.strictObject({})),
  'a notebook': readNotebook,
  prices: (path) => readPrices({ ...projectPaths(), pricesFile: path }),
  'a table': readBytes,
  'a download to be verified': sha256File,
};

for (const [what, read] of Object.entries(READERS)) {
  test(`what stands in the place of ${what} and is no file is told within a second, and not waited for`, async () => {
    for (const path of [
      pipe,
      zeros,
      inside,
      circle,
      socket,
      join(folder, 'nothing'),
      join(folder, 'nothing', 'at', 'all'),
    ]) {
      const started = performance.now();
      await assert.rejects(
        async () => read(path),
        (error) => userErrorOf(error) instanceof UserError,
        path,
      );
      assert.ok(performance.now() - started < 1000, path);
    }
  });
}

test('a text that is larger than any, not UTF-8, or holds a NUL is refused by its file', () => {
  const path = join(folder, 'text');
  const flaw = (content: Uint8Array) => {
    writeFileSync(path, content);
    try {
      readText(path);
    } catch (error) {
      assert.ok(error instanceof UserError);
      return [error.at, error.message] as const;
    }
    throw new assert.AssertionError({ message: 'it was read' });
  };
  assert.match(flaw(Buffer.from([0x61, 0xe9]))[1], /not|UTF-8/);
  assert.deepEqual(flaw(Buffer.from('a\nb\0c'))[0], { file: path, line: 2 });
  writeFileSync(path, '');
  truncateSync(path, 2 ** 40);
  assert.throws(() => readText(path), /larger than 64 MiB/);
  writeFileSync(path, '\ufeffa');
  assert.equal(readText(path), 'a');
});
