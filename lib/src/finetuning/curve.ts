import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const update = z.strictObject({
  step: z.int(),
  /** In nats: a token of the answers, or a row where it is among label words; null where it is no finite number. */
  loss: z.number().nullable(),
  learningRate: z.number(),
  /** Of the rows of the update, answers included, and the seconds it took. */
  tokens: z.int(),
  seconds: z.number(),
});

const heldOut = z.strictObject({
  step: z.int(),
  /** In nats a row. */
  heldOutLoss: z.number().nullable(),
  /** The share of right answers. */
  heldOutRight: z.number(),
});

/** That it asks about its own training rows. */
const fitting = z.strictObject({ step: z.int(), fit: z.int() });

const line = z.union([update, heldOut, fitting]);

/** How a training goes: an object an update and, where rows are held out, one an epoch. */
export type Curve = readonly (z.output<typeof update> | z.output<typeof heldOut>)[];

/** A line that the trainer prints; undefined of others, such as a library's own words. */
export function curveLine(text: string): z.output<typeof line> | undefined {
  if (!text.startsWith('{"step"')) return undefined;
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The whole curve of a training, from its first update on, also where it went on after a kill. */
export function readCurve(output: string): Curve {
  const file = join(output, 'curve.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((text) => update.or(heldOut).parse(JSON.parse(text)));
}

/** The mean of the updates' losses in each epoch, four decimals; null for an epoch with an update that has none. */
export function epochLosses(curve: Curve, stepsPerEpoch: number): (number | null)[] {
  const losses = curve.flatMap((each) => ('loss' in each ? [each.loss] : []));
  return Array.from({ length: Math.ceil(losses.length / stepsPerEpoch) }, (_, epoch) => {
    const own = losses.slice(epoch * stepsPerEpoch, (epoch + 1) * stepsPerEpoch);
    if (own.includes(null)) return null;
    return decimals(own.reduce<number>((sum, loss) => sum + (loss ?? 0), 0) / own.length);
  });
}

/** What the held-out rows came to after each epoch, four decimals. */
export const heldOutScores = (curve: Curve) =>
  curve.flatMap((each) =>
    'heldOutLoss' in each
      ? [
          {
            loss: each.heldOutLoss === null ? null : decimals(each.heldOutLoss),
            right: decimals(each.heldOutRight),
          },
        ]
      : [],
  );

/** The update at the end of the epoch with the least held-out loss; of equals the first. */
export function bestStep(curve: Curve): number {
  const ends = curve.flatMap((each) =>
    'heldOutLoss' in each ? [{ step: each.step, loss: each.heldOutLoss ?? Number.POSITIVE_INFINITY }] : [],
  );
  return ends.toSorted((a, b) => a.loss - b.loss)[0]?.step ?? Number.POSITIVE_INFINITY;
}

/** A loss or a share as records have it: four decimals. */
export const decimals = (value: number): number => Math.round(value * 1e4) / 1e4;
