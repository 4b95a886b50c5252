import { type RandomStream, randomStream } from 'small-claims/project/random';
import { LABELS, type Label } from '../metrics/labels.js';

/** What two systems say of rows that come in clusters. */
export interface Answers {
  readonly gold: Label[];
  readonly ours: Label[];
  readonly theirs: Label[];
  /** Each row's cluster. */
  readonly keys: string[];
}

/** A finite population of clusters, of which the truth is known exactly, to draw from with replacement. */
export interface World {
  readonly all: Answers;
  draw(clusters: number, random: RandomStream): Answers;
}

export interface WorldOptions {
  /** Rows a cluster, on average: sizes are even over 1 to twice that less 1. */
  readonly size: number;
  /** How much better ours is than theirs on a row, in logits; at 0 the two are exchangeable, cluster by cluster. */
  readonly lead: number;
}

const CLUSTERS = 3000;
const empty = { gold: [], ours: [], theirs: [] };

/**
 * Rows of a cluster share how hard they are, how well either system fares with them, and a leaning of their labels, so
 * that they are right or wrong together; a wrong prediction is one of the two other labels.
 */
export function world({ size, lead }: WorldOptions): World {
  const random = randomStream(`simulated world of clusters of ${size}, lead ${lead}`, 1);
  const pool = Array.from({ length: CLUSTERS }, () => cluster(random, size, lead));
  // The same clusters with the systems exchanged too: then no score differs between them.
  if (lead === 0) pool.push(...pool.map(({ gold, ours, theirs }) => ({ gold, ours: theirs, theirs: ours })));
  const gather = (drawn: readonly Omit<Answers, 'keys'>[]): Answers => ({
    gold: drawn.flatMap(({ gold }) => gold),
    ours: drawn.flatMap(({ ours }) => ours),
    theirs: drawn.flatMap(({ theirs }) => theirs),
    keys: drawn.flatMap(({ gold }, index) => gold.map(() => String(index))),
  });
  return {
    all: gather(pool),
    draw: (clusters, stream) =>
      gather(Array.from({ length: clusters }, () => pool[stream.below(pool.length)] ?? empty)),
  };
}

function cluster(random: RandomStream, size: number, lead: number): Omit<Answers, 'keys'> {
  const rows = 1 + random.below(2 * size - 1);
  const hard = normal(random);
  const right = [lead + 0.8 + hard + normal(random) / 2, 0.8 + hard + normal(random) / 2].map(
    (logit) => 1 / (1 + Math.exp(-logit)),
  );
  const leaning = random.below(3);
  const gold = Array.from({ length: rows }, () => at(random.next() < 0.4 ? leaning : random.below(3)));
  const answers = (share = 0) =>
    gold.map((label) => (random.next() < share ? label : at(LABELS.indexOf(label) + 1 + random.below(2))));
  return { gold, ours: answers(right[0]), theirs: answers(right[1]) };
}

const at = (index: number): Label => LABELS[index % 3] ?? 'NEI';

/** Box and Muller's. */
const normal = (random: RandomStream) =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
