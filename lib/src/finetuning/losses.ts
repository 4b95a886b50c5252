import type { Logged } from './checkpoints.js';

/**
 * The mean of the updates' losses in each epoch, in nats a token of the answer, four decimals; null for an epoch with an
 * update whose loss was no finite number.
 */
export function epochLosses(log: readonly Logged[], stepsPerEpoch: number): (number | null)[] {
  // Of the trainer's lines, those of updates have a learning rate.
  const losses = log.flatMap((line) => ('learning_rate' in line ? [line['loss'] ?? Number.NaN] : []));
  return Array.from({ length: Math.ceil(losses.length / stepsPerEpoch) }, (_, epoch) => {
    const own = losses.slice(epoch * stepsPerEpoch, (epoch + 1) * stepsPerEpoch);
    const mean = own.reduce((sum, loss) => sum + loss, 0) / own.length;
    return Number.isFinite(mean) ? Math.round(mean * 1e4) / 1e4 : null;
  });
}
