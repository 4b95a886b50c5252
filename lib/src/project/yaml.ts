import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { z } from 'zod';
import { UserError } from './error.js';
import { readText } from './input-file.js';
import { fitted, type SchemaFlaw } from './schema.js';

/**
 * Reads a YAML 1.2 file and checks it against a zod schema; use `z.strictObject` so that an unknown key is an error.
 *
 * @returns the schema's output, so defaults and transforms have been applied.
 * @throws UserError naming of every mistake file, line and field path, and for an unknown key the nearest known one;
 *   unknown keys first, then in the order of the file.
 */
export function readYaml<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  return parseYaml(readText(file), file, schema);
}

/** As `readYaml`, of text already read; empty lines in front of an excerpt keep the line numbers of its `file`. */
export function parseYaml<Schema extends z.ZodType>(
  text: string,
  file: string,
  schema: Schema,
): z.output<Schema> {
  const { document, lines } = parsed(text, file);
  const flaw = document.errors[0] ?? document.warnings[0];
  if (flaw) {
    const { what = flaw.message, hint } = SLIPS[flaw.code] ?? {};
    throw new UserError(
      `not valid YAML: ${what.replace(/^Maximum call stack.*/, 'it is nested too deeply')}`,
      {
        at: { file, line: lines.linePos(flaw.pos[0]).line },
        ...(hint && { hint }),
      },
    );
  }
  const result = fitted(saidBy(document, lines, file), schema);
  if (result.success) return result.data;

  const [first, ...others] = result.flaws
    .map((flaw) => ({ ...flaw, line: lines.linePos(offsetOf(document, flaw.path)).line }))
    // A misspelt key is the cause of the missing one it should have been.
    .sort((a, b) => Number(isUnknownKey(b)) - Number(isUnknownKey(a)) || a.line - b.line);
  if (!first) throw result.error;
  const placeOf = ({ line, field }: typeof first) => ({ file, line, ...(field && { field }) });
  const hints = [
    first.hint,
    ...others.map(
      (other) =>
        new UserError(other.message, { at: placeOf(other), ...(other.hint && { hint: other.hint }) }).message,
    ),
  ];
  const hint = hints.filter(Boolean).join('\n  ');
  throw new UserError(first.message, { at: placeOf(first), ...(hint && { hint }) });
}

/** What people get wrong where YAML speaks of its grammar, by its own code. */
const SLIPS: Readonly<Record<string, { readonly what: string; readonly hint: string }>> = {
  BLOCK_AS_IMPLICIT_KEY: {
    what: 'a key has a value beside it and another below it',
    hint: 'Is the next line indented one space too many? Or does the value hold a colon and a space? Then it needs quotes.',
  },
  MULTILINE_IMPLICIT_KEY: {
    what: 'a line has no key, or no colon and space after it',
    hint: 'Write `key: value`, with a space after the colon.',
  },
  TAB_AS_INDENT: { what: 'a line is indented by a tab', hint: 'Indent by spaces.' },
  DUPLICATE_KEY: { what: 'a key stands here for the second time', hint: 'Keep one of the two.' },
  MULTIPLE_DOCS: { what: 'a second document begins', hint: 'Take out the line of three hyphens.' },
};

/** What a document says, made once: schemas copy what they check. */
function saidBy(document: Document, lines: LineCounter, file: string): unknown {
  if (!values.has(document)) values.set(document, plainValue(document, lines, file));
  return values.get(document);
}

const values = new WeakMap<Document, unknown>();

/** Each is looked for among all; nobody writes so many. */
const MOST_ALIASES = 1000;

/** What a document says. @throws UserError for an alias of nothing, aliases that multiply, and a key that no object can have as its own. */
function plainValue(document: Document, lines: LineCounter, file: string): unknown {
  const anchors = new Map<string, Node>();
  let aliases = 0;
  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Pair(_, { key }) {
      if (!isScalar(key) || key.value !== '__proto__') return;
      throw new UserError('unknown key "__proto__"', {
        at: { file, line: lines.linePos(key.range?.[0] ?? 0).line },
      });
    },
    Alias(_, alias, around) {
      aliases++;
      const target = anchors.get(alias.source);
      if (target && !around.includes(target) && aliases <= MOST_ALIASES) return;
      const what = !target
        ? `nothing is called &${alias.source}`
        : around.includes(target)
          ? `*${alias.source} stands for what it is a part of`
          : `more than ${MOST_ALIASES} aliases`;
      throw new UserError(`not valid YAML: ${what}`, {
        at: { file, line: lines.linePos(alias.range?.[0] ?? 0).line },
      });
    },
  });
  try {
    return document.toJS();
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new UserError('not valid YAML: its aliases stand for far more than it says', {
      at: { file },
      hint: 'Write out what each alias stands for.',
      cause,
    });
  }
}

/** The line, counted from 1, of what stands at `path` in a YAML file, or of the nearest thing around it that is there. */
export function yamlLine(file: string, path: readonly PropertyKey[]): number {
  const { document, lines } = parsed(readText(file), file);
  return lines.linePos(offsetOf(document, path)).line;
}

interface Parsed {
  readonly text: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Of each file the text last parsed: a catalogue is read anew for every entry, and mostly says what it said. */
const lastParsed = new Map<string, Parsed>();

function parsed(text: string, file: string): Parsed {
  const last = lastParsed.get(file);
  if (last?.text === text) return last;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  lastParsed.set(file, { text, document, lines });
  return { text, document, lines };
}

const isUnknownKey = ({ message }: SchemaFlaw) => message.startsWith('unknown key');

/** Where `path` begins in the text: at its key, or at the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap<Node, Node | null>(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (!pair) break;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq<Node>(node) && typeof part === 'number') {
      node = node.items[part];
      offset =
        node instanceof Object && 'range' in node && Array.isArray(node.range)
          ? Number(node.range[0])
          : offset;
    } else break;
  }
  return offset;
}
