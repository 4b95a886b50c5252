import { isBuildName } from '../../datasets/build-name.js';
import { taskOf } from '../../datasets/builds.js';
import { buildFacts } from '../../datasets/facts.js';
import { mostProbable } from '../../metrics/answers.js';
import type { Confusion } from '../../metrics/confusion.js';
import type { Estimates } from '../../metrics/estimates.js';
import { isObject, type JsonObject } from '../../project/json.js';
import { formatDifference, formatNumber, formatRange } from '../../reporting/format.js';
import type { TableContent } from '../../reporting/table.js';
import type { Difference } from '../../study/comparison.js';
import { labelsOf } from '../../tasks/task.js';
import { cellText } from './rows-table.js';

/** A record of the store, as `buildFacts` and `study.scores` give it. */
interface Recorded {
  readonly header: JsonObject;
  readonly rows: readonly JsonObject[];
  readonly origin: string;
  readonly path: string;
}

export function isRecord(value: unknown): value is Recorded {
  return (
    isObject(value) &&
    isObject(value['header']) &&
    Array.isArray(value['rows']) &&
    value['rows'].every(isObject) &&
    typeof value['origin'] === 'string' &&
    typeof value['path'] === 'string'
  );
}

/** The rows of a record; of a run of one label a row with gold, prediction and a probability a label. */
export async function recordRows({ header, rows }: Recorded): Promise<readonly JsonObject[]> {
  const build = isObject(header['build']) ? header['build']['build'] : undefined;
  if (!isBuildName(build) || !rows.every(isScore)) return rows;
  const labels = labelsOf(taskOf(build));
  const golds = await goldsOf(build);
  return rows.map(({ id, logprobs, ...others }) => {
    if (logprobs.length !== labels.length) return { id, logprobs, ...others };
    const prediction = mostProbable(logprobs, labels);
    const gold = golds?.get(id);
    return {
      id,
      ...(gold !== undefined && { gold }),
      prediction,
      ...(gold !== undefined && { right: gold === prediction ? '✓' : '✗' }),
      ...Object.fromEntries(labels.map((label, index) => [label, Math.exp(logprobs[index] ?? Number.NaN)])),
      ...others,
    };
  });
}

type Score = JsonObject & { readonly id: string; readonly logprobs: readonly number[] };
const isScore = (row: JsonObject): row is Score =>
  typeof row['id'] === 'string' && Array.isArray(row['logprobs']);

/** Gold by id; undefined where neither facts nor data are here. */
async function goldsOf(build: Parameters<typeof buildFacts>[0]) {
  try {
    const { rows } = await buildFacts(build);
    return new Map(rows.map(({ id, gold }) => [id, gold]));
  } catch {
    return undefined;
  }
}

export function isEstimates(value: unknown): value is Estimates {
  return (
    isObject(value) &&
    typeof value['of'] === 'function' &&
    'variation' in value &&
    Array.isArray(value['measures'])
  );
}

/** Every measure with its interval. */
export function estimatesTable({ n, seeds, measures, of }: Estimates): TableContent {
  const found = measures.map(({ id, title, format }) => ({ id, title, style: { format }, score: of(id) }));
  return {
    caption: `Scores of ${formatNumber(n, { format: 'count' })} rows${seeds > 1 ? `, mean of ${seeds} seeds` : ''}`,
    columns: [
      { id: 'measure', title: 'measure' },
      { id: 'id', title: 'id' },
      { id: 'score', title: 'score', align: 'right' },
      { id: 'interval', title: 'interval', align: 'right' },
    ],
    rows: found.map(({ id, title, style, score: { number, interval } }) => [
      title,
      id,
      formatNumber(number, style),
      interval ? formatRange(interval, style) : '—',
    ]),
    notes: [
      ...[
        ...new Set(
          found.flatMap(({ score: { interval } }) =>
            interval ? [`${interval.level * 100} %: ${interval.method}`] : [],
          ),
        ),
      ].map((method) => `Interval of ${method}.`),
      ...found.flatMap(({ title, score: { note } }) => (note === undefined ? [] : [`${title}: ${note}.`])),
    ],
  };
}

export function isConfusion(value: unknown): value is Confusion {
  if (!isObject(value)) return false;
  const { labels, counts } = value;
  return (
    Array.isArray(labels) &&
    Array.isArray(counts) &&
    counts.length === labels.length &&
    counts.every(Array.isArray)
  );
}

/** A line a gold label, a column an answer. */
export function confusionTable({ labels, counts }: Confusion): TableContent {
  const unanswered = counts.some((line) => (line[labels.length] ?? 0) > 0);
  const answers = [...labels, ...(unanswered ? ['no answer'] : [])];
  const sum = (line: readonly number[]) => line.reduce((all, each) => all + each, 0);
  const right = sum(counts.map((line, index) => line[index] ?? 0));
  const all = sum(counts.map(sum));
  return {
    caption: `Rows by gold (lines) and answer (columns): ${right} of ${all} right`,
    columns: [
      { id: 'gold', title: 'gold' },
      ...answers.map((title) => ({ id: title, title, format: 'count' as const })),
      { id: 'rows', title: 'rows', format: 'count' },
    ],
    rows: counts.map((line, index) => [
      labels[index] ?? '',
      ...answers.map((_, at) => (at === index ? { number: line[at] ?? 0, best: true } : (line[at] ?? 0))),
      sum(line),
    ]),
  };
}

export function isDifference(value: unknown): value is Difference {
  return (
    isObject(value) &&
    typeof value['difference'] === 'number' &&
    ['a', 'b', 'on', 'measure', 'test'].every((key) => key in value)
  );
}

/** Comparisons, a line each. */
export function differencesTable(found: readonly Difference[]): TableContent {
  return {
    caption: `${found.length} comparison${found.length === 1 ? '' : 's'}: the first system less the second`,
    columns: ['systems', 'on', 'measure', 'difference', 'interval', 'p'].map((id, index) => ({
      id,
      title: id,
      align: index > 2 ? ('right' as const) : ('left' as const),
    })),
    rows: found.map(({ a, b, on, measure, difference, interval, test }) => [
      `${a.name} − ${b.name}`,
      on,
      measure.title,
      formatDifference(difference, measure.format),
      interval ? formatRange(interval, { format: measure.format === 'percent' ? 'points' : 'decimal' }) : '—',
      typeof test.p === 'number' ? formatNumber(test.p, { format: 'p-value' }) : cellText(test.p),
    ]),
    notes: [
      'p is of this comparison alone, not corrected.',
      ...found.flatMap(({ id, note }) => (note === undefined ? [] : [`${id}: ${note}.`])),
    ],
  };
}
