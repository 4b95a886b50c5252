import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import type { Paths } from '../project/paths.js';
import type { PublishedSource } from '../reporting/publication.js';
import { distinct } from './appendix.js';
import { type Paper, plainText } from './document.js';
import { ingredientsOf, shortHash } from './origin.js';
import type { Published } from './published.js';

/** One thing described in the crate. */
type Entity = { readonly '@id': string; readonly '@type': string | readonly string[] } & Readonly<
  Record<string, unknown>
>;

const PROFILE = 'https://w3id.org/ro/crate/1.1';

/**
 * The project as an RO-Crate 1.1 (https://w3id.org/ro/crate/1.1): its root is the project's, for that is what holds
 * the paper, the notebooks and the records. Each notebook's execution is an action that used records and gave values,
 * tables and figures; each record's making one that used models and data. Nothing in it is taken from the clock.
 *
 * `outputs` are the files the rendering has made, absolute.
 */
export function crate(paper: Paper, published: Published, outputs: readonly string[], paths: Paths): string {
  const things = [
    ...[...published.values].map(([id, found]) => ({
      id,
      ...found,
      entity: `#value-${id}`,
      file: `values/${id}.json`,
    })),
    ...[...published.tables].map(([id, found]) => ({ id, ...found, entity: '', file: `tables/${id}.json` })),
    ...[...published.figures].map(([id, found]) => ({ id, ...found, entity: '', file: `figures/${id}.svg` })),
  ].map(({ file, ...thing }) => ({ ...thing, file: `build/published/${thing.notebook}/${file}` }));
  const records = distinct(things.flatMap(({ content }) => content.sources));
  const notebooks = [...new Set(things.map(({ notebook }) => notebook))].sort();

  const files = [
    ...outputs.map((file) => fileEntity(portable(relative(paths.root, file)), paths)),
    ...notebooks.map((name) => ({
      ...fileEntity(`notebooks/${name}.ipynb`, paths),
      '@type': ['File', 'SoftwareSourceCode'],
      programmingLanguage: 'TypeScript',
    })),
    ...things.map(({ file, content, id }) => ({
      ...fileEntity(file, paths),
      name: id,
      ...('caption' in content && { description: content.caption }),
    })),
    ...records.map((record) => ({
      ...fileEntity(record.path, paths),
      identifier: `sha256 of the uncompressed record: ${record.sha256}`,
    })),
  ].filter((file) => existsSync(join(paths.root, file['@id'])));
  const present = new Set(files.map((file) => file['@id']));

  const values = [...published.values].map(([id, { content }]): Entity => {
    const { number, display, unit, description, interval, n } = content;
    return {
      '@id': `#value-${id}`,
      '@type': 'PropertyValue',
      name: id,
      value: number,
      ...(unit && { unitText: unit }),
      ...(interval && { minValue: interval.low, maxValue: interval.high }),
      description: [
        description,
        `written ${display}`,
        interval && `interval of level ${interval.level}: ${interval.method}`,
        n !== undefined && `n = ${n}`,
      ]
        .filter(Boolean)
        .join('; '),
    };
  });
  const runs = notebooks.map((name): Entity => {
    const made = things.filter(({ notebook }) => notebook === name);
    const used = distinct(made.flatMap(({ content }) => content.sources));
    return {
      '@id': `#run-${name}`,
      '@type': 'CreateAction',
      name: `Execution of ${name}`,
      instrument: { '@id': `notebooks/${name}.ipynb` },
      object: references(used.map(({ path }) => path).filter((path) => present.has(path))),
      result: references(
        made
          .flatMap(({ entity, file }) => [entity, file])
          .filter((id) => id.startsWith('#') || present.has(id)),
      ),
    };
  });
  const makings = records.filter(({ path }) => present.has(path)).map(makingOf);
  const ingredients = ingredientsOf(records).map(
    ({ name, sha256 }): Entity => ({
      '@id': ingredientId({ name, sha256 }),
      '@type': 'CreativeWork',
      name,
      sha256,
    }),
  );
  const authors = paper.authors.map(
    ({ name, affiliation }, i): Entity => ({
      '@id': `#author-${i + 1}`,
      '@type': 'Person',
      name,
      ...(affiliation && { affiliation }),
    }),
  );
  const abstract = paper.abstract.flatMap((block) =>
    block.kind === 'paragraph' ? [plainText(block.children)] : [],
  );
  const days = records.flatMap(({ madeAt }) => madeAt?.slice(0, 10) ?? []).sort();
  const actions = [...runs, ...makings];
  const main = outputs
    .map((file) => portable(relative(paths.root, file)))
    .find((file) => file.endsWith('.html'));
  const graph: Entity[] = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      conformsTo: { '@id': PROFILE },
      about: { '@id': './' },
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: paper.title,
      description: abstract.join(' ') || paper.title,
      // The crate is as new as the newest thing in it that was measured.
      ...(days.length > 0 && { datePublished: days.at(-1) }),
      license: { '@id': LICENCE['@id'] },
      author: references(authors.map((author) => author['@id'])),
      keywords: paper.keywords.join(', '),
      ...(main && { mainEntity: { '@id': main } }),
      hasPart: references([...present].sort()),
      mentions: references(actions.map((action) => action['@id'])),
    },
    LICENCE,
    ...authors,
    ...files,
    ...values,
    ...ingredients,
    ...actions,
  ];
  const context = [`${PROFILE}/context`, { sha256: 'https://schema.org/sha256' }];
  return `${JSON.stringify({ '@context': context, '@graph': graph }, null, 1)}\n`;
}

const LICENCE: Entity = {
  '@id': 'https://spdx.org/licenses/MIT',
  '@type': 'CreativeWork',
  name: 'MIT License',
  description: 'Of code and text. The data sets and models that records were made from keep their own.',
};

function makingOf(record: PublishedSource): Entity {
  const { path, sha256, madeAt, machine } = record;
  return {
    '@id': `#making-${shortHash(sha256)}`,
    '@type': 'CreateAction',
    name: `Making of ${path}`,
    object: references(ingredientsOf([record]).map(ingredientId)),
    result: { '@id': path },
    ...(madeAt && { endTime: madeAt }),
    ...(machine && { description: `on ${machine}` }),
  };
}

const ingredientId = ({ name, sha256 }: { name: string; sha256: string }) =>
  `#ingredient-${encodeURIComponent(name)}-${shortHash(sha256)}`;

const references = (ids: readonly string[]) => ids.map((id) => ({ '@id': id }));

const portable = (path: string) => path.split(sep).join('/');

const FORMATS: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.pdf': 'application/pdf',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.tex': 'application/x-tex',
  '.gz': 'application/gzip',
  '.ipynb': 'application/x-ipynb+json',
};

function fileEntity(path: string, { root }: Paths): Entity {
  const file = join(root, path);
  const content = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  return {
    '@id': path,
    '@type': 'File',
    name: path,
    encodingFormat: FORMATS[extname(path)] ?? 'application/octet-stream',
    contentSize: String(content.length),
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}
