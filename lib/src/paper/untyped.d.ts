/** The parts we use of packages without types for ES modules. */
declare module 'markdown-it-footnote' {
  import type MarkdownIt from 'markdown-it';
  export default function footnotes(md: MarkdownIt): void;
}
declare module 'temml' {
  const temml: {
    renderToString(tex: string, options: { displayMode: boolean; throwOnError: boolean }): string;
  };
  export default temml;
}
