import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { projectPaths } from 'small-claims/project/paths';
import { CLI, publishingCell, scratchProject, writeNotebook } from './scratch-project.js';

/** A disk of a megabyte that is full but for `left` KiB; undefined where none may be mounted. */
function fullDisk(t: TestContext, left: number): string | undefined {
  const disk = mkdtempSync(join(tmpdir(), 'disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
  t.after(() => {
    if (mounted) spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });
  if (!mounted) {
    t.skip('needs leave to mount a disk in memory');
    return undefined;
  }
  mkdirSync(join(disk, 'folder'));
  writeFileSync(join(disk, 'fill'), Buffer.alloc((1020 - left) * 1024));
  spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'rest')}`, `count=${left === 0 ? 100 : 0}`, 'bs=1024']);
  return join(disk, 'folder');
}

for (const left of [0, 8, 24]) {
  test(`a disk with ${left} KiB left is said in a sentence by every command that writes there, and changes nothing`, (t) => {
    const disk = fullDisk(t, left);
    if (disk === undefined) return;
    const paths = scratchProject(t);
    writeNotebook(paths, '01-trial', [publishingCell('a', '1'), "console.log('x'.repeat(100_000));"]);
    copyFileSync(
      join(projectPaths().root, 'docs', 'example', 'remedies', 'train.csv'),
      join(paths.root, 'train.csv'),
    );
    symlinkSync(disk, paths.build);
    symlinkSync(disk, join(paths.root, 'out'));
    const before = readFileSync(join(paths.notebooks, '01-trial.ipynb'), 'utf8');
    for (const command of [
      ['run', '01-trial'],
      ['audit', 'train.csv', '--label', 'verdict', '--out', 'out/audit.html', '--json', 'out/audit.json'],
    ]) {
      const { status, stderr } = spawnSync(process.execPath, [CLI, ...command], {
        cwd: paths.root,
        encoding: 'utf8',
      });
      assert.ok(status === 1 || status === 2, `${command[0]}: ${status}`);
      assert.match(stderr, /no space (is )?left/);
      assert.doesNotMatch(stderr, /This is a bug|^ {4}at /m);
    }
    assert.equal(readFileSync(join(paths.notebooks, '01-trial.ipynb'), 'utf8'), before);
  });
}
