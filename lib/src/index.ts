/**
 * What a notebook needs: `import { openStudy, buildFacts, scores, publishTable } from 'small-claims'`.
 * Nothing here may load a package that awaits at its top level: a notebook's cell could not import it.
 */
export { textAgreement } from './audit/agreement.js';
export { type AuditOptions, audit } from './audit/audit.js';
export { buildAudit } from './audit/builds/build-audit.js';
export { baseline } from './audit/builds/build-baseline.js';
export { buildTransfer } from './audit/builds/build-transfer.js';
export { emptinessRule } from './audit/claim-verification/emptiness.js';
export { leak, repeats } from './audit/claim-verification/leak.js';
export { type BuiltRepair, rankBuilds } from './audit/claim-verification/rebuilds.js';
export { type DivisionOptions, divide } from './audit/division.js';
export { difficulty } from './audit/measures/difficulty.js';
export { informationOf, labelPrior } from './audit/measures/information.js';
export { region, trainingDynamics } from './audit/measures/training-dynamics.js';
export { type AuditResult, auditJsonSchema } from './audit/result.js';
export type { AuditRow } from './audit/rows.js';
export { follow, lengthOf, majorityRule, overlapOf, type Rule, thresholdRule } from './audit/rules.js';
export { auditPage } from './audit-report/page.js';
export { showAudit } from './audit-report/show.js';
export type { BuildName } from './datasets/build-name.js';
export { buildHeader, buildNames, loadBuild, taskOf } from './datasets/builds.js';
export { readCatalogue } from './datasets/catalogue.js';
export { buildFacts, type FactsRow, factsOf } from './datasets/facts.js';
export { type Grouping, groupsOf, sharedKeys } from './datasets/group.js';
export { type Split, type SplitOptions, split } from './datasets/split.js';
export { type EpochScores, findEpochScores } from './finetuning/epoch-record.js';
export { bestTrial, findTrials, type Trial } from './finetuning/trials-record.js';
export { targetsOf } from './learners/targets.js';
export { answersTo, logOdds } from './metrics/answers.js';
export { auc, aucDifference } from './metrics/auc.js';
export { differenceError, differenceInterval } from './metrics/difference.js';
// Types that a cell's own functions return have to be exported.
export type { Estimate, Estimates, Variation } from './metrics/estimates.js';
export { evaluate, linkedRows } from './metrics/evaluation.js';
export { type Answers, type Measure, summed } from './metrics/measure.js';
export { findMeasure, mainMeasure } from './metrics/measures/measures.js';
export type { Interval } from './metrics/resampling/bootstrap.js';
export { intervalCoverage } from './metrics/resampling/coverage.js';
export { type Adapter, adapterIds, findAdapter } from './models/adapters.js';
export { type Model, readModels } from './models/catalogue.js';
export { type HourPrice, type Prices, readPrices, type TokenPrice, tokenCost } from './models/prices.js';
export { gridOf } from './models/training-entry.js';
export { UserError } from './project/error.js';
export { randomStream } from './project/random.js';
export type { SealedRecord } from './records/store.js';
export { publishFigure } from './reporting/figure.js';
export { frame, frameRows, showFrame } from './reporting/frame.js';
export { toId } from './reporting/publication.js';
export { type Quoted, type QuotedFigure, readQuoted } from './reporting/quoted.js';
export { publishTable, showTable } from './reporting/table.js';
export { publishValue } from './reporting/value.js';
export type { Generation } from './scoring/generation.js';
export type { LabelScore } from './scoring/label-score.js';
export { bestNote, testedBest } from './study/best.js';
export { type Comparison, compare, type Difference, publishComparisons } from './study/comparison.js';
export {
  type CoreRow,
  type CoreScores,
  coreRows,
  coreRowsOf,
  floorRows,
  onCommonSeeds,
} from './study/core-rows.js';
export { coreTable } from './study/core-table.js';
export { openStudy, type Study } from './study/study.js';
export type { Answered, System, TestSet } from './study/systems/system.js';
export { fieldPart, findPrompt, type Prompt, promptFields } from './tasks/prompt.js';
export type { Gold, Row, RowFacts, Span } from './tasks/row.js';
export { shapeOf } from './tasks/shape-of.js';
export { findTask, labelsOf, type Task } from './tasks/task.js';
