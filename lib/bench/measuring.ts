import type { Comparison, Measure, Peer } from './benchmark.js';

/** A peer's rates, and how many times ours is as fast. */
interface PeerResult {
  readonly name: string;
  readonly measures: readonly Measure[];
  /** Median over the rounds, in units a second. */
  readonly rate: number;
  /** Our rate over this one's; one a round, so that a machine that slows down slows both. */
  readonly ratios: readonly number[];
  /** The median of `ratios`. */
  readonly ratio: number;
  readonly target?: number;
}

export interface ComparisonResult {
  readonly kind: 'comparison';
  readonly title: string;
  readonly unit: string;
  readonly note?: string;
  readonly ours: Omit<PeerResult, 'ratios' | 'ratio' | 'target'>;
  readonly peers: readonly PeerResult[];
}

/**
 * Runs all peers in turn, round after round, each round beginning with the next of them: whatever else the machine
 * does falls on all of them alike.
 */
export async function compare(
  comparison: Comparison,
  say: (line: string) => void,
): Promise<ComparisonResult> {
  const { title, unit, note, rounds, ours, targets } = comparison;
  const peers = [ours, ...comparison.peers];
  const measures = new Map<Peer, Measure[]>(peers.map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < peers.length; turn++) {
      const peer = peers[(round + turn) % peers.length];
      if (!peer) continue;
      const measure = await peer.run();
      measures.get(peer)?.push(measure);
      say(`round ${round + 1} of ${rounds}, ${peer.name}: ${rateText(rateOf(measure))} ${unit}/s`);
    }
  }
  const resultOf = (peer: Peer) => {
    const of = measures.get(peer) ?? [];
    return { name: peer.name, measures: of, rate: median(of.map(rateOf)) };
  };
  const mine = resultOf(ours);
  return {
    kind: 'comparison',
    title,
    unit,
    ...(note !== undefined && { note }),
    ours: mine,
    peers: comparison.peers.map((peer) => {
      const result = resultOf(peer);
      const target = targets?.[peer.name];
      const ratios = result.measures.flatMap((theirs, round) => {
        const our = mine.measures[round];
        return our ? [rateOf(our) / rateOf(theirs)] : [];
      });
      return { ...result, ratios, ratio: median(ratios), ...(target !== undefined && { target }) };
    }),
  };
}

/** Times `work`, in seconds. */
export async function timed(units: number, work: () => unknown): Promise<Measure> {
  const started = performance.now();
  await work();
  return { units, seconds: (performance.now() - started) / 1000 };
}

export const rateOf = ({ units, seconds }: Measure) => units / seconds;

/** Three significant digits. */
export const rateText = (rate: number) => (rate >= 100 ? rate.toFixed(0) : rate.toPrecision(3));

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) return Number.NaN;
  return (low + high) / 2;
}
