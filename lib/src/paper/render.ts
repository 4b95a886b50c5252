import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { writeFileAtomic } from '../project/atomic.js';
import { UserError } from '../project/error.js';
import { assertFile } from '../project/input-file.js';
import type { Paths } from '../project/paths.js';
import { readQuoted } from '../reporting/quoted.js';
import { htmlText, lostWords, pdfText } from './completeness.js';
import { formulas, innermost, type Paper } from './document.js';
import { paperHtml } from './html/page.js';
import { occurrences } from './occurrences.js';
import { paperPassages, sourcePassages } from './passages.js';
import { compilePdf } from './pdf.js';
import { type Problem, problemText } from './problem.js';
import { type Published, readPublished } from './published.js';
import { readSource } from './reading/frontmatter.js';
import { readPaper } from './reading/read.js';
import { writeSupplement } from './supplement.js';
import { figureFile, paperTypst } from './typst.js';

/** Where the outputs are, and what its writer should look at. */
export interface Rendered {
  readonly html: string;
  readonly pdf: string;
  /** Those of the text itself, and one that counts the others and names the file that tells all. */
  readonly warnings: readonly Problem[];
}

/** The paper read and its HTML written, in memory: what a writer wants to see at once. */
export interface Composed {
  readonly paper: Paper;
  readonly published: Published;
  readonly html: string;
  readonly warnings: readonly Problem[];
}

/** What a rendering reads in paper/: anything else there, as an editor's swap file, is no reason for one. */
export const PAPER_SOURCES: readonly string[] = ['paper.md', 'references.bib', 'style.css', 'style.typ'];

/** The paper's files and its outputs, by what they are. */
const paperFiles = (paths: Paths) => ({
  text: join(paths.paper, 'paper.md'),
  bibliography: join(paths.paper, 'references.bib'),
  css: join(paths.paper, 'style.css'),
  typ: join(paths.paper, 'style.typ'),
  html: join(paths.paper, 'paper.html'),
  pdf: join(paths.paper, 'paper.pdf'),
});

/**
 * Renders paper/paper.md, with what the notebooks have published, as paper/paper.html and paper/paper.pdf, and what
 * goes with them: the same bytes from the same inputs on any machine. Both are written when both are done, each whole
 * or not at all.
 *
 * @throws UserError that tells every unknown name and every number typed by hand, each with file and line.
 */
export async function renderPaper({ paths }: { paths: Paths }): Promise<Rendered> {
  return finishPaper(composePaper(paths), paths);
}

/** Makes the PDF of a paper whose HTML is there, and writes all of it. @throws UserError as `typesetPaper` does. */
export async function finishPaper(composed: Composed, paths: Paths): Promise<Rendered> {
  const pdf = await typesetPaper(composed, paths);
  await refuseLosses(composed, pdf, paths);
  const outputs = paperFiles(paths);
  writeFileAtomic(outputs.html, composed.html);
  writeFileAtomic(outputs.pdf, pdf);
  writeSupplement(composed, [outputs.html, outputs.pdf], paths);
  const warnings = keepWarnings(composed.warnings, relative(paths.root, paperFiles(paths).text), paths);
  return { html: outputs.html, pdf: outputs.pdf, warnings };
}

/** Reads the paper and what is published for it, and writes its HTML. @throws UserError as `renderPaper` does. */
export function composePaper(paths: Paths): Composed {
  const files = paperFiles(paths);
  const published = readPublished(paths);
  const { paper, warnings } = readPaper(
    {
      paper: read(files.text, paths),
      bibliography: read(files.bibliography, paths),
      quoted: existsSync(paths.quotedFile) ? readQuoted(paths).figures : [],
    },
    published,
    relative(paths.root, paths.paper),
  );
  return { paper, published, warnings, html: paperHtml(paper, read(files.css, paths)) };
}

/** The paper as PDF. @throws UserError for what would make it inaccessible. */
function typesetPaper({ paper, published }: Composed, paths: Paths): Promise<Uint8Array> {
  const { text, bibliography, typ } = paperFiles(paths);
  const figures = innermost(paper.body).flatMap((block) =>
    block.kind === 'figure' ? [[figureFile(block), block.found.svg] as const] : [],
  );
  return compilePdf(
    {
      main: paperTypst(paper),
      files: { 'style.typ': read(typ, paths), ...Object.fromEntries(figures) },
      formulas: formulas(paper),
    },
    paths.paper,
    (letters) => {
      const written = [text, bibliography].map((file) => ({
        file: relative(paths.root, file),
        content: read(file, paths),
      }));
      return occurrences(letters, written, published);
    },
  );
}

/**
 * Compares the words of the source, the HTML and the PDF.
 *
 * @throws UserError naming what is in the source and not in the paper, or in the paper and not in one of its formats.
 */
async function refuseLosses({ paper, html }: Composed, pdf: Uint8Array, paths: Paths): Promise<void> {
  const { text, html: htmlFile, pdf: pdfFile } = paperFiles(paths);
  const name = (file: string) => relative(paths.root, file);
  const { abstract, body } = readSource(read(text, paths), name(text));
  const source = [abstract, body].flatMap((part) => sourcePassages(part, name(text)));
  const passages = paperPassages(paper);
  const printed = passages.map((passage) => passage.text).join('\n');
  const losses = [
    ...lostWords(source, printed).map((loss) => ({ ...loss, of: 'the paper' })),
    ...lostWords(passages, htmlText(html)).map((loss) => ({ ...loss, of: name(htmlFile) })),
    ...lostWords(passages, await pdfText(pdf)).map((loss) => ({ ...loss, of: name(pdfFile) })),
  ];
  const [first] = losses;
  if (!first) return;
  const lines = losses.slice(0, 20).map(({ words, from, of }) => `${from}: "${words}" is not in ${of}`);
  throw new UserError(`words of the paper are lost:\n  ${lines.join('\n  ')}`, {
    hint: 'Nothing was written. If the words are written as README.md beside lib/src/paper says, it is a fault of the renderer.',
  });
}

function read(file: string, { root }: Paths): string {
  if (!existsSync(file)) throw new UserError('no such file', { at: { file: relative(root, file) } });
  assertFile(file);
  return readFileSync(file, 'utf8');
}

/** Writes down what a writer may want to look at some day: of what is not used, nobody reads a hundred lines at each rendering. */
function keepWarnings(warnings: readonly Problem[], text: string, { root, build }: Paths): Problem[] {
  const file = join(build, 'paper-warnings.txt');
  rmSync(file, { force: true });
  if (warnings.length === 0) return [];
  const lines = warnings.map(problemText).sort();
  writeFileAtomic(file, `${lines.join('\n')}\n`);
  const ofText = warnings.filter(({ at }) => at.file === text);
  const others = warnings.length - ofText.length;
  if (others === 0) return ofText;
  const things = others === 1 ? 'thing is' : 'things are';
  return [
    ...ofText,
    {
      severity: 'warning',
      at: { file: relative(root, file) },
      message: `${others} ${things} published or listed and not used in the paper, which is no mistake: a paper need not name all that notebooks publish`,
    },
  ];
}
