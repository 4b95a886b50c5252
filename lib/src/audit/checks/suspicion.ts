import type { AuditResult, Check, Verdict } from '../result.js';
import type { Unseen } from './unseen.js';

/** What has been measured, before it is judged. */
export type Measured = Omit<AuditResult, 'verdict' | 'headline' | 'checks'>;

/** Rows that a check can name besides those its measure does. */
export interface Concerned {
  /** Ids of rows of which a text is empty. */
  readonly empty: readonly string[];
  /** Ids of rows that hold a word in a text. */
  readonly holding: (field: string, word: string) => readonly string[];
}

/** A check before correction: the verdict it comes to unless what it rests on may be chance. */
export interface Suspicion extends Omit<Check, 'verdict' | 'adjustedP' | 'rows' | 'rowCount'> {
  readonly verdict: Verdict;
  /** Ids of rows, all or the first. */
  readonly concerned?: readonly string[];
  /** How many rows are concerned, where there are more than are named. */
  readonly rowCount?: number;
  /** Of a test: why it could have found nothing. */
  readonly unseen?: Unseen;
}

/** From these on a check says leaks, where it says anything; below them it says look. */
export const THRESHOLDS = {
  /** Share of test rows whose pair is in training. */
  sharedPairs: 0.01,
  /** Share of test rows one of whose two texts is in training. */
  sharedTexts: 0.05,
  /** Share of rows that repeat another of their set; below it nothing is said. */
  repeatedPairs: 0.01,
  /** Total variation between the labels of train and test; below it nothing is said. */
  priorShift: 0.05,
  /** Macro-F1 over what chance reaches; accuracy over that of the commonest label. */
  gain: 0.1,
  /** Distance of an area under the ROC curve from one half. */
  auc: 0.15,
  /** Agreement of labels over or under chance, of rows that share a text or key. */
  agreement: 0.1,
  /** A word leaks that at least this share of the training rows hold ... */
  wordRows: 0.01,
  /** ... of which at least this share have one label. */
  wordShare: 0.9,
  /** One that as many training rows hold should be found, or nothing can be told of words. */
  seenWordRows: 0.05,
} as const;
