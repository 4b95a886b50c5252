/**
 * What a notebook and a user of the library call: `import { openStudy, buildFacts, evaluate } from 'small-claims'`. Beside
 * functions stand the types of what they take and give, which a cell's own functions need by name. Each function's
 * docstring has an example, and lib/test/docs/public-face.test.ts runs it.
 *
 * Flat, so that a change makes only those notebooks stale that import what it changes. Nothing here may load a package
 * that awaits at its top level: a notebook's cell could not import it.
 */

// Study: models, prompts, what every system answered and how it scored.

export { type Adapter, findAdapter } from './models/adapters.js';
export { type Model, readModels } from './models/catalogue.js';
export { type HourPrice, type Prices, readPrices, type TokenPrice, tokenCost } from './models/prices.js';
export type { SealedRecord } from './records/store.js';
export type { Generation } from './scoring/generation.js';
export type { LabelScore } from './scoring/label-score.js';
export { missingModel } from './scoring/missing.js';
export { type Prediction, score } from './scoring/own/score.js';
export { type Comparison, compare, type Difference, publishComparisons } from './study/comparison.js';
export { coreComparison } from './study/core-comparison.js';
export { type CoreRow, type CoreScores, coreRows, floorRows, onCommonSeeds } from './study/core-rows.js';
export { coreTable } from './study/core-table.js';
export { onlyTask } from './study/only-task.js';
export { openStudy, type Study } from './study/study.js';
export type { Answered, System, TestSet } from './study/systems/system.js';
export { fieldPart, findPrompt, type Prompt, promptFields } from './tasks/prompt.js';

// Data: builds and their tasks, one's own among them, their facts, and splits that do not leak.

export type { BuildName } from './datasets/build-name.js';
export { buildNames, loadBuild, taskOf } from './datasets/builds.js';
export { readCatalogue } from './datasets/catalogue.js';
export { buildFacts, type FactsRow, factsOf } from './datasets/facts.js';
export type { Grouping } from './datasets/group.js';
export { type Split, type SplitOptions, split } from './datasets/split.js';
export { UserError } from './project/error.js';
export { withId } from './project/with-id.js';
export type { Gold, Row, RowFacts, Span } from './tasks/row.js';
export { shapeOf } from './tasks/shape-of.js';
export { findTask, labelsOf, type Task } from './tasks/task.js';

// Score: measures.

export { targetsOf } from './learners/targets.js';
export { answersTo, logOdds } from './metrics/answers.js';
export { auc, aucDifference } from './metrics/auc.js';
export { batchCalibrated } from './metrics/batch-calibration.js';
export {
  type BinOptions,
  type Confident,
  calibrationError,
  confidences,
  debiasedCalibrationError,
  type ReliabilityBin,
  reliability,
} from './metrics/calibration.js';
export { type Confusion, confusion } from './metrics/confusion.js';
export { type Answers, type Measure, type Reference, scores, summed } from './metrics/measure.js';
export { findMeasure, mainMeasure, measuresOf } from './metrics/measures/measures.js';
export { brierScore, logLoss, type ScoredRow } from './metrics/probability.js';
export { type RiskCoverage, riskCoverage } from './metrics/selective.js';
export { commonestLabel, itemsAt, median, shareOf } from './metrics/shares.js';
export { fitTemperature, type TemperatureScaling } from './metrics/temperature.js';

// Score: intervals, tests and power.

export { differenceError, differenceInterval } from './metrics/difference.js';
export { type Equivalence, equivalence } from './metrics/equivalence.js';
export type { Estimate, Estimates, Variation } from './metrics/estimates.js';
export { evaluate, linkedRows, referencesOf } from './metrics/evaluation.js';
export { crossFitted, fitOffsets, labelWith } from './metrics/label-offsets.js';
export { type McNemar, mcnemar } from './metrics/mcnemar.js';
export { corrected } from './metrics/multiplicity.js';
export { type PairedTest, pairedBootstrapTest, randomisationTest } from './metrics/paired-tests.js';
export { leastDifference, minimumDetectableEffect, type PairedDesign, sampleSize } from './metrics/power.js';
export type { Bounds, Interval } from './metrics/resampling/bootstrap.js';
export { effectiveClusters } from './metrics/resampling/clusters.js';
export { intervalCoverage } from './metrics/resampling/coverage.js';
export { mean } from './metrics/resampling/summed.js';

// Train: grids of hyper-parameters, and what trainings left.

export { type EpochScores, findEpochScores } from './finetuning/epoch-record.js';
export { bestTrial, findTrials, type Trial } from './finetuning/trials-record.js';
export { gridOf } from './models/training-entry.js';

// Audit: what a model could cheat with, in rows of any kind or in builds.

export { textAgreement } from './audit/agreement.js';
export { type AuditOptions, audit } from './audit/audit.js';
export { buildAudit } from './audit/builds/build-audit.js';
export { apartFrom, baseline } from './audit/builds/build-baseline.js';
export { buildSplitFloors } from './audit/builds/build-split-floors.js';
export { buildTransfer } from './audit/builds/build-transfer.js';
export { emptinessRule } from './audit/claim-verification/emptiness.js';
export { leak, partsByEvidence, repeats } from './audit/claim-verification/leak.js';
export { type BuiltRepair, rankBuilds } from './audit/claim-verification/rebuilds.js';
export { type DivisionOptions, divide } from './audit/division.js';
export { difficulty } from './audit/measures/difficulty.js';
export { informationOf, labelPrior } from './audit/measures/information.js';
export { labelAgreement } from './audit/measures/signed-leaks.js';
export { region, trainingDynamics } from './audit/measures/training-dynamics.js';
export type { AuditResult } from './audit/result.js';
export type { AuditRow } from './audit/rows.js';
export { follow, lengthOf, majorityRule, overlapOf, type Rule, thresholdRule } from './audit/rules.js';
export { auditPage } from './audit-report/page.js';
export { showAudit } from './audit-report/show.js';

// Publish: values, tables and figures for the paper, and what is shown under a cell.

export { publishFigure, showFigure } from './reporting/figure.js';
export { frame, showFrame } from './reporting/frame.js';
export { heatMap } from './reporting/heat-map.js';
export { panels } from './reporting/panels.js';
export { toId } from './reporting/publication.js';
export { type Quoted, type QuotedFigure, readQuoted } from './reporting/quoted.js';
export { holds, type Sentence } from './reporting/sentences.js';
export { readSimulations, type Simulations } from './reporting/simulations.js';
export { publishTable, showTable } from './reporting/table.js';
export { publishValue } from './reporting/value.js';
export { bestNote, testedBest } from './study/best.js';

// Look: rows one by one, in a browser.

export type { Browsed } from './row-browser/page-rows.js';
export { browsedPredictions } from './row-browser/predictions.js';
export { showRows } from './row-browser/show.js';
export { studyRows } from './study/browsed.js';
