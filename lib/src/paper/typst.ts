import {
  type Block,
  type FigureBlock,
  type Inline,
  type Ledger,
  type Paper,
  plainText,
  type TableBlock,
  type TableCell,
  type TableColumn,
} from './document.js';
import { typstMaths } from './maths.js';
import { valueAnchor } from './origin.js';
import { svgSize } from './svg.js';

/**
 * The paper in Typst's language, for the functions of `style.typ`. Every piece of text stands in a string literal, so
 * that nothing in it can be taken for markup or code.
 */
export function paperTypst(paper: Paper): string {
  const { title, authors, language, keywords, references } = paper;
  const locale = new Intl.Locale(language);
  // Typst knows countries alone, no area such as 419, Latin America.
  const region = locale.region?.length === 2 ? locale.region : undefined;
  const author = authors.map(
    ({ name, affiliation = '', email = '' }) =>
      `(name: ${quote(name)}, affiliation: ${quote(affiliation)}, email: ${quote(email)})`,
  );
  const body = new TypstWriter(paper.footnotes);
  return `#import "style.typ": *
#show: paper.with(
  title: ${quote(title)},
  authors: (${author.map((each) => `${each}, `).join('')}),
  language: ${quote(locale.language)},
  region: ${region === undefined ? 'none' : quote(region)},
  keywords: (${keywords.map((keyword) => `${quote(keyword)}, `).join('')}),
  description: ${quote(plainText(paper.abstract.flatMap((block) => (block.kind === 'paragraph' ? block.children : []))))},
  abstract: [${body.blocks(paper.abstract)}],
  provenance: [${body.inlines(paper.provenance)}],
)

${body.blocks(paper.body)}

#references((
${references.map(({ anchor, content }) => `  [#entry(${quote(anchor)})[${body.inlines(content)}]],`).join('\n')}
))
${paper.appendix.length > 0 ? `\n#show: appendix\n\n${body.blocks(paper.appendix)}\n` : ''}`;
}

/** The name under which a figure's SVG is to be found beside the source. */
export function figureFile({ found }: FigureBlock): string {
  return `figures/${found.content.id}.svg`;
}

/** A string literal of Typst: the two characters with a meaning in it are escaped, control characters left out. */
export function quote(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, (character) => (/\s/.test(character) ? ' ' : ''));
  return `"${plain.replace(/["\\]/g, '\\$&')}"`;
}

class TypstWriter {
  readonly #footnotes: Paper['footnotes'];

  constructor(footnotes: Paper['footnotes']) {
    this.#footnotes = footnotes;
  }

  blocks(blocks: readonly Block[]): string {
    return blocks.map((block) => this.#block(block)).join('\n\n');
  }

  inlines(inlines: readonly Inline[]): string {
    return inlines.map((inline) => this.#inline(inline)).join('');
  }

  #block(block: Block): string {
    switch (block.kind) {
      case 'heading': {
        const number = block.number === undefined ? 'none' : quote(block.number);
        return `#section(${block.level}, ${number}, ${quote(block.anchor)})[${this.inlines(block.children)}]`;
      }
      case 'paragraph':
        return this.inlines(block.children);
      case 'list': {
        const items = block.items.map((item) => `[${this.blocks(item)}]`).join(', ');
        return block.start === undefined ? `#list(${items})` : `#enum(start: ${block.start}, ${items})`;
      }
      case 'quote':
        return `#quote(block: true)[${this.blocks(block.children)}]`;
      case 'code':
        return `#raw(block: true, ${block.text.split('\n').map(quote).join(' + "\\n" + ')})`;
      case 'maths':
        return `#math.equation(block: true, alt: ${quote(block.tex)}, $${typstMaths(block.tex)}$)`;
      case 'rule':
        return '#line(length: 100%, stroke: 0.4pt)';
      case 'table':
        return this.#table(block);
      case 'ledger':
        return this.#ledger(block);
      case 'figure': {
        const { found, number, anchor, wide, caption } = block;
        const { id, alt } = found.content;
        const { width, height } = svgSize(found.svg, id);
        return `#plate(
  ${quote(anchor)}, [Figure ${number}], [${this.inlines(caption)}],
  made-by: ${quote(found.notebook)}, wide: ${wide},
  picture(${quote(figureFile(block))}, ${width}, ${height}, ${quote(alt)}, wide: ${wide}),
)`;
      }
    }
  }

  #table({ columns, rows, notes, number, anchor, caption, wide, found }: TableBlock): string {
    const made = found ? `made-by: ${quote(found.notebook)}, ` : '';
    return `#plate(
  ${quote(anchor)}, [Table ${number}], [${this.inlines(caption)}],
  ${made}wide: ${wide}, kind: table, notes: (${notes.map((note) => `${quote(note)}, `).join('')}),
  grid-of(
    (${columns.map(({ align }) => `${align}, `).join('')}),
    (${columns.map(({ title }) => `[${this.inlines(title)}], `).join('')}),
${rows.map((row) => `    (${columns.map((column, i) => this.#cell(row[i], column)).join(', ')},),`).join('\n')}
  ),
)`;
  }

  #cell(cell: TableCell = { content: [] }, { longestInterval }: TableColumn): string {
    const content = this.inlines(cell.content);
    const main = cell.best ? `#strong[${content}]` : content;
    if (!longestInterval) return `[${main}]`;
    return `with-interval([${main}], ${quote(cell.interval ?? '')}, ${quote(longestInterval)})`;
  }

  #ledger({ columns, rows }: Ledger): string {
    const cells = rows.map(({ anchor, cells: [first = [], ...others] }) =>
      [`#entry(${quote(anchor)})[${this.inlines(first)}]`, ...others.map((cell) => this.inlines(cell))]
        .map((cell) => `[${cell}]`)
        .join(', '),
    );
    return `#ledger(
  (${columns.map(({ share }) => `${share}fr, `).join('')}),
  (${columns.map(({ align }) => `${align}, `).join('')}),
  (${columns.map(({ title }) => `[${this.#text(title)}], `).join('')}),
${cells.map((row) => `  (${row},),`).join('\n')}
)`;
  }

  #inline(inline: Inline): string {
    switch (inline.kind) {
      case 'text':
        return this.#text(inline.text);
      case 'emphasis':
        return `#emph[${this.inlines(inline.children)}]`;
      case 'strong':
        return `#strong[${this.inlines(inline.children)}]`;
      case 'code':
        return `#raw(${quote(inline.text)});`;
      case 'link': {
        // A file beside the HTML is none beside a printed page.
        if (inline.href.startsWith('../')) return this.inlines(inline.children);
        const target = inline.href.startsWith('#')
          ? `label(${quote(inline.href.slice(1))})`
          : quote(inline.href);
        return `#link(${target})[${this.inlines(inline.children)}]`;
      }
      case 'value':
        return `#number-from(${quote(valueAnchor(inline.found.content.id))}, ${quote(inline.text)});`;
      case 'quoted':
        return `${this.#text(inline.text)}#quoted-from(${quote(inline.anchor)});`;
      case 'maths':
        return `#math.equation(alt: ${quote(inline.tex)}, $${typstMaths(inline.tex)}$);`;
      case 'footnote': {
        const { number, first } = inline;
        if (!first) return `#footnote(label("fn-${number}"));`;
        return `#footnote[${this.blocks(this.#footnotes[number - 1] ?? [])}]#label("fn-${number}");`;
      }
      case 'break':
        return '#linebreak();';
    }
  }

  #text(text: string): string {
    return text && `#${quote(text)};`;
  }
}
