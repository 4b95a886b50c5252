import { UserError } from '../../project/error.js';
import type { Span } from '../../tasks/row.js';
import { decodeText, normaliseSpace } from '../text.js';

/** A sentence of tagged tokens, put together. */
export interface TaggedSentence {
  /** Of its first token, counted from 1. */
  readonly line: number;
  /** Its tokens, one space between. */
  readonly text: string;
  readonly spans: readonly Span[];
  /** What the mark before its document says, or the document's number; undefined in files that mark no documents. */
  readonly document: string | undefined;
}

/**
 * Parses tagged tokens as CoNLL's shared tasks write them: a token a line, its tag the last of the cells, which tabs or
 * spaces part; an empty line after each sentence; `-DOCSTART-` before each document, if they are marked. Tags are IOB2
 * (`B-Disease` begins a span and `I-Disease` goes on), or IO where no tag of the file begins with B.
 *
 * @throws UserError naming file, line and cell: not UTF-8, CR LF, a line without a tag, a tag of another scheme, an
 *   `I-` that continues nothing, no sentence.
 */
export function parseIob(bytes: Uint8Array, file: string): readonly TaggedSentence[] {
  const text = decodeText(bytes, file, (lineSoFar) => (/[\t ]/.test(lineSoFar) ? 'tag' : 'token'));
  const begins = /[\t ]B-\S+$/m.test(text);
  const sentences: TaggedSentence[] = [];
  let documents = 0;
  let document: string | undefined;
  let tokens: Token[] = [];
  const close = () => {
    if (tokens.length > 0) sentences.push(sentenceOf(tokens, document, begins, file));
    tokens = [];
  };
  for (const [index, content] of text.split('\n').entries()) {
    const mark = /^-DOCSTART-(.*)$/.exec(content);
    if (mark || content.trim() === '') close();
    else tokens.push(tokenOf(content, index + 1, file));
    if (mark) {
      documents += 1;
      document = /\(([^()\s]+)\)/.exec(mark[1] ?? '')?.[1] ?? `${documents}`;
    }
  }
  close();
  if (sentences.length === 0) throw new UserError('no sentence', { at: { file, line: 1, field: 'token' } });
  return sentences;
}

interface Token {
  readonly line: number;
  readonly text: string;
  /** Undefined outside every span. */
  readonly type: string | undefined;
  readonly begins: boolean;
}

function tokenOf(content: string, line: number, file: string): Token {
  const cells = content.split(content.includes('\t') ? '\t' : ' ');
  const flaw = (field: string, message: string) => new UserError(message, { at: { file, line, field } });
  const text = normaliseSpace(cells[0] ?? '');
  if (text === '') throw flaw('token', 'empty');
  const tag = cells.length > 1 ? cells.at(-1) : undefined;
  if (tag === undefined) throw flaw('tag', 'a line of one cell, which has no tag');
  const [, place, type] = /^([BI])-(\S+)$/.exec(tag) ?? [];
  if (type === undefined && tag !== 'O') throw flaw('tag', `"${tag}" is no tag: O, B-TYPE and I-TYPE are`);
  return { line, text, type, begins: place === 'B' };
}

function sentenceOf(
  tokens: readonly Token[],
  document: string | undefined,
  begins: boolean,
  file: string,
): TaggedSentence {
  const spans: Span[] = [];
  let at = 0;
  let before: string | undefined;
  for (const { line, text, type, begins: first } of tokens) {
    const end = at + text.length;
    const open = spans.at(-1);
    if (type !== undefined && !first && type === before && open) spans[spans.length - 1] = { ...open, end };
    else if (type !== undefined) {
      if (begins && !first)
        throw new UserError(`I-${type} continues no ${type}`, { at: { file, line, field: 'tag' } });
      spans.push({ type, start: at, end });
    }
    before = type;
    at = end + 1;
  }
  return { line: tokens[0]?.line ?? 1, text: tokens.map(({ text }) => text).join(' '), spans, document };
}
