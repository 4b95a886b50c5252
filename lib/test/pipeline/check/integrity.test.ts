import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkIntegrity } from 'small-claims/pipeline/check/integrity';
import { bringUpToDate } from 'small-claims/pipeline/execution/execution';
import { executedText } from 'small-claims/pipeline/notebook/notebook';
import { sha256 } from 'small-claims/project/digest';
import { sealFiles } from 'small-claims/records/seals';
import { scratchProject, writeNotebook } from '../scratch-project.js';

test('a number changed by hand in a record, a value, a figure or the paper is found and named', async (t) => {
  const paths = scratchProject(t);
  const under = (...parts: string[]) => join(paths.root, ...parts);
  const record = under('data/records/runs/tiny/dev.0123456789ab.jsonl.gz');
  mkdirSync(join(record, '..'), { recursive: true });
  writeFileSync(record, 'rows');
  await sealFiles(paths, [record]);
  const adapter = under('data/adapters/mine/mine.gguf');
  mkdirSync(join(adapter, '..'), { recursive: true });
  writeFileSync(adapter, 'weights');
  const manifest = { title: 'Mine', model: 'tiny', file: 'mine.gguf', sha256: sha256('weights') };
  writeFileSync(join(adapter, '..', 'adapter.yaml'), JSON.stringify(manifest));
  writeFileSync(under('package-lock.json'), '{}');
  writeNotebook(paths, '01-first', ['1;']);
  const published = {
    'values/accuracy.json': '{\n  "id": "accuracy",\n  "number": 0.5\n}\n',
    'figures/plot.svg': '<svg/>',
  };
  await bringUpToDate(['01-first'], {
    paths,
    study: 'small',
    force: false,
    jobs: 1,
    timeoutSeconds: 60,
    display: {
      started: () => ({ onCell() {}, onProgress() {}, onStderr() {} }),
      ended() {},
      upToDate() {},
      failed: (_name, error) => assert.fail(String(error)),
      note() {},
    },
    async run(notebook, _paths, { staging }) {
      for (const [file, text] of Object.entries(published)) {
        mkdirSync(join(staging, file, '..'), { recursive: true });
        writeFileSync(join(staging, file), text);
      }
      return { cells: 1, published: [], executed: executedText(notebook, new Map()) };
    },
  });
  const html = under('paper/paper.html');
  writeFileSync(html, 'accuracy 0.5');
  const state = { ingredients: {}, outputs: { 'paper/paper.html': sha256('accuracy 0.5') }, warnings: [] };
  writeFileSync(join(paths.build, 'paper.json'), JSON.stringify(state));
  assert.deepEqual(checkIntegrity(paths).altered, []);
  assert.deepEqual(checkIntegrity(paths).skipped, []);

  const value = join(paths.published, '01-first/values/accuracy.json');
  for (const [file, from, to, named] of [
    [record, 'rows', 'others', /^data\/records\/runs\/tiny\/dev\.0123456789ab\.jsonl\.gz has been changed/],
    [
      adapter,
      'weights',
      'others',
      /^data\/adapters\/mine\/mine\.gguf is not what the adapter’s manifest has/,
    ],
    [value, '0.5', '0.9', /^the value "accuracy" \(.*\) is not what 01-first made: it says 0\.9 now/],
    [
      under('figures/plot.svg'),
      '<svg/>',
      '<svg>9</svg>',
      /^figures\/plot\.svg is not what the notebook drew/,
    ],
    [under('build/notebooks/01-first.ipynb'), '1;', '2;', /^build\/notebooks\/01-first\.ipynb is not what/],
    [html, '0.5', '0.9', /^paper\/paper\.html is not what was rendered/],
  ] as const) {
    const before = readFileSync(file, 'utf8');
    assert.notEqual(before.replace(from, to), before);
    writeFileSync(file, before.replace(from, to));
    const { altered } = checkIntegrity(paths);
    assert.equal(altered.length, 1, altered.join('\n'));
    assert.match(altered[0] ?? '', named);
    writeFileSync(file, before);
    assert.deepEqual(checkIntegrity(paths).altered, []);
  }
});

test('a record that nobody sealed is told', (t) => {
  const paths = scratchProject(t);
  mkdirSync(paths.records, { recursive: true });
  writeFileSync(join(paths.records, 'own.0123456789ab.making.json'), '{}');
  assert.match(checkIntegrity(paths).altered[0] ?? '', /own\.0123456789ab\.making\.json has no line/);
});
