/**
 * What a notebook needs: `import { openStudy, buildFacts, scores, publishTable } from 'small-claims'`.
 * Nothing here may load a package that awaits at its top level: a notebook's cell could not import it.
 */
export * from './audit/agreement.js';
export { type AuditOptions, audit } from './audit/audit.js';
export type { Input } from './audit/bag.js';
export { buildAudit } from './audit/build-audit.js';
export { buildFacts, type FactsRow, factsOf } from './audit/facts.js';
export * from './audit/overlap.js';
export * from './audit/pair.js';
export * from './audit/partial-input.js';
export { type AuditResult, auditJsonSchema, auditSchema } from './audit/result.js';
export * from './audit/rules.js';
export * from './audit/shortcut.js';
export * from './audit/structure.js';
export { auditPage } from './audit-report/page.js';
export { showAudit } from './audit-report/show.js';
export { BUILD_NAMES, buildHeader, loadBuild } from './datasets/builds.js';
export { readCatalogue } from './datasets/catalogue.js';
export { type BuildName, type Example, type ExampleFacts, LABELS, type Label } from './datasets/example.js';
export { type Grouping, groupsOf, sharedKeys } from './datasets/group.js';
export { type Split, type SplitOptions, split } from './datasets/split.js';
export * from './metrics/auc.js';
export * from './metrics/bootstrap.js';
export * from './metrics/confusion.js';
export * from './metrics/coverage.js';
export * from './metrics/evaluation.js';
export * from './metrics/interval.js';
export * from './metrics/judgement.js';
export * from './metrics/prediction.js';
export * from './metrics/scores.js';
export { type Model, readModels } from './models/catalogue.js';
export { readPrices, tokenCost } from './models/prices.js';
export { UserError } from './project/error.js';
export { randomStream } from './project/random.js';
export type { SealedRecord } from './records/store.js';
export { publishFigure } from './reporting/figure.js';
export { frame, frameRows, showFrame } from './reporting/frame.js';
export { publishTable, showTable } from './reporting/table.js';
export { publishValue } from './reporting/value.js';
export type { Generation } from './scoring/generation.js';
export type { LabelScore } from './scoring/label-score.js';
export { findTemplate, type PromptTemplate, TEMPLATES } from './scoring/prompt.js';
export { openStudy, type Study } from './scoring/study.js';
