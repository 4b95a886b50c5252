import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { assertWritable } from 'small-claims/project/output-file';
import { refusal, temporaryFolder } from '../datasets/fixture.js';

const OWN = /^<!doctype html>/;
const folder = temporaryFolder('outputs');
const at = (name: string) => join(folder, name);
const put = (name: string, content = 'rows') => {
  writeFileSync(at(name), content);
  return at(name);
};

describe('what a command is asked to write is looked at before the work, and refused by file and option', () => {
  const data = put('data.csv');
  symlinkSync(data, at('link.html'));
  symlinkSync(at('nothing'), at('dangling.html'));
  symlinkSync(folder, at('around'));
  linkSync(data, at('hard.csv'));
  mkdirSync(at('folder'));
  put('notes.txt', 'mine');
  spawnSync('mkfifo', [at('pipe')]);
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['the file that is read', data, /is what the command reads/],
    ['the same by another way', at('around/data.csv'), /is what the command reads/],
    ['the same under another name', at('hard.csv'), /is what the command reads/],
    ['a link', at('link.html'), /a link, which would be replaced/],
    ['a link to nothing', at('dangling.html'), /a link/],
    ['a folder', at('folder'), /there is a folder of this name/],
    ['a pipe', at('pipe'), /device or pipe/],
    ['a device', '/dev/null', /device or pipe/],
    ['a folder that is missing', at('missing/report.html'), /there is no folder .*missing/],
    ['a file as a folder', at('notes.txt/report.html'), /not a folder|there is no folder/],
    ['something of the user’s', at('notes.txt'), /none that this command has written/],
    ['nothing', '', /names no file/],
    ['a dash', '-', /names no file/],
    ['a name that is too long', at(`${'x'.repeat(300)}.html`), /cannot be written\n.*ENAMETOOLONG/],
    ['a folder that lets nobody write', '/proc/report.html', /cannot be written/],
  ];
  for (const [what, path, says] of cases) {
    test(what, async () => {
      const before = readdirSync(folder);
      const flaw = await refusal(() => assertWritable([{ option: '--out', path, begins: OWN }], [data]));
      assert.match(flaw.message, says);
      assert.deepEqual([flaw.at.file, flaw.at.field], [path, '--out']);
      assert.deepEqual(readdirSync(folder), before);
      assert.equal(readFileSync(data, 'utf8'), 'rows');
    });
  }

  test('one file for two outputs', async () => {
    const wanted = ['--out', '--json'].map((option) => ({ option, path: at('both'), begins: OWN }));
    assert.match(
      (await refusal(() => assertWritable(wanted, []))).message,
      /--json: is what --out names too/,
    );
  });
});

test('a new file, an empty one and what an earlier run has written may be written', () => {
  put('empty.html', '');
  put('report.html', '<!doctype html>');
  for (const name of ['new.html', 'empty.html', 'report.html', 'folder with spaces.html'])
    assertWritable(
      [{ option: '--out', path: at(name), begins: OWN }],
      [at('data.csv'), 'scifact/rationales/train'],
    );
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.try')));
});
