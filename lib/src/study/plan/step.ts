import type { BuildName } from '../../datasets/build-name.js';
import type { Prices } from '../../models/prices.js';
import type { Paths } from '../../project/paths.js';
import type { Study } from '../study.js';
import type { Cost } from './estimate.js';
import type { Here } from './here.js';
import type { BuildSize } from './tokens.js';

/** A step of a study, from the releases to the paper. */
export interface PlanStep extends Partial<Cost> {
  /** The command that does it. */
  readonly command: string;
  readonly name: string;
  readonly inputs: string;
  /** Whether its result is here already. */
  readonly done: boolean;
  readonly dollars?: number | undefined;
  /** Whether nobody knows how many rows it takes, and so not what it would take or cost. */
  readonly uncounted?: boolean;
  /** What it takes and is not here. */
  readonly missing: readonly string[];
  /** Why it cannot be made for this study, whatever is here. */
  readonly impossible?: string;
  /** What has to be done first. */
  readonly after?: readonly string[];
}

/** What a notebook says it is about by `onlyTask`, and the study that has to have it; undefined: the one that is asked for. */
export interface WantedTask {
  readonly study: string | undefined;
  readonly task: string;
  /** Titles of data sets. */
  readonly titles: readonly string[];
}

/** What the steps are worked out from. */
export interface PlanInputs {
  readonly study: Study;
  readonly here: Here;
  readonly sizeOf: (name: BuildName) => BuildSize;
  readonly prices: Prices;
  readonly notebooks: readonly { readonly name: string; readonly wanted: readonly WantedTask[] }[];
  readonly paths: Paths;
}
