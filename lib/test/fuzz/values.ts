import type { RandomStream } from 'small-claims/project/random';
import { stringify } from 'yaml';
import type { Mutation, Right } from './mutations.js';

type Path = readonly (string | number)[];

/** Every place of a value that holds something. */
function pathsIn(value: unknown, at: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') return [at];
  const entries: readonly [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [...(at.length > 0 ? [at] : []), ...entries.flatMap(([key, inner]) => pathsIn(inner, [...at, key]))];
}

/** A value with what is at a path changed; `change` gives undefined to take it out. */
function withChanged(value: unknown, [key, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => {
      const made = index === key ? withChanged(item, rest, change) : item;
      return made === undefined ? [] : [made];
    });
  const entries = Object.entries(value ?? {}).map(([name, inner]) => [
    name,
    name === key ? withChanged(inner, rest, change) : inner,
  ]);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

const isNumber = (old: unknown) => typeof old === 'number';
const isText = (old: unknown) => typeof old === 'string';
const isMap = (old: unknown) => old !== null && typeof old === 'object' && !Array.isArray(old);
const isList = (old: unknown) => Array.isArray(old);

/** What a value may be changed to, and whether that can be right. */
const CHANGES: readonly (readonly [string, Right, (old: unknown) => boolean, (old: unknown) => unknown])[] = [
  ['taken out', 'any', () => true, () => undefined],
  ['null', 'any', () => true, () => null],
  ['an empty text', 'any', isText, () => ''],
  ['white space', 'any', isText, () => ' \n\t'],
  ['a megabyte of text', 'any', isText, () => 'x'.repeat(2 ** 20)],
  ['another name', 'any', isText, (old) => `${old}x`],
  ['a path that leads elsewhere', 'any', isText, () => '../../../etc/passwd'],
  ['__proto__', 'any', isText, () => '__proto__'],
  ['constructor', 'any', isText, () => 'constructor'],
  ['a number', 'any', isText, () => 7],
  ['true', 'any', () => true, () => true],
  ['a negative number', 'refused', (old) => typeof old === 'number' && old > 0, () => -1],
  ['zero', 'any', isNumber, () => 0],
  ['a part', 'any', isNumber, () => 0.5],
  ['far too much', 'any', isNumber, () => 1e300],
  ['infinity', 'refused', isNumber, () => Number.POSITIVE_INFINITY],
  ['no number', 'refused', isNumber, () => Number.NaN],
  ['a number as text', 'refused', isNumber, (old) => `${old} or so`],
  ['an empty list', 'any', isList, () => []],
  ['a list with one thing twice', 'any', isList, (old) => (Array.isArray(old) ? [...old, old[0]] : old)],
  ['an empty map', 'any', isMap, () => ({})],
  ['a map with a key too many', 'any', isMap, (old) => ({ ...Object(old), unheard: 1 })],
  [
    'a map with a key called __proto__',
    'any',
    isMap,
    (old) => Object.defineProperty({ ...Object(old) }, '__proto__', { value: { a: 1 }, enumerable: true }),
  ],
  ['a list of itself', 'any', (old) => !isList(old), (old) => [old, old]],
];

/** How many values of a file are changed in each way, each time. */
const EACH = 4;

/** A file of YAML or JSON with one of its values changed, in every way that fits what it is. */
export function changedValues(
  value: object,
  write: (changed: unknown) => string = stringify,
): readonly Mutation[] {
  return CHANGES.flatMap(([name, right, fits, change]) =>
    Array.from(
      { length: EACH },
      (_, time): Mutation => ({
        name: `${name}, ${time + 1}`,
        right,
        change(_valid: Buffer, random: RandomStream) {
          const places = pathsIn(value).filter((path) => fits(valueAt(value, path)));
          const path = places[random.below(Math.max(1, places.length))];
          return path && Buffer.from(write(withChanged(value, path, change)));
        },
      }),
    ),
  );
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (within, key) =>
      within instanceof Object
        ? new Map<string | number, unknown>(Object.entries(within)).get(`${key}`)
        : undefined,
    value,
  );
