import { scores, summed } from 'small-claims/metrics/measure';
import { findMeasure } from 'small-claims/metrics/measures/measures';
import { intervals } from 'small-claims/metrics/resampling/bootstrap';
import { vectorsOf } from 'small-claims/metrics/resampling/vectors';
import { randomStream } from 'small-claims/project/random';
import type { Benchmark, Peer } from './benchmark.js';
import { timed } from './measuring.js';

const ROWS = 1823;
const REPLICATES = 10_000;
/** Scoring every drawn row takes long; so many replicates tell its rate. */
const PEER_REPLICATES = 500;

const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'];
const macroF1 = findMeasure('macro-f1', { shape: 'one-of', labels: LABELS });
const random = randomStream('bench: bootstrap', 1);
const label = () => LABELS[random.below(3)] ?? 'NEI';
const gold = Array.from({ length: ROWS }, label);
const predicted = gold.map((right) => (random.next() < 0.6 ? right : label()));

const peers = (clusterCount: number): { ours: Peer; row: Peer } => {
  const keys = gold.map(() => String(random.below(clusterCount)));
  const clusters = { name: 'clusters', keys };
  return {
    ours: {
      name: 'small-claims, sums by cluster',
      run: () =>
        timed(REPLICATES, async () => {
          intervals(summed([macroF1], gold, predicted), { clusters, replicates: REPLICATES });
        }),
    },
    row: {
      name: 'scoring every drawn row',
      run: () =>
        timed(PEER_REPLICATES, async () => {
          const rowByRow = {
            vectors: vectorsOf(ROWS, ROWS, (row, add) => add(row)),
            of(times: Float64Array) {
              const some = (labels: typeof gold) =>
                labels.flatMap((each, row) => Array.from({ length: times[row] ?? 0 }, () => each));
              return scores([macroF1], some(gold), some(predicted));
            },
          };
          intervals(rowByRow, { clusters, replicates: PEER_REPLICATES });
        }),
    },
  };
};

const benchmark: Benchmark = {
  title: `Cluster bootstrap of macro-F1 on ${ROWS.toLocaleString('en')} rows`,
  async *steps() {
    for (const count of [50, 1000]) {
      const { ours, row } = peers(count);
      yield {
        kind: 'comparison',
        title: `${count.toLocaleString('en')} clusters`,
        unit: 'replicates',
        rounds: 3,
        ours,
        peers: [row],
      };
      const { units, seconds } = await ours.run();
      yield {
        kind: 'finding',
        what: `seconds for ${units.toLocaleString('en')} replicates over ${count.toLocaleString('en')} clusters`,
        value: seconds,
        target: { atMost: 1 },
      };
    }
  },
};

export default benchmark;
