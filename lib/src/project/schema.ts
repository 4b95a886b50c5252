import { z } from 'zod';
import { nearest } from './nearest.js';
import { plainWords } from './schema-words.js';

/** An address in a file people write: http or https, since it is fetched, or becomes a link that a reader follows. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address, beginning with https:// or http://' })
  .regex(/^https?:\/\/[^\s\p{C}]+$/iu, 'must be an address, beginning with https:// or http://');

/** One way in which a value does not fit its schema. */
export interface SchemaFlaw {
  readonly path: readonly PropertyKey[];
  /** The path as text, e.g. `models.phi3.sources[0].url`; empty for the value itself. */
  readonly field: string;
  readonly message: string;
  readonly hint?: string;
}

/** A value held against a schema: what it then is, or in zod's order what is wrong with it, in plain words. */
export type Fitted<Schema extends z.ZodType> =
  | { readonly success: true; readonly data: z.output<Schema> }
  | { readonly success: false; readonly error: z.core.$ZodError; readonly flaws: readonly SchemaFlaw[] };

/** Holds a value against a schema. Of an unknown key the flaw names the one that is meant. */
export function fitted<Schema extends z.ZodType>(value: unknown, schema: Schema): Fitted<Schema> {
  const result = schema.safeParse(value, { reportInput: true, error: plainWords });
  if (result.success) return result;
  const { issues } = result.error;
  // What is of another type is not measured too.
  const isTyped = ({ path }: z.core.$ZodIssue) =>
    !issues.some((issue) => issue.code === 'invalid_type' && fieldPath(issue.path) === fieldPath(path));
  const flaws = issues
    .filter((issue) => !/^too_/.test(issue.code ?? '') || isTyped(issue))
    .flatMap((issue) => describe(issue, schema))
    .map((flaw) => ({ ...flaw, field: fieldPath(flaw.path) }));
  return { success: false, error: result.error, flaws };
}

function describe(issue: z.core.$ZodIssue, schema: z.core.$ZodType): readonly Omit<SchemaFlaw, 'field'>[] {
  if (issue.code === 'unrecognized_keys') {
    const all = schemasAt(schema, issue.path);
    const known = knownKeys(all.filter((each) => isMeant(each, issue.input)));
    return issue.keys.map((key) => {
      const elsewhere = all.filter((each) => knownKeys([each]).includes(key)).flatMap(literalsOf);
      const near = elsewhere.length > 0 ? undefined : nearest(key, known);
      const hints = [
        elsewhere.length > 0 && `It goes with ${elsewhere.join(' or ')}.`,
        near !== undefined && `Did you mean "${near}"?`,
        known.length > 0 && `Known here: ${known.join(', ')}.`,
      ];
      const hint = hints.filter(Boolean).join(' ');
      return { path: [...issue.path, key], message: `unknown key "${key}"`, ...(hint && { hint }) };
    });
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that came nearest is the one the writer meant: what it complains of lies deepest.
    const [meant] = [...issue.errors].sort((a, b) => depth(b) - depth(a) || rank(a) - rank(b));
    return (meant ?? []).flatMap((inner) =>
      describe({ ...inner, path: [...issue.path, ...inner.path] }, schema),
    );
  }
  if (issue.code === 'invalid_union') {
    const known = schemasAt(schema, issue.path).flatMap((at) =>
      at instanceof z.ZodLiteral ? [...at.values].map(String) : [],
    );
    const said = issue.discriminator && new Map(Object.entries(issue.input ?? {})).get(issue.discriminator);
    if (known.length > 0)
      return [
        {
          path: issue.path,
          message: said === undefined ? 'is missing' : `must be one of ${known.join(', ')}`,
          ...(said === undefined ? { hint: `One of ${known.join(', ')}.` } : meantBy(said, known)),
        },
      ];
  }
  if (issue.code === 'invalid_value')
    return [{ path: issue.path, message: issue.message, ...meantBy(issue.input, issue.values.map(String)) }];
  if (issue.code === 'invalid_type')
    return [{ path: issue.path, message: issue.message, ...formOf(issue, schema) }];
  if (issue.code === 'custom' && typeof issue.params?.['hint'] === 'string')
    return [{ path: issue.path, message: issue.message, hint: issue.params['hint'] }];
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  return [{ path: issue.path, message: inner ? `a key ${inner.message}` : issue.message }];
}

/** How a list, or names with values, would be written of what stands there. */
function formOf(issue: z.core.$ZodIssueInvalidType, schema: z.core.$ZodType): { readonly hint?: string } {
  const { input, expected, path } = issue;
  if (input === undefined || input === null || typeof input === 'object') return {};
  if (expected === 'array') return { hint: `Write it as [${String(input)}].` };
  const keys = expected === 'object' ? knownKeys(schemasAt(schema, path)) : [];
  return keys.length === 0
    ? {}
    : { hint: `Write it as { ${keys[0]}: ... }; known here: ${keys.join(', ')}.` };
}

/** Whether a value may have been meant for an object's schema: what the schema says literally, the value says too. */
const isMeant = (schema: z.core.$ZodType, value: unknown): boolean => {
  const given = new Map(Object.entries(value ?? {}));
  return literalFields(schema).every(
    ([key, literal]) => !given.has(key) || literal.values.has(given.get(key)),
  );
};

const literalFields = (schema: z.core.$ZodType): readonly (readonly [string, z.ZodLiteral])[] =>
  schema instanceof z.ZodObject
    ? Object.entries(schema.shape).flatMap(([key, field]) =>
        field instanceof z.ZodLiteral ? [[key, field] as const] : [],
      )
    : [];

/** `shape one-of`: what tells an object from others that may stand where it does. */
const literalsOf = (schema: z.core.$ZodType): readonly string[] =>
  literalFields(schema).map(([key, literal]) => `${key} ${[...literal.values].map(String).join(' or ')}`);

/** The hint that names the value which is meant, where one is near. */
function meantBy(said: unknown, known: readonly string[]): { readonly hint?: string } {
  const near = typeof said === 'string' ? nearest(said, known) : undefined;
  return near === undefined ? {} : { hint: `The nearest is "${near}".` };
}

type Branch = readonly z.core.$ZodIssue[];
const depth = (branch: Branch) => branch[0]?.path.length ?? 0;
const rank = (branch: Branch) => (branch[0]?.code === 'unrecognized_keys' ? 0 : 1);

function fieldPath(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
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
