import { isTooDeep, type JsonObject, MOST_LEVELS } from '../project/json.js';
import type { RecordHeader } from './header.js';

/** What is wrong with a row, and in which of its fields. */
interface RowFlaw {
  readonly field: string;
  readonly what: string;
}

type Check = (row: JsonObject) => RowFlaw | undefined;

/**
 * Whether a row is what a record of its kind holds: fields of the right types, numbers that are finite, log-probabilities
 * those of a distribution, and in every row as many as in the first.
 *
 * Written by hand: rows are checked whenever a record is read, and a schema of zod takes longer than the reading itself.
 *
 * @returns a check to be called with the rows in their order.
 */
export function rowCheck(header: RecordHeader): Check {
  switch (header.kind) {
    case 'run':
      return scores();
    case 'baseline':
      return baseline();
    case 'generation':
      return generation;
    case 'epochs':
      return epochs(header['epochs']);
    case 'facts':
    case 'transfer':
      return flat();
    default:
      return (row) => finiteIn(row, '');
  }
}

function scores(): Check {
  const distribution = distributions();
  return ({ logprobs, mass, promptTokens }) => {
    if (typeof mass !== 'number' || !(mass >= 0 && mass <= 1 + ROUNDING))
      return no('probability', 'mass', mass);
    if (!isCount(promptTokens)) return no('count', 'promptTokens', promptTokens);
    return distribution(logprobs, 'logprobs');
  };
}

function baseline(): Check {
  const distribution = distributions();
  return ({ logprobs, answer }) =>
    logprobs === undefined ? isAnswer(answer, 'answer') : distribution(logprobs, 'logprobs');
}

function epochs(count: unknown): Check {
  const distribution = distributions();
  return ({ label, logprobs }) => {
    if (typeof label !== 'string') return no('text', 'label', label);
    if (!Array.isArray(logprobs) || logprobs.length !== count)
      return no(`list of ${count} epochs`, 'logprobs', logprobs);
    for (const [epoch, each] of logprobs.entries()) {
      const flaw = distribution(each, `logprobs[${epoch}]`);
      if (flaw) return flaw;
    }
    return undefined;
  };
}

const OUTCOMES: readonly unknown[] = ['answered', 'refused', 'unparsable'];

function generation({
  answer,
  outcome,
  finish,
  promptTokens,
  completionTokens,
  textSha256,
}: JsonObject): RowFlaw | undefined {
  if (!OUTCOMES.includes(outcome)) return no('outcome', 'outcome', outcome);
  if (typeof finish !== 'string') return no('text', 'finish', finish);
  if (!isCount(promptTokens)) return no('count', 'promptTokens', promptTokens);
  if (!isCount(completionTokens)) return no('count', 'completionTokens', completionTokens);
  if (typeof textSha256 !== 'string' || !/^[0-9a-f]{64}$/.test(textSha256))
    return no('SHA-256', 'textSha256', textSha256);
  if (outcome === 'answered') return isAnswer(answer, 'answer');
  return answer === null ? undefined : { field: 'answer', what: `an answer in a row that is ${outcome}` };
}

/** Rows that are flat, each with the texts and numbers of the first; lists may be of any length, or absent. */
function flat(): Check {
  let expected = 0;
  let counts: readonly string[] | undefined;
  return (row) => {
    let single = 0;
    for (const field in row) {
      const value = row[field];
      if (typeof value === 'object') {
        const flaw = isAnswer(value, field);
        if (flaw) return flaw;
      } else if (typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)))
        single += 1;
      else return no('text or number', field, value);
    }
    if (!counts) {
      expected = single;
      counts = Object.keys(row).filter((field) => field.endsWith('Words'));
    }
    if (single !== expected)
      return { field: 'id', what: `it has ${single} texts and numbers; the rows before have ${expected}` };
    for (const field of counts) if (!isCount(row[field])) return no('count', field, row[field]);
    const { overlap = 0 } = row;
    return typeof overlap === 'number' && overlap >= 0 && overlap <= 1
      ? undefined
      : no('share', 'overlap', overlap);
  };
}

/** An answer of some shape: a label, a number, or a list of labels or spans. */
function isAnswer(value: unknown, field: string): RowFlaw | undefined {
  return value === null || value === undefined ? no('answer', field, value) : finiteIn(value, field);
}

/** Six decimals of the probabilities of a hundred labels add up to 1 within this. */
const ROUNDING = 1e-4;

function distributions(): (value: unknown, field: string) => RowFlaw | undefined {
  let labels: number | undefined;
  return (value, field) => {
    if (!Array.isArray(value)) return no('list of log-probabilities', field, value);
    labels ??= value.length;
    if (value.length !== labels) return no(`list of ${labels} log-probabilities, as before`, field, value);
    let sum = 0;
    for (let index = 0; index < labels; index += 1) {
      const logprob: unknown = value[index];
      if (typeof logprob !== 'number' || !(logprob <= 0 && logprob > -Infinity)) {
        return no('log-probability', `${field}[${index}]`, logprob);
      }
      sum += Math.exp(logprob);
    }
    if (Math.abs(sum - 1) <= ROUNDING) return undefined;
    return { field, what: `its probabilities add up to ${sum.toPrecision(4)}, and not to 1` };
  };
}

/** The first number, at any depth, that is not finite: one beyond the largest there is. Null stands for what is not known. */
function finiteIn(value: unknown, field: string): RowFlaw | undefined {
  // Paths are written only where one is to be told.
  if (allFinite(value, 0)) return undefined;
  if (isTooDeep(value)) return { field, what: 'it is nested too deeply' };
  if (value === null || typeof value !== 'object') return no('finite number', field, value);
  const [key, inner] = Object.entries(value).find(([, each]) => !allFinite(each, 0)) ?? [];
  return finiteIn(inner, Array.isArray(value) ? `${field}[${key}]` : [field, key].filter(Boolean).join('.'));
}

/** False also of what is nested beyond measure, before the stack ends. */
function allFinite(value: unknown, level: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value !== 'object') return true;
  if (level > MOST_LEVELS) return false;
  if (Array.isArray(value)) return value.every((each) => allFinite(each, level + 1));
  for (const key in value) if (!allFinite(Reflect.get(value, key), level + 1)) return false;
  return true;
}

const isCount = (value: unknown) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function no(kind: string, field: string, value: unknown): RowFlaw {
  const found = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return { field, what: `no ${kind}: ${found.length > 60 ? `${found.slice(0, 60)}…` : found}` };
}
