import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';
import { filesUnder } from 'small-claims/project/folder';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A page of the documentation, taken apart. */
export interface Page {
  /** Relative to the checkout. */
  readonly file: string;
  /** Targets of links and images. */
  readonly links: readonly string[];
  /** Its headings, as GitHub makes anchors of them. */
  readonly anchors: ReadonlySet<string>;
  readonly blocks: readonly Block[];
  /** Code within a line. */
  readonly spans: readonly string[];
}

/** A block of code. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Counted from 1: that of the first line of code. */
  readonly line: number;
}

const markdown = new MarkdownIt({ html: true });

/** Every page that is written for readers of the repository; what is made, such as an adapter's card, is none. */
export function pages(): readonly Page[] {
  const under = (folder: string) => filesUnder(join(ROOT, folder)).map((file) => `${folder}/${file}`);
  const files = [
    ...readdirSync(ROOT),
    ...under('docs'),
    'data/README.md',
    'paper/reproducibility-checklist.md',
    ...['lib/src', 'lib/bench'].flatMap(under),
  ];
  return files.filter((file) => file.endsWith('.md')).map((file) => page(file));
}

/** Where a page's relative link leads, relative to the checkout. */
export const targetOf = ({ file }: Page, link: string): string => join(dirname(file), decodeURI(link));

/** A page by its file. */
export function page(file: string): Page {
  const tokens = markdown.parse(readFileSync(join(ROOT, file), 'utf8'), {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const links = inline.flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? []);
  const headings = tokens.flatMap(({ type }, at) =>
    type === 'heading_open' ? (tokens[at + 1]?.content ?? '') : [],
  );
  const blocks = tokens.flatMap(({ type, info, content, map }) =>
    type === 'fence' ? { language: info.trim(), text: content, line: (map?.[0] ?? 0) + 2 } : [],
  );
  const spans = inline.flatMap(({ type, content }) => (type === 'code_inline' ? content : []));
  return { file, links, anchors: new Set(headings.map(anchorOf)), blocks, spans };
}

const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
