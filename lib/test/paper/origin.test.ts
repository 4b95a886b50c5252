import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { plainText } from 'small-claims/paper/document';
import { notebookPage } from 'small-claims/paper/notebook-page';
import { valueFacts } from 'small-claims/paper/origin';
import { readPublished } from 'small-claims/paper/published';
import { renderPaper } from 'small-claims/paper/render';
import { explanation } from 'small-claims/pipeline/commands/why';
import { sha256 } from 'small-claims/project/digest';
import type { Paths } from 'small-claims/project/paths';
import { paperProject, removeProject } from './project.js';

let paths: Paths;
let html: string;
before(async () => {
  paths = await paperProject();
  html = readFileSync((await renderPaper({ paths })).html, 'utf8');
});
after(() => removeProject(paths));

test('a number in the HTML carries its full precision, interval, n, cell, record and data, and when it was made', () => {
  const [card = ''] =
    /<span class="value"><data [^>]*data-id="rule-accuracy".*?<\/span><\/span><\/span>/s.exec(html) ?? [];
  for (const known of [
    '0.7288888888888889',
    '0.6866 to 0.7689 (percentile bootstrap, 2,000 replicates)',
    '<b>n</b> 450',
    '<a href="../build/notebooks/04-artifact.html#cell-3">notebook 04-artifact, cell 3</a>',
    'example.0123456789ab (SHA-256 000000000000)',
    'replayed; made on 2026-11-20 on Example CPU, 2 cores',
  ]) {
    assert.ok(card.includes(known), `${known}\nin ${card}`);
  }
});

test('the card of a number may stand within a sentence, and no id is given twice', () => {
  assert.doesNotMatch(html, /<span class="card"[^>]*>(?:(?!<\/span><\/span>).)*<(?:p|div|ul|table)\b/s);
  assert.equal(html.match(/id="from-rule-accuracy"/g)?.length, 1);
});

test('why tells the same in a terminal, and the nearest name for one that is not known', () => {
  const published = readPublished(paths);
  assert.match(
    explanation('rule-accuracy', published),
    /^rule-accuracy: 72\.9\n.*Value +0\.7288888888888889\n/s,
  );
  assert.match(explanation('scores', published), /^table scores: .*notebook 02-in-domain/s);
  assert.throws(() => explanation('rule-acuracy', published), { hint: 'Did you mean "rule-accuracy"?' });
});

test('a record is named once by its file, with what the file hashes to; in a terminal each, in the paper a few', () => {
  const value = readPublished(paths).values.get('rule-accuracy');
  assert.ok(value);
  const [source] = value.content.sources;
  assert.ok(source);
  const sources = Array.from({ length: 20 }, (_, at) => ({
    ...source,
    path: `data/records/facts/mine-${at % 8}.0123456789a${at % 8}.jsonl.gz`,
    sha256: sha256(`${at % 8}`),
  }));
  const found = { ...value, content: { ...value.content, sources } };
  const from = (facts: ReturnType<typeof valueFacts>) => {
    const [record] = facts.filter(({ label }) => label === 'From');
    return record ? plainText(record.content) : '';
  };
  const named = Array.from({ length: 8 }, (_, at) => {
    return `mine-${at}.0123456789a${at} (SHA-256 ${sha256(`${at}`).slice(0, 12)})`;
  });
  assert.equal(from(valueFacts(found)), `${named.slice(0, 6).join(', ')} and 2 more`);
  const told = explanation('it', { values: new Map([['it', found]]), tables: new Map(), figures: new Map() });
  assert.ok(told.includes(named.join(', ')), told);
});

test('of a difference, the test is told, why it is that one, and what it was corrected over', () => {
  const source = readPublished(paths).values.get('rule-accuracy');
  assert.ok(source);
  const test = {
    method: 'mid-p McNemar test over 450 rows',
    reason: 'accuracy counts rows',
    alpha: 0.05,
    p: 0.012,
    corrected: 0.024,
    equivalence: { margin: 0.03, p: 0.3, corrected: 0.6 },
    correction: 'holm',
    family: 2,
  };
  const facts = valueFacts({ ...source, content: { ...source.content, test } });
  const said = Object.fromEntries(facts.map(({ label, content }) => [label, plainText(content)]));
  assert.equal(
    said['No difference'],
    'p 0.012, corrected (holm) over 2 0.024, by mid-p McNemar test over 450 rows, since accuracy counts rows',
  );
  assert.equal(
    said['Match'],
    'p 0.300, corrected 0.600, of a difference beyond 3.0 points, by two one-sided tests',
  );
});

test('an executed notebook is a page with an anchor at each cell that is not blank, its text escaped', () => {
  const code = (source: string, outputs: readonly object[] = []) => ({ cell_type: 'code', source, outputs });
  const page = notebookPage(
    'n',
    JSON.stringify({
      cells: [
        { cell_type: 'markdown', source: ['# Title\n', '<script>x</script>'] },
        code('  '),
        code('if (a < b) "</pre>"', [{ output_type: 'stream', text: '\u001b[31m<b>red</b>' }]),
        code('second', [
          { output_type: 'display_data', data: { 'text/html': '<table></table>', 'text/plain': 'no' } },
        ]),
      ],
    }),
    'n.ipynb',
  );
  assert.doesNotMatch(page, /<script|<b>red/);
  assert.match(
    page,
    /id="cell-1".*if \(a &lt; b\) &quot;&lt;\/pre&gt;&quot;.*&lt;b&gt;red.*id="cell-2".*<table><\/table>/s,
  );
  assert.doesNotMatch(page, /id="cell-3"/);
  for (const broken of ['[]', '{"cells": [', '']) {
    assert.throws(() => notebookPage('n', broken, 'n.ipynb'), {
      name: 'UserError',
      message: /^n\.ipynb: not an executed notebook: it (has no cells|is not valid JSON)/,
    });
  }
});

interface Entity {
  readonly '@id': string;
  readonly '@type': string | readonly string[];
  readonly [property: string]: unknown;
}

/** The MUSTs of https://www.researchobject.org/ro-crate/specification/1.1 for the metadata file, root and files. */
test('the RO-Crate follows the rules of its specification', () => {
  const { '@context': context, '@graph': graph }: { '@context': unknown; '@graph': readonly Entity[] } =
    JSON.parse(readFileSync(paths.crate, 'utf8'));
  assert.ok(JSON.stringify(context).includes('https://w3id.org/ro/crate/1.1/context'));
  const byId = new Map(graph.map((entity) => [entity['@id'], entity]));
  assert.equal(byId.size, graph.length, 'each entity is there once');
  const descriptor = byId.get('ro-crate-metadata.json');
  assert.equal(descriptor?.['@type'], 'CreativeWork');
  assert.deepEqual(descriptor?.['about'], { '@id': './' });
  assert.deepEqual(descriptor?.['conformsTo'], { '@id': 'https://w3id.org/ro/crate/1.1' });
  const root = byId.get('./');
  assert.equal(root?.['@type'], 'Dataset');
  for (const property of ['name', 'description', 'datePublished', 'license'])
    assert.ok(root?.[property], property);
  assert.match(String(root?.['datePublished']), /^\d{4}-\d\d-\d\d$/);

  const outside = /^https:\/\/w3id\.org\/ro\/crate\//;
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (value !== null && typeof value === 'object') {
      const id = '@id' in value ? String(value['@id']) : '';
      assert.ok(byId.has(id) || outside.test(id), `"${id}" is described`);
      assert.deepEqual(Object.keys(value), ['@id'], 'entities are not nested');
    }
  };
  for (const { '@type': type, '@id': _, ...properties } of graph) {
    assert.ok(type.length > 0);
    Object.values(properties).forEach(visit);
  }

  const parts: unknown = root?.['hasPart'];
  const files = graph.filter((entity) => [entity['@type']].flat().includes('File'));
  assert.ok(files.some((file) => file['@id'] === 'paper/paper.html'));
  for (const { '@id': path, sha256: hash } of files) {
    assert.ok(JSON.stringify(parts).includes(JSON.stringify({ '@id': path })), `${path} is part of the root`);
    assert.ok(existsSync(join(paths.root, path)), path);
    assert.equal(hash, sha256(readFileSync(join(paths.root, path))), path);
  }
});

test('every table lies beside as CSV and LaTeX, and is carried by the HTML itself', () => {
  const csv = readFileSync(join(paths.tables, 'scores.csv'));
  assert.match(readFileSync(join(paths.tables, 'scores.tex'), 'utf8'), /\\toprule/);
  assert.ok(html.includes(csv.toString('base64')));
});
