/** A JSON object whose fields have not been looked at yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a JSON value is an object (not an array, not null). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than any file of ours or of Jupyter's goes; what writes or compares a value would run out of stack at some thousands. */
export const MOST_LEVELS: number = 200;

/** Whether a JSON value has objects or lists within each other deeper than any honest one. */
export function isTooDeep(value: unknown, level = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return level > MOST_LEVELS || Object.values(value).some((each) => isTooDeep(each, level + 1));
}
