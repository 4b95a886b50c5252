import { join } from 'node:path';
import type { Kind, Provenance } from '../../reporting/publication.js';
import type { QuotedFigure } from '../../reporting/quoted.js';
import { appendix } from '../appendix.js';
import type { Paper } from '../document.js';
import { type Problem, Problems } from '../problem.js';
import { provenanceNote } from '../provenance.js';
import type { Found, Published } from '../published.js';
import { citedWorks, readBibliography } from './bibliography.js';
import { crossReferences } from './cross-references.js';
import { readSource } from './frontmatter.js';
import { refuseNumbers } from './inline.js';
import { paperMarkdown } from './markdown.js';
import { resolve } from './resolve.js';
import type { Scope } from './scope.js';
import { typedDecimals } from './typed-numbers.js';

/** What a paper is made from besides the published results, as files' contents. */
export interface PaperFiles {
  readonly paper: string;
  readonly bibliography: string;
  /** Figures of other works that it may quote by their ids. */
  readonly quoted?: readonly QuotedFigure[];
}

/** The paper as a document, every name resolved, with warnings of what is published and not used. */
export function readPaper(
  { paper: source, bibliography, quoted = [] }: PaperFiles,
  published: Published,
  folder = 'paper',
): { paper: Paper; warnings: readonly Problem[] } {
  const file = join(folder, 'paper.md');
  const { front, titleLine, abstract, body } = readSource(source, file);
  const problems = new Problems();
  const bibFile = join(folder, 'references.bib');
  const entries = readBibliography(bibliography, bibFile, (line, field, key) =>
    problems.warn({ file: bibFile, line }, `the field "${field}" of "${key}" is not printed`),
  );
  const markdown = paperMarkdown();
  const footnotes: FootnoteEnvironment = {};
  const tokens = { abstract: markdown.parse(abstract, {}), body: markdown.parse(body, footnotes) };
  const references = crossReferences(tokens.abstract, tokens.body);
  const works = citedWorks(references.cited.flatMap((key) => entries.get(key) ?? []));

  const used = new Set<string>();
  const quotedFrom = new Set<string>();
  const scope: Scope = {
    file,
    published,
    crossReferences: references,
    works: new Map(works.map((work) => [work.key, work])),
    keys: [...entries.keys()],
    quoted,
    problems,
    used,
    quotedFrom,
  };
  refuseNumbers(typedDecimals(front.title), (message) =>
    problems.error({ file, line: titleLine }, message, 'A title tells no result: say it in the abstract.'),
  );
  const resolvedAbstract = resolve(tokens.abstract, scope);
  const resolved = resolve(tokens.body, scope);
  if (resolvedAbstract.footnotes.length > 0) problems.error({ file }, 'the abstract has a footnote');
  for (const name of unusedFootnotes(footnotes)) {
    const line = body.split('\n').findIndex((text) => text.startsWith(`[^${name}]:`)) + 1;
    problems.error({ file, line }, `no text refers to the footnote "${name}"`);
  }
  problems.throwErrors();
  warnUnused(published, used, problems);
  for (const { key, line } of entries.values()) {
    if (!references.cited.includes(key)) {
      problems.warn({ file: bibFile, line }, `"${key}" is not cited`);
    }
  }

  const shown = <Thing extends Found<Provenance>>(kind: Kind, all: ReadonlyMap<string, Thing>): Thing[] =>
    [...used].flatMap((name) =>
      name.startsWith(`${kind} `) ? (all.get(name.slice(kind.length + 1)) ?? []) : [],
    );
  const values = shown('value', published.values);
  const tables = shown('table', published.tables);
  const figures = shown('figure', published.figures);
  const contents = (all: readonly Found<Provenance>[]) => all.map(({ content }) => content);
  return {
    paper: {
      title: front.title,
      authors: front.authors,
      language: front.language,
      keywords: front.keywords,
      abstract: resolvedAbstract.blocks,
      provenance: provenanceNote(
        { values: contents(values), tables: contents(tables), figures: contents(figures) },
        { quoting: quotedFrom.size > 0 },
      ),
      body: resolved.blocks,
      footnotes: resolved.footnotes,
      references: works.map(({ reference }) => reference),
      appendix: appendix({ values, all: [...values, ...tables, ...figures] }),
    },
    warnings: problems.warnings,
  };
}

/** What markdown-it-footnote leaves behind: the footnotes defined, with -1 for one that nothing refers to. */
interface FootnoteEnvironment {
  readonly footnotes?: { readonly refs?: Readonly<Record<string, number>> };
}

function unusedFootnotes({ footnotes }: FootnoteEnvironment): string[] {
  return Object.entries(footnotes?.refs ?? {}).flatMap(([name, index]) => (index < 0 ? [name.slice(1)] : []));
}

/** One warning for each thing that is published in vain. */
function warnUnused(published: Published, used: ReadonlySet<string>, problems: Problems): void {
  const all = { value: published.values, table: published.tables, figure: published.figures };
  for (const [kind, ids] of Object.entries(all)) {
    for (const [id, { notebook, cell }] of ids) {
      if (used.has(`${kind} ${id}`)) continue;
      const where = cell === undefined ? '' : `cell ${cell}: `;
      problems.warn(
        { file: `notebooks/${notebook}.ipynb` },
        `${where}the ${kind} "${id}" is not in the paper`,
      );
    }
  }
}
