import { type Block, type Inline, innermost, type Paper, plainText } from './document.js';

/** A piece of text that has to be printed as it stands, and where it is from: `paper/paper.md:12`, `Table 3`. */
export interface Passage {
  readonly text: string;
  readonly from: string;
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** The words of a text, as they are compared: in small letters, without signs. */
export const wordsOf = (text: string) => text.normalize('NFKC').toLowerCase().match(WORD) ?? [];

/** All that a paper says, as passages without markup. Formulas are left out: each format sets them in its own signs. */
export function paperPassages(paper: Paper): readonly Passage[] {
  const front = [paper.title, ...paper.authors.map(({ name }) => name), paper.keywords.join(', ')];
  return [
    ...front.map((text) => ({ text, from: 'the front matter' })),
    ...blockPassages(paper.abstract, 'the abstract'),
    ...inlinePassages(paper.provenance, 'About the numbers'),
    ...blockPassages(paper.body, 'the text'),
    ...paper.footnotes.flatMap((note, at) => blockPassages(note, `footnote ${at + 1}`)),
    ...paper.references.flatMap(({ content }) => inlinePassages(content, 'the references')),
    ...blockPassages(paper.appendix, 'the appendix'),
  ];
}

function blockPassages(blocks: readonly Block[], within: string): readonly Passage[] {
  let from = within;
  return innermost(blocks).flatMap((block): readonly Passage[] => {
    switch (block.kind) {
      case 'heading':
        from = `${within}, "${plainText(block.children)}"`;
        return inlinePassages(block.children, from);
      case 'paragraph':
        return inlinePassages(block.children, from);
      case 'code':
        return block.text.split('\n').map((text) => ({ text, from }));
      case 'table': {
        const table = `Table ${block.number}`;
        const cells = block.rows.flatMap((row, at) =>
          row.flatMap(({ content, interval = '' }) => [
            ...inlinePassages(content, `${table}, row ${at + 1}`),
            { text: interval, from: `${table}, row ${at + 1}` },
          ]),
        );
        return [
          ...inlinePassages(block.caption, table),
          ...block.columns.flatMap(({ title }) => inlinePassages(title, table)),
          ...cells,
          ...block.notes.map((text) => ({ text, from: `a note of ${table}` })),
        ];
      }
      case 'figure':
        return inlinePassages(block.caption, `Figure ${block.number}`);
      case 'ledger':
        return [
          ...block.columns.map(({ title }) => ({ text: title, from: block.label })),
          ...block.rows.flatMap(({ cells }) => cells.flatMap((cell) => inlinePassages(cell, block.label))),
        ];
      default:
        return [];
    }
  });
}

/** What stands between formulas, footnotes and numbers that are set with a card or a mark of their own. */
function inlinePassages(inlines: readonly Inline[], from: string): readonly Passage[] {
  const parts = inlines.flatMap((inline): readonly string[] => {
    if ('children' in inline) return inlinePassages(inline.children, from).map(({ text }) => `\0${text}\0`);
    if (inline.kind === 'text' || inline.kind === 'code') return [inline.text];
    return inline.kind === 'value' || inline.kind === 'quoted' ? ['\0', inline.text, '\0'] : ['\0'];
  });
  return parts
    .join('')
    .split('\0')
    .filter((text) => wordsOf(text).length > 0)
    .map((text) => ({ text, from }));
}

/** What a paper's own syntax is replaced by when its plain words are read; what is printed for it, names decide. */
const SYNTAX: readonly (readonly [RegExp, string])[] = [
  [/\{\{[^{}]*\}\}/g, '\0'],
  [/\{[a-z]+\}(`{1,3})[^`]+\1/g, '\0'],
  [/\$(?=\S)(?:\\.|[^$\\])*?\$(?!\d)/g, '\0'],
  [/\[\^[^[\]]+\]:?/g, '\0'],
  [/\]\([^()\s]*\)/g, ']'],
  [/\{(?:#[\w:-]+)?\s*-?\}/g, ''],
  [/\\([\\`*_{}[\]()#+.!|>~-])/g, '$1'],
  [/\|/g, '\0'],
];
const CITED = /(?<![\w./])@(?:sec:|tbl:|fig:)?[A-Za-z][\w-]*/g;

/** The plain words of a line of Markdown. */
function plainWords(line: string): string {
  const text = line
    .replace(/^\s*(?:\d+[.)]|[-*+>#]+)\s/, '')
    .replace(/\[[^[\]]*\]/g, (bracketed) => (bracketed.search(CITED) >= 0 ? '\0' : bracketed))
    .replace(CITED, '\0');
  return SYNTAX.reduce((words, [pattern, by]) => words.replace(pattern, by), text);
}

/** What stands around a stretch of lines that is not prose, by how it begins: comments, code, maths set apart. */
const APART = [
  ['<!--', '-->'],
  ['```', '```'],
  ['~~~', '~~~'],
  ['$$', '$$'],
] as const;

/**
 * The plain words of a paper's Markdown, line by line, read without its parser: what is to be found in what is made of it.
 * Code is left out here: the document has it as it stands.
 */
export function sourcePassages(markdown: string, file: string): readonly Passage[] {
  let closing: string | undefined;
  return markdown.split('\n').flatMap((written, at): readonly Passage[] => {
    let line = written;
    const kept: string[] = [];
    while (line !== '') {
      if (closing !== undefined) {
        const end = line.indexOf(closing);
        if (end < 0) break;
        line = line.slice(end + closing.length);
        closing = undefined;
      }
      const next = APART.map((marks) => ({ marks, start: line.indexOf(marks[0]) }))
        .filter(
          ({ marks, start }) =>
            start === 0 || (start > 0 && (marks[0] === '<!--' || isIndent(line.slice(0, start)))),
        )
        .sort((a, b) => a.start - b.start)[0];
      if (!next || isInCode(line, next.start)) {
        kept.push(line);
        break;
      }
      kept.push(line.slice(0, next.start));
      line = line.slice(next.start + next.marks[0].length);
      closing = next.marks[1];
    }
    const text = kept.join('\0');
    if (/^[\s>]*:(?:::|[a-z-]+:\s*$)/.test(text) || /^[\s|:>-]*$/.test(text)) return [];
    return plainWords(text)
      .split('\0')
      .filter((words) => wordsOf(words).length > 0)
      .map((words) => ({ text: words, from: `${file}:${at + 1}` }));
  });
}

const isIndent = (text: string) => /^[\s>]*$/.test(text);
/** Whether a place in a line is within backticks. */
const isInCode = (line: string, at: number) => line.slice(0, at).split('`').length % 2 === 0;
