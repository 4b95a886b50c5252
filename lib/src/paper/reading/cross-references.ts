import type Token from 'markdown-it/lib/token.mjs';
import { normalised } from '../../project/normalise.js';
import type { DirectiveMeta, InlineMeta } from './markdown.js';

/** Something the paper can point to. */
interface Target {
  readonly anchor: string;
  /** How it is spoken of: "Figure 2", "Section 3.1". */
  readonly name: string;
  readonly number: string;
}

/** What has to be known of the whole paper before any sentence of it can be written. */
export interface CrossReferences {
  /** By cross-reference: "fig:artifact", "sec:data". */
  readonly targets: ReadonlyMap<string, Target>;
  /** The number and anchor of each opening token of a heading, table or figure. */
  readonly numbered: ReadonlyMap<Token, Target>;
  /** Opening tokens whose name another one bears already. */
  readonly repeated: ReadonlySet<Token>;
  /** Keys cited, each once, in order of appearance. */
  readonly cited: readonly string[];
}

/** Numbers the sections, tables and figures of a paper, and lists what it cites. */
export function crossReferences(...texts: readonly (readonly Token[])[]): CrossReferences {
  const targets = new Map<string, Target>();
  const numbered = new Map<Token, Target>();
  const cited = new Set<string>();
  const counts = { table: 0, figure: 0 };
  const sections: number[] = [];
  const anchors = new Set<string>();
  const repeated = new Set<Token>();

  const add = (token: Token, target: Target) => {
    const [kind, ...id] = target.anchor.split('-');
    targets.set(`${kind}:${id.join('-')}`, target);
    numbered.set(token, target);
    anchors.add(target.anchor);
  };
  const given = (token: Token, anchor: string): string => {
    if (anchors.has(anchor)) repeated.add(token);
    return anchor;
  };
  const free = (anchor: string): string => {
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? anchor : `${anchor}-${n}`;
      if (!anchors.has(candidate)) return candidate;
    }
  };

  for (const tokens of texts) {
    tokens.forEach((token, index) => {
      if (token.type === 'heading_open') {
        const { anchor, unnumbered } = headingMeta(token);
        const level = Number(token.tag.slice(1));
        if (!unnumbered) {
          sections.length = level;
          for (let i = 0; i < level; i++) sections[i] ??= 0;
          sections[level - 1] = (sections[level - 1] ?? 0) + 1;
        }
        const number = unnumbered ? '' : sections.join('.');
        const title = tokens[index + 1]?.content ?? '';
        const name = unnumbered ? title : `Section\u00a0${number}`;
        add(token, { anchor: anchor ? given(token, anchor) : free(`sec-${slug(title)}`), name, number });
      }
      if (token.type === 'directive_open') {
        const { name, id } = directiveMeta(token);
        if (name !== 'table' && name !== 'figure') return;
        const number = String(++counts[name]);
        const [prefix, spoken] = name === 'table' ? ['tbl', 'Table'] : ['fig', 'Figure'];
        add(token, { anchor: given(token, `${prefix}-${id}`), name: `${spoken}\u00a0${number}`, number });
      }
      for (const child of token.children ?? []) {
        const meta = inlineMeta(child);
        if (meta?.kind === 'citation') for (const { key } of meta.items) cited.add(key);
        if (meta?.kind === 'role') for (const key of roleSource(meta.content)) cited.add(key);
      }
    });
  }
  return { targets, numbered, repeated, cited: [...cited] };
}

/** What our own inline token carries; nothing for markdown-it's. */
export function inlineMeta(token: Token): InlineMeta | undefined {
  const meta: InlineMeta | null = token.meta;
  return meta && 'kind' in meta ? meta : undefined;
}

export function directiveMeta(token: Token): DirectiveMeta {
  const meta: DirectiveMeta = token.meta;
  return meta;
}

interface HeadingMeta {
  readonly anchor?: string;
  readonly unnumbered?: boolean;
}

function headingMeta(token: Token): HeadingMeta {
  const meta: HeadingMeta | null = token.meta;
  return meta ?? {};
}

/** The key in "88.4 @kumar2026small". */
export function roleSource(content: string): string[] {
  const key = /@(\S+)$/.exec(content)?.[1];
  return key === undefined ? [] : [key];
}

function slug(title: string): string {
  return (
    normalised(title.toLowerCase(), 'NFD')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'section'
  );
}
