import MarkdownIt from 'markdown-it';
import type StateBlock from 'markdown-it/lib/rules_block/state_block.mjs';
import type StateCore from 'markdown-it/lib/rules_core/state_core.mjs';
import type StateInline from 'markdown-it/lib/rules_inline/state_inline.mjs';
import footnotes from 'markdown-it-footnote';

/** What our own inline tokens carry in `meta`. */
export type InlineMeta =
  | { readonly kind: 'value'; readonly id: string; readonly form: string | undefined }
  | { readonly kind: 'role'; readonly name: string; readonly content: string }
  | { readonly kind: 'citation'; readonly narrative: boolean; readonly items: readonly CitationItem[] }
  | { readonly kind: 'crossreference'; readonly target: string }
  | { readonly kind: 'maths'; readonly tex: string }
  | { readonly kind: 'comment' };

/** "see @key, chapter 13": prefix, key and suffix. */
interface CitationItem {
  readonly key: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface DirectiveMeta {
  readonly kind: 'directive';
  readonly name: string;
  readonly id: string;
  readonly options: readonly string[];
}

const KEY = '[A-Za-z]\\w*(?:-\\w+)*';
const VALUE = /\{\{\s*([^\s{}]+)(?:\s+([^{}]*?))?\s*\}\}/y;
const ROLE = /\{([a-z]+)\}(`+)([^`]+)\2/y;
const CROSS_REFERENCE = /@((?:sec|tbl|fig):[\w-]*\w)/y;
const NARRATIVE = new RegExp(`@(${KEY})`, 'y');
const CITATION = new RegExp(`\\[([^\\[\\]@]*(?<![\\w./])@${KEY}[^\\[\\]]*)\\]`, 'y');
const CITATION_ITEM = new RegExp(`^\\s*(.*?)\\s*@(${KEY})(?:,?\\s*(.*?))?\\s*$`, 's');
const MATHS = /\$(?=\S)((?:\\.|[^$\\])*?(?:\\.|[^\s$\\]))\$(?!\d)/sy;

/** markdown-it with the paper's own syntax, told in README.md beside this file; raw HTML stays text. */
export function paperMarkdown(): MarkdownIt {
  const md = new MarkdownIt({ html: false, typographer: true }).disable('strikethrough').use(footnotes);
  md.core.ruler.at('replacements', dashes);
  md.core.ruler.after('block', 'cells', markLostCells);
  md.block.ruler.before('fence', 'comment', blockComment, { alt: ['paragraph', 'list', 'blockquote'] });
  md.inline.ruler.before('link', 'comment', inlineComment);
  md.inline.ruler.before('link', 'citation', citation);
  md.inline.ruler.before(
    'link',
    'value',
    rule(VALUE, '{', ([, id = '', form]) => ({ kind: 'value', id, form })),
  );
  md.inline.ruler.before(
    'link',
    'role',
    rule(ROLE, '{', ([, name = '', , content = '']) => ({ kind: 'role', name, content: content.trim() })),
  );
  md.inline.ruler.before(
    'escape',
    'maths',
    rule(MATHS, '$', ([, tex = '']) => ({ kind: 'maths', tex })),
  );
  md.block.ruler.before('fence', 'directive', directive, { alt: ['paragraph', 'list', 'blockquote'] });
  md.block.ruler.before('fence', 'maths', displayMaths, { alt: ['paragraph', 'list', 'blockquote'] });
  md.core.ruler.after('block', 'heading-attributes', (state) => {
    state.tokens.forEach((token, i) => {
      const opening = state.tokens[i - 1];
      if (token.type !== 'inline' || opening?.type !== 'heading_open') return;
      const found = /(?<!\s)\s*\{(?:#(sec:[\w-]+))?\s*(-)?\}$/.exec(token.content);
      if (!found) return;
      token.content = token.content.slice(0, found.index);
      opening.meta = { anchor: found[1]?.replace(':', '-'), unnumbered: found[2] === '-' };
    });
  });
  return md;
}

/** `--`, `---` and `...` as print has them; what else a typographer makes of plain signs, such as (c), stays as written. */
function dashes(state: StateCore): void {
  for (const { children } of state.tokens) {
    for (const token of children ?? []) {
      if (token.type !== 'text') continue;
      token.content = token.content
        .replace(/\.{3,}/g, '…')
        .replace(/(?<!-)---(?!-)/g, '—')
        .replace(/(?<!-)--(?!-)/g, '–');
    }
  }
}

/** A comment within a paragraph. */
function inlineComment(state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith('<!--', state.pos)) return false;
  const close = state.src.indexOf('-->', state.pos + 4);
  if (close < 0) return false;
  if (!silent) push(state, { kind: 'comment' }, state.src.slice(state.pos, close + 3));
  state.pos = close + 3;
  return true;
}

/** A comment on lines of its own, which may be empty ones among them. */
function blockComment(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  if (!state.src.startsWith('<!--', start)) return false;
  const close = state.src.indexOf('-->', start + 4);
  if (close < 0 || close > (state.eMarks[endLine - 1] ?? state.src.length)) return false;
  let line = startLine;
  while ((state.eMarks[line] ?? 0) < close + 3) line++;
  if (state.src.slice(close + 3, state.eMarks[line]).trim()) return false;
  if (!silent) state.line = line + 1;
  return true;
}

/** Marks rows of a table that have more cells than its head, which Markdown leaves out without a word. */
function markLostCells(state: StateCore): void {
  const lines = state.src.split('\n');
  let columns = 0;
  for (const token of state.tokens) {
    if (token.type === 'table_open') columns = 0;
    if (token.type === 'th_open') columns++;
    if (token.type !== 'tr_open' || columns === 0) continue;
    const row = lines[token.map?.[0] ?? -1] ?? '';
    const cells = row.replace(/^[^|]*(?=\|)/, (before) =>
      before.trim() === '' || /^[\s>]*$/.test(before) ? '' : before,
    );
    const inner = cells.trim().replace(/^\||(?<!\\)\|$/g, '');
    const count = inner.split(/(?<!\\)\|/).length;
    if (count > columns) token.meta = { lost: count - columns };
  }
}

function rule(pattern: RegExp, first: string, meta: (match: RegExpExecArray) => InlineMeta) {
  return (state: StateInline, silent: boolean): boolean => {
    if (state.src[state.pos] !== first) return false;
    const match = matchAt(pattern, state);
    if (!match) return false;
    if (!silent) push(state, meta(match), match[0]);
    state.pos += match[0].length;
    return true;
  };
}

/** `[@a; see @b, p. 3]`, and in running text `@a` or `@fig:id`. */
function citation(state: StateInline, silent: boolean): boolean {
  const start = state.src[state.pos];
  if (start === '[') {
    const match = matchAt(CITATION, state);
    const written = match?.[1]?.split(';') ?? [];
    const items = written.flatMap((item): CitationItem[] => {
      const [, prefix = '', key, suffix = ''] = CITATION_ITEM.exec(item) ?? [];
      return key === undefined ? [] : [{ key, prefix, suffix }];
    });
    if (!match || items.length < written.length) return false;
    if (!silent) push(state, { kind: 'citation', narrative: false, items }, match[0]);
    state.pos += match[0].length;
    return true;
  }
  // An address such as someone@example.org is no citation.
  if (start !== '@' || /[\w./]/.test(state.src[state.pos - 1] ?? '')) return false;
  const target = matchAt(CROSS_REFERENCE, state);
  if (target) {
    if (!silent) push(state, { kind: 'crossreference', target: target[1] ?? '' }, target[0]);
    state.pos += target[0].length;
    return true;
  }
  const work = matchAt(NARRATIVE, state);
  if (!work) return false;
  const items = [{ key: work[1] ?? '', prefix: '', suffix: '' }];
  if (!silent) push(state, { kind: 'citation', narrative: true, items }, work[0]);
  state.pos += work[0].length;
  return true;
}

function matchAt(pattern: RegExp, state: StateInline): RegExpExecArray | null {
  pattern.lastIndex = state.pos;
  return pattern.exec(state.src);
}

/** `content` keeps the token as written, whose line ends count. */
function push(state: StateInline, meta: InlineMeta, content: string): void {
  Object.assign(state.push(meta.kind, '', 0), { meta, content });
}

/** `:::{table} id`, options such as `:wide:`, a caption, perhaps a pipe table, and `:::`. */
function directive(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const lineText = (line: number) =>
    state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line]);
  const opening = /^:::\{([a-z-]+)\}[ \t]*(.*?)[ \t]*$/.exec(lineText(startLine));
  if (!opening) return false;
  if (silent) return true;
  let end = startLine + 1;
  while (end < endLine && lineText(end).trim() !== ':::') end++;

  let line = startLine + 1;
  const options: string[] = [];
  for (; line < end; line++) {
    const option = /^:([a-z-]+):$/.exec(lineText(line));
    if (!option?.[1]) break;
    options.push(option[1]);
  }
  const meta: DirectiveMeta = { kind: 'directive', name: opening[1] ?? '', id: opening[2] ?? '', options };
  const token = state.push('directive_open', '', 1);
  token.meta = meta;
  token.map = [startLine, end];

  while (line < end && state.isEmpty(line)) line++;
  const captionStart = line;
  while (line < end && !state.isEmpty(line) && !lineText(line).startsWith('|')) line++;
  if (line > captionStart) {
    const caption = state.push('inline', '', 0);
    caption.content = state.getLines(captionStart, line, state.blkIndent, false).trim();
    caption.map = [captionStart, line];
    caption.children = [];
  }
  if (line < end) {
    const outer = state.lineMax;
    state.lineMax = end;
    state.md.block.tokenize(state, line, end);
    state.lineMax = outer;
  }
  state.push('directive_close', '', -1);
  state.line = Math.min(end + 1, endLine);
  return true;
}

/** `$$`, TeX on the same or the following lines, and `$$`. */
function displayMaths(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  if (!state.src.startsWith('$$', start)) return false;
  const limit = state.eMarks[endLine - 1] ?? state.src.length;
  const close = state.src.indexOf('$$', start + 2);
  if (close < 0 || close > limit) return false;
  let line = startLine;
  while ((state.eMarks[line] ?? 0) < close + 2) line++;
  if (state.src.slice(close + 2, state.eMarks[line]).trim()) return false;
  if (silent) return true;
  const token = state.push('display_maths', '', 0);
  token.content = state.src.slice(start + 2, close).trim();
  token.map = [startLine, line + 1];
  state.line = line + 1;
  return true;
}
