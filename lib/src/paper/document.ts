import type { Align } from '../reporting/table.js';
import type { FoundFigure, FoundTable, FoundValue } from './published.js';

/**
 * The paper with every name resolved: what the HTML and the PDF are both written from, so that they cannot differ in
 * a word or a number. Numbers of sections, tables, figures and footnotes are given here and not by either format.
 */
export interface Paper {
  readonly title: string;
  readonly authors: readonly Author[];
  /** BCP 47 tag. */
  readonly language: string;
  readonly keywords: readonly string[];
  readonly abstract: readonly Block[];
  /** What the first page says of where the numbers come from. */
  readonly provenance: readonly Inline[];
  readonly body: readonly Block[];
  /** Footnote 1 first. */
  readonly footnotes: readonly (readonly Block[])[];
  readonly references: readonly Reference[];
  /** Where each number comes from, and the records behind them; after the references. */
  readonly appendix: readonly Block[];
}

interface Author {
  readonly name: string;
  readonly affiliation?: string | undefined;
  readonly email?: string | undefined;
}

export interface Reference {
  readonly anchor: string;
  readonly content: readonly Inline[];
}

export type Block =
  | Heading
  | { readonly kind: 'paragraph'; readonly children: readonly Inline[]; readonly tight: boolean }
  | {
      readonly kind: 'list';
      readonly start: number | undefined;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly kind: 'quote'; readonly children: readonly Block[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'maths'; readonly tex: string }
  | { readonly kind: 'rule' }
  | TableBlock
  | FigureBlock
  | Ledger;

interface Heading {
  readonly kind: 'heading';
  /** 1 for a section, 2 for a part of one. */
  readonly level: number;
  /** "2.1"; absent from a heading marked `{-}`. */
  readonly number: string | undefined;
  readonly anchor: string;
  readonly children: readonly Inline[];
}

/** A long list in columns that belongs to no caption and may go on over pages. */
export interface Ledger {
  readonly kind: 'ledger';
  /** What it lists, for those who do not see the heading above it. */
  readonly label: string;
  /** The width of a column is its share of all shares. */
  readonly columns: readonly { readonly title: string; readonly align: Align; readonly share: number }[];
  readonly rows: readonly LedgerRow[];
}

interface LedgerRow {
  readonly anchor: string;
  /** The first names the row. */
  readonly cells: readonly (readonly Inline[])[];
}

interface Captioned {
  readonly number: number;
  readonly anchor: string;
  readonly caption: readonly Inline[];
  /** Across both columns of the PDF. */
  readonly wide: boolean;
}

export interface TableBlock extends Captioned {
  readonly kind: 'table';
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableCell[])[];
  readonly notes: readonly string[];
  /** Absent from a table written in the paper itself. */
  readonly found: FoundTable | undefined;
}

export interface TableColumn {
  readonly title: readonly Inline[];
  readonly align: Align;
  /** Whether the cells name their rows. */
  readonly header: boolean;
  /** The longest interval in the column: the room that every cell leaves, so that the numbers before it are aligned. */
  readonly longestInterval: string;
}

export interface TableCell {
  readonly content: readonly Inline[];
  /** Of a published number. */
  readonly number?: number;
  /** "(68.7–76.9)" */
  readonly interval?: string;
  readonly best?: boolean;
}

export interface FigureBlock extends Captioned {
  readonly kind: 'figure';
  readonly found: FoundFigure;
}

export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'strong'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  /** `href` is an address, `#anchor` within the paper, or a file beside it. */
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  /** `number` is what the text says: the value, or its n. */
  | { readonly kind: 'value'; readonly text: string; readonly number: number; readonly found: FoundValue }
  /** A number taken from a cited work and not computed here. */
  | { readonly kind: 'quoted'; readonly text: string; readonly anchor: string; readonly source: string }
  | { readonly kind: 'maths'; readonly tex: string }
  /** A second reference to the same footnote is not its `first`. */
  | { readonly kind: 'footnote'; readonly number: number; readonly first: boolean }
  | { readonly kind: 'break' };

export const text = (content: string): Inline => ({ kind: 'text', text: content });

/** The blocks that hold no others, those within lists and quotations among them, in order. */
export function innermost(blocks: readonly Block[]): Block[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'list') return block.items.flatMap(innermost);
    return block.kind === 'quote' ? innermost(block.children) : [block];
  });
}

/** The formulas in a part of a document, in TeX, each once. */
export function formulas(part: unknown): readonly string[] {
  if (typeof part !== 'object' || part === null) return [];
  if ('kind' in part && part.kind === 'maths' && 'tex' in part) return [String(part.tex)];
  return [...new Set(Object.values(part).flatMap(formulas))];
}

/** What a screen reader or a search would make of some inline content. */
export function plainText(inlines: readonly Inline[]): string {
  return inlines
    .map((inline) => {
      if ('children' in inline) return plainText(inline.children);
      if (inline.kind === 'maths') return inline.tex;
      return 'text' in inline ? inline.text : inline.kind === 'break' ? ' ' : '';
    })
    .join('');
}
