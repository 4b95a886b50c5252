/** A JSON object whose fields have not been looked at yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a JSON value is an object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
