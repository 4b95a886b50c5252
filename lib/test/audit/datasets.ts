import { type AuditData, auditData } from 'small-claims/audit/data';
import { z } from 'zod';
import { expected } from '../reference/expected.js';

const row = z.object({ id: z.string(), claim: z.string(), evidence: z.string(), label: z.string() });
const dataset = z.object({ labels: z.array(z.string()), train: z.array(row), test: z.array(row) });
const all = expected('audit_data', z.record(z.string(), dataset));

/** An invented dataset of lib/test/reference/audit_data.py: `unicode`, `missing` (a class from train) or `tiny`. */
export function invented(name: string): AuditData {
  const found = all[name];
  if (!found) throw new Error(`there is no invented dataset ${name}`);
  return auditData(found.train, found.test);
}
