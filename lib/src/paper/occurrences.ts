import type { Published } from './published.js';

/** A file the paper is written in, under the name error messages call it. */
export interface Written {
  readonly file: string;
  readonly content: string;
}

/** Everywhere a paper could have `text` from: lines of its files, and what notebooks publish. */
export function occurrences(text: string, written: readonly Written[], published: Published): string[] {
  const lines = written.flatMap(({ file, content }) =>
    content.split('\n').flatMap((line, i) => (line.includes(text) ? [`${file}:${i + 1}`] : [])),
  );
  const { values, tables, figures } = published;
  const things = Object.entries({ value: values, table: tables, figure: figures }).flatMap(([kind, all]) =>
    [...all].flatMap(([id, { notebook, ...thing }]) =>
      JSON.stringify(thing).includes(text) ? [`the ${kind} "${id}" of notebooks/${notebook}.ipynb`] : [],
    ),
  );
  return [...lines, ...things];
}
