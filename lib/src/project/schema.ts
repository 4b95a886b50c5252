import { closest } from 'fastest-levenshtein';
import { z } from 'zod';

/** One way in which a value does not fit its schema. */
export interface SchemaFlaw {
  readonly path: readonly PropertyKey[];
  /** The path as text, e.g. `models.phi3.sources[0].url`; empty for the value itself. */
  readonly field: string;
  readonly message: string;
  readonly hint?: string;
}

/** What a failed parse found, in zod's order; for an unknown key with the nearest known one. */
export function schemaFlaws(error: z.core.$ZodError, schema: z.core.$ZodType): readonly SchemaFlaw[] {
  return error.issues
    .flatMap((issue) => describe(issue, schema))
    .map((flaw) => ({ ...flaw, field: fieldPath(flaw.path) }));
}

function describe(issue: z.core.$ZodIssue, schema: z.core.$ZodType): readonly Omit<SchemaFlaw, 'field'>[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schemasAt(schema, issue.path));
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `unknown key "${key}"`,
      ...(known.length > 0 && {
        hint: `Did you mean "${closest(key, known)}"? Known here: ${known.join(', ')}.`,
      }),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The branch that came closest is the one the writer meant: what it complains of lies deepest.
    const [nearest] = [...issue.errors].sort((a, b) => depth(b) - depth(a) || rank(a) - rank(b));
    return (nearest ?? []).flatMap((inner) =>
      describe({ ...inner, path: [...issue.path, ...inner.path] }, schema),
    );
  }
  if (issue.code === 'invalid_union') {
    const known = schemasAt(schema, issue.path).flatMap((at) =>
      at instanceof z.ZodLiteral ? [...at.values].map(String) : [],
    );
    if (known.length > 0) {
      const said = issue.discriminator && new Map(Object.entries(issue.input ?? {})).get(issue.discriminator);
      return [
        {
          path: issue.path,
          message: `must be one of ${known.join(', ')}`,
          ...(typeof said === 'string' && { hint: `The nearest is "${closest(said, known)}".` }),
        },
      ];
    }
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ path: issue.path, message: `missing: a ${issue.expected} is needed` }];
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  return [{ path: issue.path, message: inner ? `a key ${inner.message}` : lowerFirst(issue.message) }];
}

type Branch = readonly z.core.$ZodIssue[];
const depth = (branch: Branch) => branch[0]?.path.length ?? 0;
const rank = (branch: Branch) => (branch[0]?.code === 'unrecognized_keys' ? 0 : 1);
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

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
