/** The three labels of claim verification, in the order every table and confusion matrix uses. */
export const LABELS = ['SUPPORT', 'CONTRADICT', 'NEI'] as const;

/** SUPPORT: the evidence supports the claim. CONTRADICT: it refutes it. NEI: not enough information. */
export type Label = (typeof LABELS)[number];

/** A row without its text: facts that may be kept and published. */
export interface ExampleFacts {
  /** Unique within the dataset's build and split, stable across machines, e.g. `scifact:dev:13:13734012:0`. */
  readonly id: string;
  readonly label: Label;
  /** Rows with the same claim share it. HealthVer has no claim id: there it is a hash of the claim's text. */
  readonly claimId: string;
  /** Documents the evidence comes from; for HealthVer a hash of the evidence text. */
  readonly documentIds: readonly string[];
  /** Indices of the evidence sentences within the abstract, ascending; empty where there is no rationale. */
  readonly rationale: readonly number[];
}

/** A row to be scored or trained on. */
export interface Example extends ExampleFacts {
  readonly claim: string;
  /** The evidence shown with the claim; the empty string where the build gives none. */
  readonly evidence: string;
}

/**
 * A named set of rows: `DATASET/BUILD/SPLIT`, e.g. `scifact/rationales/dev`, `scifact/nei-abstract/dev`,
 * `healthver/rows/test`.
 */
export type BuildName = `${string}/${string}/${string}`;
