import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import type { Paths } from '../project/paths.js';
import type { Block, FigureBlock } from './document.js';
import { paperHtml } from './html.js';
import { compilePdf } from './pdf.js';
import { type Problem, problemText } from './problem.js';
import { readPublished } from './published.js';
import { readPaper } from './read.js';
import { figureFile, paperTypst } from './typst.js';
import { whereabouts } from './whereabouts.js';

/** Where the outputs are, and what its writer should look at. */
export interface Rendered {
  readonly html: string;
  readonly pdf: string;
  /** One at most, which counts the warnings and names the file that tells them. */
  readonly warnings: readonly Problem[];
}

/**
 * Renders paper/paper.md, with what the notebooks have published, as paper/paper.html and paper/paper.pdf: the same
 * bytes from the same inputs on any machine. Both are written when both are done, each whole or not at all.
 *
 * @throws UserError that tells every unknown name and every number typed by hand, each with file and line.
 */
export async function renderPaper({ paths }: { paths: Paths }): Promise<Rendered> {
  const read = (name: string) => {
    const file = join(paths.paper, name);
    if (!existsSync(file)) throw new UserError('no such file', { at: { file: relative(paths.root, file) } });
    return readFileSync(file, 'utf8');
  };
  const published = readPublished(paths);
  const folder = relative(paths.root, paths.paper);
  const files = { paper: read('paper.md'), bibliography: read('references.bib') };
  const { paper, warnings } = readPaper(files, published, folder);
  const written = [
    { file: join(folder, 'paper.md'), content: files.paper },
    { file: join(folder, 'references.bib'), content: files.bibliography },
  ];

  const html = paperHtml(paper, read('style.css'));
  const figures = figuresOf(paper.body).map((figure) => [figureFile(figure), figure.found.svg] as const);
  const pdf = await compilePdf(
    { main: paperTypst(paper), files: { 'style.typ': read('style.typ'), ...Object.fromEntries(figures) } },
    paths.paper,
    (text) => whereabouts(text, written, published),
  );
  const outputs = { html: join(paths.paper, 'paper.html'), pdf: join(paths.paper, 'paper.pdf') };
  writeFileAtomic(outputs.html, html);
  writeFileAtomic(outputs.pdf, pdf);
  return { ...outputs, warnings: keepWarnings(warnings, paths) };
}

/** Writes down what a writer may want to look at some day; nobody reads a hundred lines at each rendering. */
function keepWarnings(warnings: readonly Problem[], { root, build }: Paths): Problem[] {
  const file = join(build, 'paper-warnings.txt');
  rmSync(file, { force: true });
  if (warnings.length === 0) return [];
  const lines = warnings.map(problemText).sort();
  writeFileAtomic(file, `${lines.join('\n')}\n`);
  const things = warnings.length === 1 ? 'thing is' : 'things are';
  return [
    {
      severity: 'warning',
      at: { file: relative(root, file) },
      message: `${warnings.length} ${things} published or listed and not used in the paper`,
    },
  ];
}

function figuresOf(blocks: readonly Block[]): FigureBlock[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'figure') return [block];
    if (block.kind === 'list') return block.items.flatMap(figuresOf);
    return block.kind === 'quote' ? figuresOf(block.children) : [];
  });
}
