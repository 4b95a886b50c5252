import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';

/** What a JSON file can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Everything that determines a record's content: its first line. It is made of pinned hashes, names and versions,
 * so it can be computed where no data, model or key is at hand.
 */
export interface RecordHeader {
  readonly kind:
    | 'facts'
    | 'baseline'
    | 'audit'
    | 'repair'
    | 'transfer'
    | 'floors'
    | 'run'
    | 'generation'
    | 'trials'
    | 'epochs';
  readonly [field: string]: Json;
}

const KINDS: readonly unknown[] = [
  'facts',
  'baseline',
  'audit',
  'repair',
  'transfer',
  'floors',
  'run',
  'generation',
  'trials',
  'epochs',
] satisfies RecordHeader['kind'][];

/** Whether a line of a record can be its header. */
export function isHeader(value: unknown): value is RecordHeader {
  return value !== null && typeof value === 'object' && 'kind' in value && KINDS.includes(value.kind);
}

/** The address of a record: SHA-256 of its header in canonical JSON. */
export function recordKey(header: RecordHeader): Sha256 {
  return sha256(canonicalJson(header));
}

/** The fields in which two headers differ, as `field.path: old -> new`, for saying why something is computed. */
export function headerChanges(before: Json, after: Json, path = ''): string[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (!isObject(before) || !isObject(after)) return [`${path}: ${brief(before)} -> ${brief(after)}`];
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return fields.flatMap((field) =>
    headerChanges(before[field] ?? null, after[field] ?? null, path === '' ? field : `${path}.${field}`),
  );
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function brief(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 24 ? `${text.slice(0, 12)}…` : text;
}
