import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { scores } from '../metrics/measure.js';
import { findMeasure } from '../metrics/measures/measures.js';
import type { Fit } from '../models/adapter-training.js';
import type { Row } from '../tasks/row.js';
import { labelsOf, type Task } from '../tasks/task.js';
import { decimals } from './curve.js';

const told = z.strictObject({
  id: z.string(),
  /** Of the answer, in nats. */
  loss: z.number().nullable(),
  /** Whether it is what the model would write. */
  right: z.boolean(),
  /** The place of the most probable label. */
  label: z.int().nullable(),
});

/** What a model says of a row that it has learnt from. */
export type Told = z.output<typeof told>;

/** The share that counts as fitting. */
const FITS = 0.8;

/** What a training said of its rows at its end; undefined before that. */
export function readFit(output: string): readonly Told[] | undefined {
  const file = join(output, 'fit.jsonl');
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((text) => told.parse(JSON.parse(text)));
}

/**
 * How a training fits its own rows. The prior's loss is the entropy of their answers: what whoever has counted them, and
 * reads nothing, would lose.
 *
 * @throws Error where it does not tell of all of them.
 */
export function fitOf(
  told: readonly Told[],
  rows: readonly Pick<Row, 'id' | 'gold'>[],
  answerOf: (id: string) => string,
  task: Task,
): Fit {
  const byId = new Map(told.map((row) => [row.id, row]));
  const own = rows.map((row) => {
    const found = byId.get(row.id);
    if (!found) throw new Error(`the training tells nothing of ${row.id}`);
    return found;
  });
  const labels = task.shape === 'one-of' ? labelsOf(task) : [];
  const answers = own.map(({ label }) => (label === null ? null : (labels[label] ?? null)));
  const golds = rows.map(({ gold }) => gold);
  const labelled = labels.length > 0;
  const [score = 0] = labelled
    ? scores([findMeasure('macro-f1', task)], golds, answers)
    : [own.filter(({ right }) => right).length / own.length];
  const losses = own.map(({ loss }) => loss);
  const loss = losses.includes(null)
    ? null
    : decimals(losses.reduce<number>((sum, each) => sum + (each ?? 0), 0) / own.length);
  const prior = decimals(entropy(rows.map(({ id }) => answerOf(id))));
  return {
    rows: rows.length,
    measure: labelled ? 'macro-f1' : 'exact',
    score: decimals(score),
    ...{ loss, prior },
    fits: score >= FITS,
    learns: loss !== null && loss < prior,
  };
}

/** For people. */
export function fitText({ rows, measure, score, loss, prior, fits, learns }: Fit): string {
  const what = measure === 'macro-f1' ? 'macro-F1' : 'answers written just so';
  return (
    `${fits ? 'fits' : 'does not fit'} its ${rows} training rows (${what} ${(score * 100).toFixed(1)} there, ` +
    `${FITS * 100} is asked for) and ${learns ? 'learns more' : 'does not learn more'} than the prior ` +
    `(loss ${loss ?? 'no finite number'} nats a row, of the prior ${prior})`
  );
}

/** In nats. */
function entropy(values: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / values.length) * Math.log(count / values.length),
    0,
  );
}
