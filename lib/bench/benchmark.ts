/** Work done, and how long it took; what is not compared, such as loading a model, a peer leaves out. */
export interface Measure {
  readonly units: number;
  readonly seconds: number;
}

/** One of those compared. */
export interface Peer {
  readonly name: string;
  /** Does the work once. */
  run(): Promise<Measure>;
}

/** The same work done by us and by others, in turn, `rounds` times. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly title: string;
  /** What is counted: a rate is units a second. */
  readonly unit: string;
  readonly rounds: number;
  readonly ours: Peer;
  readonly peers: readonly Peer[];
  /** The least ratio of our rate to a peer's that is aimed at, by the peer's name. */
  readonly targets?: Readonly<Record<string, number>>;
  /** What was sampled, or differs between the peers. */
  readonly note?: string;
}

/** A single number, such as the largest difference between two results. */
export interface Finding {
  readonly kind: 'finding';
  readonly what: string;
  readonly value: number;
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
}

/** What could not be measured on this machine. */
export interface Skipped {
  readonly kind: 'skipped';
  readonly what: string;
  /** What is missing and how to get it. */
  readonly why: string;
}

/** A benchmark, in a module of its own. */
export interface Benchmark {
  readonly title: string;
  /** Yields what is to be measured; each is measured before the next is asked for, so it can be cleared away after. */
  steps(): AsyncIterable<Comparison | Finding | Skipped>;
}
