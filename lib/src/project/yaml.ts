import { readFileSync } from 'node:fs';
import { closest } from 'fastest-levenshtein';
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { UserError } from './error.js';

/**
 * Reads a YAML 1.2 file and checks it against a zod schema; use `z.strictObject` so that an unknown key is an error.
 *
 * @returns the schema's output, so defaults and transforms have been applied.
 * @throws UserError naming file, line and field path, and for an unknown key the nearest known one. Of several
 *   mistakes the first in the file is named.
 */
export function readYaml<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const flaw = document.errors[0] ?? document.warnings[0];
  if (flaw) {
    throw new UserError(`not valid YAML: ${flaw.message}`, {
      at: { file, line: lines.linePos(flaw.pos[0]).line },
    });
  }
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;

  const flaws = result.error.issues.map((issue) => {
    const { path, message, hint } = describe(issue, schema);
    return { line: lines.linePos(offsetOf(document, path)).line, field: fieldPath(path), message, hint };
  });
  const [first, ...others] = flaws.sort((a, b) => a.line - b.line);
  if (!first) throw result.error;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new UserError(`${first.message}${more}`, {
    at: { file, line: first.line, ...(first.field && { field: first.field }) },
    ...(first.hint && { hint: first.hint }),
  });
}

function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new UserError(missing ? 'no such file' : `cannot be read as UTF-8 text: ${cause}`, {
      at: { file },
      cause,
    });
  }
}

interface Flaw {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly hint?: string;
}

function describe(issue: z.core.$ZodIssue, schema: z.core.$ZodType): Flaw {
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = knownKeys(schemasAt(schema, issue.path));
    const hint =
      known.length > 0 && `Did you mean "${closest(key, known)}"? Known here: ${known.join(', ')}.`;
    return { path: [...issue.path, key], message: `unknown key "${key}"`, ...(hint && { hint }) };
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that came closest is the one the writer meant: its first complaint lies deepest.
    const [nearest] = issue.errors
      .flatMap((branch) => branch.slice(0, 1))
      .sort((a, b) => b.path.length - a.path.length || rank(a) - rank(b));
    if (nearest) return describe({ ...nearest, path: [...issue.path, ...nearest.path] }, schema);
  }
  return { path: issue.path, message: lowerFirst(issue.message) };
}

const rank = (issue: z.core.$ZodIssue) => (issue.code === 'unrecognized_keys' ? 0 : 1);
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** `models.phi3.sources[0].url` */
function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

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

/** The schemas a value at `path` is checked against: several where a union stands on the way. */
function schemasAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType[] {
  const [part, ...rest] = path;
  const reached = unwrap(schema);
  if (part === undefined) return reached;
  return reached.flatMap((at) => {
    if (at instanceof z.ZodObject) {
      const field: z.core.$ZodType | undefined = at.shape[String(part)];
      return field ? schemasAt(field, rest) : [];
    }
    if (at instanceof z.ZodArray) return schemasAt(at.element, rest);
    if (at instanceof z.ZodRecord) return schemasAt(at.valueType, rest);
    return [];
  });
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.unwrap());
  }
  return [schema];
}

function knownKeys(schemas: readonly z.core.$ZodType[]): string[] {
  return [
    ...new Set(schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []))),
  ];
}
