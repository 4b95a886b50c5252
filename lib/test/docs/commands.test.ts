import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Command } from 'small-claims/pipeline/command';
import { notebookNames } from 'small-claims/pipeline/notebook/notebook';
import { filesUnder } from 'small-claims/project/folder';
import { projectPaths } from 'small-claims/project/paths';
import { page, pages, ROOT } from './pages.js';

/** The commands that a page tells to run, in blocks of shell and within lines, as words. */
const told = pages().flatMap(({ file, blocks, spans }) => {
  const shell = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text);
  return [...shell.flatMap((text) => text.replaceAll('\\\n', ' ').split('\n')), ...spans]
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split('&&'))
    .map((command) => ({
      file,
      words: command
        .trim()
        .replace(/^(?:[A-Z_]+=\S*\s+)+/, '')
        .split(/\s+/),
    }));
});

const makefile = readFileSync(join(ROOT, 'Makefile'), 'utf8');
const makes = told.filter(({ words: [program, next] }) => program === 'make' && next !== undefined);

test('every `make` of the documentation names targets and arguments that the Makefile has', () => {
  const targets = new Set([
    ...[...makefile.matchAll(/^([a-z][a-z-]*):/gm)].map(([, name]) => name),
    ...notebookNames(projectPaths(ROOT).notebooks),
    // Of the recipe for a notebook.
    '09-claim-length',
  ]);
  const wrong = makes.flatMap(({ file, words: [, ...words] }) =>
    words
      .filter((word) => {
        const [, variable] = /^([A-Z_]+)=/.exec(word) ?? [];
        if (variable !== undefined) return !makefile.includes(`$(${variable})`);
        return /^[a-z0-9][\w-]*$/.test(word) && !targets.has(word);
      })
      .map((word) => `${file}: make ... ${word}`),
  );
  assert.ok(makes.length > 50);
  assert.deepEqual(wrong, []);
});

test('every `small-claims` of the documentation names a command and options that it has', async () => {
  const folder = fileURLToPath(new URL('./commands', import.meta.resolve('small-claims/pipeline/cli')));
  const names = readdirSync(folder).flatMap((file) => /^([a-z-]+)\.js$/.exec(file)?.[1] ?? []);
  const commands = new Map(
    await Promise.all(
      names.map(async (name) => {
        const { default: command }: { default: Command } = await import(join(folder, `${name}.js`));
        return [command.usage.split(' ')[0] ?? '', command] as const;
      }),
    ),
  );
  const calls = told.flatMap(({ file, words }) => {
    const [first, name, ...args] = words[0] === 'npx' ? words.slice(1) : words;
    return first === 'small-claims' && name !== undefined && name !== 'COMMAND' ? { file, name, args } : [];
  });
  const wrong = calls.flatMap(({ file, name, args }) => {
    const options = args.flatMap((word) => /^--([a-z-]+)/.exec(word)?.[1] ?? []);
    const known = commands.get(name)?.options;
    if (!known) return [`${file}: small-claims ${name}`];
    return options
      .filter((option) => option !== 'help' && !Object.hasOwn(known, option))
      .map((option) => `${file}: small-claims ${name} --${option}`);
  });
  assert.ok(calls.length > 10);
  assert.deepEqual(wrong, []);
});

test('the page of environment variables has those that the lib reads, and no others', () => {
  const [first = ''] = readFileSync(join(ROOT, 'docs/environment.md'), 'utf8').split('## ');
  const listed = [...first.matchAll(/`([A-Z][A-Z_]+)`/g)].flatMap(([, name]) => name ?? []);
  const source = join(ROOT, 'lib', 'src');
  const code = filesUnder(source).map((file) => readFileSync(join(source, file), 'utf8'));
  const read = code.flatMap((text) =>
    [...text.matchAll(/process\.env\['([A-Z_]+)'\]/g)].map(([, name]) => name),
  );
  const named = code.flatMap((text) =>
    [...text.matchAll(/'((?:SMALL_CLAIMS|OPENAI)_[A-Z_]+)'/g)].map(([, name]) => name),
  );
  // What one process of the pipeline tells another, and what other programs set.
  const internal = [
    'SMALL_CLAIMS_OUT',
    'SMALL_CLAIMS_NOTEBOOK',
    'SMALL_CLAIMS_RECORDS',
    'SMALL_CLAIMS_TRAINING',
  ];
  const foreign = ['SMALL_CLAIMS_MAKE', 'MAKEFLAGS', 'JPY_PARENT_PID', 'CXX'];
  const known = new Set(
    [...read, ...named].filter((name) => ![...internal, ...foreign].includes(name ?? '')),
  );
  assert.deepEqual([...new Set(listed)].sort(), [...known].sort());
});

test('every target of the Makefile that takes an argument is in the table of arguments', () => {
  const listed = page('docs/environment.md').spans.join(' ');
  const taken = [...makefile.matchAll(/\$\(([A-Z]+(?:_OPTIONS)?)\)/g)].flatMap(([, name]) => name ?? []);
  const own = [...makefile.matchAll(/^([A-Z_]+) [:?]?=/gm)].map(([, name]) => name);
  const missing = [...new Set(taken)].filter(
    (name) => !own.includes(name) && name !== 'MAKE' && name !== 'MAKEFLAGS' && !listed.includes(`${name}=`),
  );
  assert.deepEqual(missing, []);
  assert.ok(taken.length > 10);
});
