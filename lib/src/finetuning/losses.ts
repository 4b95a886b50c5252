import type { Logged } from './checkpoints.js';

/** The mean of the updates' losses in each epoch, in nats a token of the answer; four decimals. */
export function epochLosses(log: readonly Logged[], stepsPerEpoch: number): number[] {
  const losses = log.flatMap(({ loss }) => loss ?? []);
  return Array.from({ length: Math.ceil(losses.length / stepsPerEpoch) }, (_, epoch) => {
    const own = losses.slice(epoch * stepsPerEpoch, (epoch + 1) * stepsPerEpoch);
    return Math.round((own.reduce((sum, loss) => sum + loss, 0) / own.length) * 1e4) / 1e4;
  });
}
