import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Reader } from 'small-claims/datasets/reader';
import ts from 'typescript';

/** Compiles the source of a reader of lib/src/datasets/readers to `place`, a file `.mjs`, and loads what it reads by. */
export async function loadReader(source: string, place: string): Promise<Reader> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 },
  });
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(
    place,
    outputText.replaceAll(
      /'(?:\.\.\/)+(project\/)?([\w-]+)\.js'/g,
      (_, room = 'datasets/', name) => `'small-claims/${room}${name}'`,
    ),
  );
  const { read }: { readonly read: Reader } = await import(place);
  return read;
}
