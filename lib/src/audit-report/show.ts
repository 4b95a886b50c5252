import type { AuditResult } from '../audit/result.js';
import { show } from '../reporting/display.js';
import { auditChecks } from './page.js';
import { summaryText } from './summary.js';

/**
 * Shows an audit's verdict, headline and checks under the running cell, and outside a notebook nothing. `auditPage` makes
 * the whole report.
 *
 * @example
 * const { result } = await buildAudit({ train: 'scifact/rationales/train', test: 'scifact/rationales/dev' });
 * showAudit(result); // -> undefined
 */
export function showAudit(result: AuditResult): void {
  show({ html: auditChecks(result), text: summaryText(result) });
}
