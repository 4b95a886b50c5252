import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { UserError } from '../project/error.js';
import { nearest } from '../project/nearest.js';

/** An option of a command. One with `value` takes a value, which help calls by that name. */
interface Option {
  readonly help: string;
  readonly value?: string;
}

/** What was given on the command line. */
export interface Arguments {
  /** Everything that is no option, in order. */
  readonly names: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** One command of the CLI, in a file of its own. It loads what it needs only when it runs. */
export interface Command {
  /** Name and arguments: `run [NAME...]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Exit status for a UserError. Default 1. */
  readonly userErrorStatus?: number;
  /** @throws UserError for what the user can mend. */
  run(given: Arguments): Promise<void>;
}

/**
 * Reads a command's arguments.
 *
 * @throws UserError for an option it does not know, and for names where it takes none.
 */
export function readArguments(command: Command, args: readonly string[]): Arguments {
  const options = Object.entries(command.options).map(([name, { value }]) => {
    const type: 'string' | 'boolean' = value === undefined ? 'boolean' : 'string';
    return [name, { type }] as const;
  });
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(options),
      allowPositionals: command.usage.includes('['),
    });
    const single = Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? undefined : value,
    ]);
    return { names: positionals, options: Object.fromEntries(single) };
  } catch (cause) {
    const [message = ''] = String(cause instanceof Error ? cause.message : cause).split('. ');
    const [, wrong] = /^Unknown option '--?([^']+)'/.exec(message) ?? [];
    const near = wrong === undefined ? undefined : nearest(wrong, Object.keys(command.options));
    throw new UserError(message, {
      hint: `${near === undefined ? '' : `Did you mean --${near}? `}See: npx small-claims ${nameOf(command)} --help`,
      cause,
    });
  }
}

/** The help of one command. */
export function helpText(command: Command): string {
  const rows = Object.entries({ ...command.options, help: { help: 'show this' } }).map(
    ([name, { value, help }]: [string, Option]) => [`--${name}${value ? ` ${value}` : ''}`, help] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    `small-claims ${command.usage}`,
    '',
    command.summary,
    '',
    ...rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`),
  ].join('\n');
}

/** The first word of its usage. */
function nameOf(command: Command): string {
  return command.usage.split(' ', 1)[0] ?? '';
}

/** More than anybody can mean: a timer of Node holds 24 days in milliseconds, and a million resamples take hours. */
const MOST = 1_000_000;

/**
 * The positive number given with an option.
 *
 * @throws UserError when it is none, or above `most`.
 */
export function positiveNumber(given: Arguments, option: string, most = MOST): number | undefined {
  const text = given.options[option];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  throw new UserError(`--${option} takes a number above 0 and up to ${most}, not "${text}"`);
}

/**
 * The whole number above 0 given with an option.
 *
 * @throws UserError when it is none, or above `most`.
 */
export function positiveInteger(given: Arguments, option: string, most = MOST): number | undefined {
  const text = given.options[option];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= most) return value;
  throw new UserError(`--${option} takes a whole number above 0 and up to ${most}, not "${text}"`);
}

/** The text given with an option. */
export function textOption(given: Arguments, option: string): string | undefined {
  const text = given.options[option];
  return typeof text === 'string' ? text : undefined;
}

/**
 * The list given with an option: `a,b`, or JSON where an item holds a comma, `["a, b", "c"]`.
 *
 * @throws UserError for JSON of anything but texts.
 */
export function listOption(given: Arguments, option: string): readonly string[] | undefined {
  const text = textOption(given, option);
  return (
    textsInJson(text, option)?.map(([, item]) => item) ??
    text
      ?.split(',')
      .map((item) => item.trim())
      .filter(Boolean)
  );
}

/**
 * What an option says things are to be: `a=b,c` that a is to be b, and c itself; or JSON, `{"a": "b"}`.
 *
 * @throws UserError for JSON of anything but texts.
 */
export function pairsOption(given: Arguments, option: string): Readonly<Record<string, string>> {
  const text = textOption(given, option);
  if (text?.trimStart().startsWith('{')) return Object.fromEntries(textsInJson(text, option) ?? []);
  const pairs = (listOption(given, option) ?? []).map((item): [string, string] => {
    const at = item.lastIndexOf('=');
    return at < 0 ? [item, item] : [item.slice(0, at).trim(), item.slice(at + 1).trim()];
  });
  return Object.fromEntries(pairs);
}

/** The entries of a list or object of texts in JSON; undefined where a text does not begin as one. */
function textsInJson(text: string | undefined, option: string): readonly [string, string][] | undefined {
  if (text === undefined || !/^\s*[[{]/.test(text)) return undefined;
  let entries: readonly [string, unknown][] = [];
  try {
    entries = Object.entries(JSON.parse(text));
  } catch {}
  const texts = entries.flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' && value !== '' ? [[key, value]] : [],
  );
  if (texts.length > 0 && texts.length === entries.length) return texts;
  throw new UserError(`--${option} begins as JSON and holds no texts: ${text}`, {
    hint: `In JSON it is a list of texts, --${option} '["yes, but", "no"]', or an object of them, '{"WORD": "NAME"}'.`,
  });
}

/**
 * The whole number, 0 or above, given with an option.
 *
 * @throws UserError when it is none.
 */
export function wholeNumber(given: Arguments, option: string): number | undefined {
  const text = given.options[option];
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw new UserError(`--${option} takes a whole number, not "${text}"`);
}

/**
 * The word given with an option, out of those it takes.
 *
 * @throws UserError when it is none of them.
 */
export function oneOf<Word extends string>(
  given: Arguments,
  option: string,
  words: readonly Word[],
): Word | undefined {
  const text = given.options[option];
  if (text === undefined) return undefined;
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw new UserError(`--${option} takes ${words.join(', ')}, not "${text}"`);
}

/**
 * How many notebooks to run at a time: as told, or as many as `make -j` was told, or one a core, at most four.
 * A kernel takes about 300 MB; what takes more, scoring with a model, waits its turn under a lock of its own.
 */
export function jobCount(
  told: number | undefined,
  makeFlags: string | undefined = process.env['MAKEFLAGS'],
): number {
  const cores = availableParallelism();
  const make = /(?:^|\s)-j(\d*)/.exec(makeFlags ?? '');
  if (told !== undefined) return told;
  if (make) return make[1] ? Number(make[1]) : cores;
  return Math.min(4, cores);
}
