import type Token from 'markdown-it/lib/token.mjs';
import { isId } from '../../reporting/publication.js';
import { type Block, type Inline, type TableCell, type TableColumn, text } from '../document.js';
import { nearest } from '../problem.js';
import { directiveMeta } from './cross-references.js';
import { isMaths, resolveInline } from './inline.js';
import { lookUp, type Scope } from './scope.js';
import { publishedCells } from './table-cells.js';

/** Blocks with every name resolved, and the footnotes they refer to. */
export interface Resolved {
  readonly blocks: readonly Block[];
  readonly footnotes: readonly (readonly Block[])[];
}

/** Turns markdown-it's tokens into the document model; unknown names and numbers typed by hand go to `problems`. */
export function resolve(tokens: readonly Token[], scope: Scope): Resolved {
  const resolver = new Resolver(tokens, scope);
  const blocks = resolver.blocksUntil();
  return { blocks, footnotes: resolver.footnotes };
}

/** Reads a flat list of tokens from front to back. */
class Resolver {
  readonly footnotes: (readonly Block[])[] = [];
  readonly #tokens: readonly Token[];
  readonly #scope: Scope;
  readonly #footnotesSeen = new Set<number>();
  #position = 0;
  /** Of the last heading. */
  #level = 0;
  #line = 1;

  constructor(tokens: readonly Token[], scope: Scope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  /** The blocks up to a token of type `close`, or to the end; the closing token is read too. */
  blocksUntil(close?: string): Block[] {
    const blocks: Block[] = [];
    for (let token = this.#next(); token && token.type !== close; token = this.#next()) {
      blocks.push(...this.#block(token));
    }
    return blocks;
  }

  #next(): Token | undefined {
    const token = this.#tokens[this.#position++];
    if (token?.map) this.#line = token.map[0] + 1;
    return token;
  }

  #block(token: Token): Block[] {
    switch (token.type) {
      case 'heading_open':
        return [this.#heading(token)];
      case 'paragraph_open': {
        const children = this.#inlineUntil('paragraph_close');
        return [{ kind: 'paragraph', children, tight: token.hidden }];
      }
      case 'bullet_list_open':
        return [{ kind: 'list', start: undefined, items: this.#items('bullet_list_close') }];
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1);
        return [{ kind: 'list', start, items: this.#items('ordered_list_close') }];
      }
      case 'blockquote_open':
        return [{ kind: 'quote', children: this.blocksUntil('blockquote_close') }];
      case 'fence':
      case 'code_block':
        return [{ kind: 'code', text: token.content.replace(/\n$/, '') }];
      case 'hr':
        return [{ kind: 'rule' }];
      case 'display_maths':
        return isMaths(token.content, (message, hint) => this.#error(message, hint))
          ? [{ kind: 'maths', tex: token.content }]
          : [];
      case 'directive_open':
        return this.#directive(token);
      case 'table_open':
        this.#error('a table outside `:::{table}`', 'Put it between `:::{table} id`, a caption, and `:::`.');
        this.#table();
        return [];
      case 'footnote_block_open':
        return [];
      case 'footnote_open':
        this.footnotes.push(this.blocksUntil('footnote_close'));
        return [];
      case 'footnote_anchor':
      case 'footnote_block_close':
        return [];
      default:
        throw new Error(`no rule for the Markdown token ${token.type}`);
    }
  }

  #heading(token: Token): Block {
    const { anchor, number } = this.#scope.crossReferences.numbered.get(token) ?? { anchor: '', number: '' };
    const level = Number(token.tag.slice(1));
    if (level > this.#level + 1) {
      this.#error(`a heading of level ${level} under one of level ${this.#level}`, 'Leave out no level.');
    }
    this.#level = level;
    this.#refuseRepeated(token);
    // A section may be called after a number; it is a name there.
    const children = this.#inlineUntil('heading_close', { numbersAllowed: true });
    return { kind: 'heading', level, number: number || undefined, anchor, children };
  }

  #items(close: string): Block[][] {
    const items: Block[][] = [];
    for (let token = this.#next(); token && token.type !== close; token = this.#next()) {
      items.push(this.blocksUntil('list_item_close'));
    }
    return items;
  }

  /** The inline content of a block that holds nothing else; an absent one is empty. */
  #inlineUntil(close: string, options?: { numbersAllowed: boolean }): Inline[] {
    const inlines: Inline[] = [];
    for (let token = this.#next(); token && token.type !== close; token = this.#next()) {
      if (token.type === 'inline') inlines.push(...this.#inline(token, options));
    }
    return inlines;
  }

  #directive(token: Token): Block[] {
    const { name, id, options } = directiveMeta(token);
    const { published, used } = this.#scope;
    const complain = (message: string, hint?: string) => this.#error(message, hint);
    const target = this.#scope.crossReferences.numbered.get(token);
    const caption: Inline[] = [];
    if (this.#tokens[this.#position]?.type === 'inline') {
      const inline = this.#next();
      if (inline) caption.push(...this.#inline(inline));
    }
    const written = this.#tokens[this.#position]?.type === 'table_open';
    const pipes = written && this.#next() ? this.#table() : undefined;
    const rest = this.blocksUntil('directive_close');
    this.#line = (token.map?.[0] ?? 0) + 1;

    if (!target) {
      this.#error(`unknown block "${name}"`, nearest(name, ['table', 'figure'], ''));
      return [];
    }
    this.#refuseRepeated(token);
    if (!isId(id)) {
      this.#error(`"${id}" cannot name a ${name}`, 'Use lower-case words and digits joined by hyphens.');
      return [];
    }
    const unknown = options.find((option) => option !== 'wide');
    if (unknown)
      this.#error(`unknown option ":${unknown}:"`, 'The one option is :wide:, across both columns.');
    if (rest.length > 0) this.#error(`more than a caption in the ${name} "${id}"`);
    const placed = { number: Number(target.number), anchor: target.anchor, wide: options.includes('wide') };

    if (name === 'figure') {
      const found = lookUp('figure', id, published.figures, used, complain);
      if (!found) return [];
      return [{ kind: 'figure', ...placed, caption: orElse(caption, found.content.caption), found }];
    }
    if (pipes) {
      if (caption.length === 0) this.#error(`the table "${id}" has no caption`);
      const other = published.tables.get(id)?.notebook;
      if (other) this.#error(`${other} publishes a table "${id}"`, 'Give the one written here another name.');
      return [{ kind: 'table', ...placed, caption, ...pipes, notes: [], found: undefined }];
    }
    const found = lookUp('table', id, published.tables, used, complain);
    if (!found) return [];
    const { content } = found;
    return [
      {
        kind: 'table',
        ...placed,
        caption: orElse(caption, content.caption),
        ...publishedCells(content),
        notes: content.notes ?? [],
        found,
      },
    ];
  }

  /** The columns and rows of a pipe table, whose opening token has been read. */
  #table(): { columns: TableColumn[]; rows: TableCell[][] } {
    const columns: TableColumn[] = [];
    const rows: TableCell[][] = [];
    for (let token = this.#next(); token && token.type !== 'table_close'; token = this.#next()) {
      if (token.type === 'tr_open') rows.push([]);
      if (token.type === 'tr_open' && token.meta?.lost)
        this.#error(
          'the row has more cells than the head',
          'A | within a cell, its maths or code is written \\|.',
        );
      if (token.type !== 'th_open' && token.type !== 'td_open') continue;
      const align = /right|center/.exec(token.attrGet('style') ?? '')?.[0];
      const cell = this.#inlineUntil(token.type.replace('open', 'close'));
      if (token.type === 'th_open') {
        const header = columns.length === 0;
        columns.push({
          title: cell,
          align: align === 'right' || align === 'center' ? align : 'left',
          header,
          longestInterval: '',
        });
      } else rows.at(-1)?.push({ content: cell });
    }
    return { columns, rows: rows.slice(1) };
  }

  #inline(token: Token, { numbersAllowed = false } = {}): Inline[] {
    return resolveInline(token, {
      scope: this.#scope,
      line: this.#line,
      numbersAllowed,
      footnotesSeen: this.#footnotesSeen,
    });
  }

  #refuseRepeated(token: Token): void {
    const { repeated, numbered } = this.#scope.crossReferences;
    if (!repeated.has(token)) return;
    const [kind, ...name] = numbered.get(token)?.anchor.split('-') ?? [];
    this.#error(
      `"${kind}:${name.join('-')}" is the name of another part of the paper`,
      'Give each its own name.',
    );
  }

  #error(message: string, hint?: string): void {
    this.#scope.problems.error({ file: this.#scope.file, line: this.#line }, message, hint);
  }
}

const orElse = (caption: readonly Inline[], published: string): readonly Inline[] =>
  caption.length > 0 ? caption : [text(published)];
