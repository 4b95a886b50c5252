import { createRequire } from 'node:module';
import type * as ts from 'typescript';

let loaded: typeof ts | undefined;

/** The compiler, loaded when code has to be read that has not been read before: it takes a quarter of a second. */
export function typescript(): typeof ts {
  loaded ??= createRequire(import.meta.url)('typescript');
  if (!loaded) throw new Error('typescript cannot be loaded');
  return loaded;
}

/** What code says, without comments and layout: its tokens, in brackets as they belong together. */
export function meaning(node: ts.Node): string {
  const children = node.getChildren();
  if (children.length === 0) return node.getText();
  const inner = children.map(meaning).filter((text) => text !== '');
  return inner.length === 1 ? (inner[0] ?? '') : `(${inner.join(' ')})`;
}
