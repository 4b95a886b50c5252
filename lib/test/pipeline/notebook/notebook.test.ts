import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  cellsWithOutputs,
  notebookPath,
  readNotebook,
  strippedText,
} from 'small-claims/pipeline/notebook/notebook';
import { markdown, notebookJson, scratchProject, writeNotebook } from '../scratch-project.js';

function fileWith(t: TestContext, content: string | Uint8Array): string {
  const path = join(scratchProject(t).notebooks, 'trial.ipynb');
  writeFileSync(path, content);
  return path;
}

test('code cells are numbered as JupyterLab numbers them when it runs all', (t) => {
  const path = writeNotebook(scratchProject(t), 'trial', [markdown('# One'), 'const a = 1;', '  \n', 'a;']);
  const { name, cells } = readNotebook(path);
  assert.equal(name, 'trial');
  assert.deepEqual(
    cells.map(({ number }) => number),
    [undefined, 1, undefined, 2],
  );
});

const good = notebookJson(['const a = 1;']);
const MALFORMED: readonly {
  readonly what: string;
  readonly content: string | Uint8Array;
  readonly error: RegExp;
}[] = [
  { what: 'text cut short', content: '{\n "cells": [\n', error: /trial\.ipynb:.* not valid JSON/ },
  {
    what: 'marks of a merge conflict',
    content: '{\n<<<<<<< HEAD\n "cells": []\n=======\n}',
    error: /trial\.ipynb:2: not valid JSON: .*\s+It holds marks of a merge conflict/,
  },
  {
    what: 'bytes that are no UTF-8',
    content: Uint8Array.of(0x7b, 0xff, 0x7d),
    error: /trial\.ipynb: cannot be read/,
  },
  { what: 'a list', content: '[]', error: /expected a JSON object/ },
  {
    what: 'another nbformat',
    content: JSON.stringify({ ...good, nbformat: 3 }),
    error: /nbformat: expected 4, found 3/,
  },
  { what: 'no cells', content: JSON.stringify({ ...good, cells: {} }), error: /cells: expected a list/ },
  {
    what: 'a cell of an unknown kind',
    content: JSON.stringify({ ...good, cells: [{ cell_type: 'heading', source: '' }] }),
    error: /cells\[0\]\.cell_type: expected code, markdown or raw, found "heading"/,
  },
  {
    what: 'a cell whose source is a number',
    content: JSON.stringify({ ...good, cells: [...good.cells, { cell_type: 'markdown', source: 3 }] }),
    error: /cells\[1\]\.source: expected text/,
  },
  {
    what: 'no metadata',
    content: JSON.stringify({ ...good, metadata: undefined }),
    error: /trial\.ipynb: metadata: expected an object\s+Open and save/,
  },
  {
    what: 'two cells of one id',
    content: JSON.stringify({
      ...good,
      cells: [1, 2, 3].map((source) => ({ cell_type: 'raw', id: `n${source % 2}`, source: `${source}` })),
    }),
    error: /cells\[2\]\.id: "n1" is the id of cells\[0\] too/,
  },
  {
    what: 'the kernel of another language',
    content: JSON.stringify({ ...good, metadata: { kernelspec: { name: 'python3' } } }),
    error:
      /metadata\.kernelspec\.name: expected "tslab", found "python3"\s+Choose the TypeScript kernel in JupyterLab \(make lab\)/,
  },
];

for (const { what, content, error } of MALFORMED) {
  test(`a file with ${what} is refused, naming the place`, (t) => {
    const path = fileWith(t, content);
    assert.throws(() => readNotebook(path), { name: 'UserError', message: error });
  });
}

test('a notebook that does not exist is named, with those that do', (t) => {
  const paths = scratchProject(t);
  writeNotebook(paths, '01-datasets', []);
  assert.throws(() => notebookPath('02-other', paths.notebooks), /"02-other"\s+Notebooks: 01-datasets\./);
  assert.equal(
    notebookPath('notebooks/01-datasets.ipynb', paths.notebooks),
    join(paths.notebooks, '01-datasets.ipynb'),
  );
});

test('outputs, counts and run times are found and taken out, and nothing else', (t) => {
  const ran = notebookJson([markdown('# Kept'), 'const a = 1;', 'a;']);
  const [, first, second] = ran.cells;
  Object.assign(first ?? {}, {
    execution_count: 4,
    metadata: { execution: { started: '2026' }, tags: ['kept'] },
  });
  Object.assign(second ?? {}, { outputs: [{ output_type: 'stream', name: 'stdout', text: '1' }] });
  const path = fileWith(t, JSON.stringify(ran));
  const before = readNotebook(path);
  assert.deepEqual(cellsWithOutputs(before), [1, 2]);

  writeFileSync(path, strippedText(before));
  const after = readNotebook(path);
  assert.deepEqual(cellsWithOutputs(after), []);
  assert.deepEqual(after.cells[1]?.raw['metadata'], { tags: ['kept'] });
  assert.deepEqual(
    after.cells.map(({ source }) => source),
    before.cells.map(({ source }) => source),
    'the source is what it was',
  );
  assert.equal(strippedText(after), readFileSync(path, 'utf8'), 'stripping twice changes nothing');
});

test('a stripped notebook is written as Jupyter writes it', (t) => {
  const path = fileWith(t, JSON.stringify(notebookJson(['const a = 1;\na;'])));
  // Made by nbformat 5.11.1: nbformat.write(nbformat.read(path, 4), path).
  const expected = [
    '{',
    ' "cells": [',
    '  {',
    '   "cell_type": "code",',
    '   "execution_count": null,',
    '   "id": "cell-0",',
    '   "metadata": {},',
    '   "outputs": [],',
    '   "source": [',
    '    "const a = 1;\\n",',
    '    "a;"',
    '   ]',
    '  }',
    ' ],',
    ' "metadata": {',
    '  "kernelspec": {',
    '   "display_name": "TypeScript",',
    '   "language": "typescript",',
    '   "name": "tslab"',
    '  }',
    ' },',
    ' "nbformat": 4,',
    ' "nbformat_minor": 5',
    '}',
    '',
  ].join('\n');
  assert.equal(strippedText(readNotebook(path)), expected);
});
