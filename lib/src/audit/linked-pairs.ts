import { groupsOf } from '../datasets/group.js';
import { normalForm } from '../datasets/normal-form.js';
import type { Clusters } from '../metrics/resampling/clusters.js';
import type { PairRow } from './pair.js';

/**
 * Rows linked by a claim or an evidence text (in normal form), a claim id or a document, directly or through others,
 * as the clusters to draw whole. Where that puts more than half of the rows in one cluster, there is nothing left to
 * draw: then rows of one evidence are a cluster, or if that is no better those of one claim, or each row alone.
 */
export function linkedPairs(rows: readonly PairRow[]): Clusters {
  const keyed = rows.map((row, index) => {
    const [claim, evidence] = [normalForm(row.claim), normalForm(row.evidence)];
    const claimId = row.claimId ?? (claim || `row ${index}`);
    const documents = row.documentIds ?? [];
    return {
      id: String(index),
      keys: { claim: [claimId], evidence: documents.length > 0 || !evidence ? documents : [evidence] },
    };
  });
  for (const [grouping, name] of [
    ['all', 'groups of rows linked by claims or evidence'],
    ['evidence', 'groups of rows of one evidence'],
    ['claim', 'claims'],
  ] as const) {
    const groups = groupsOf(keyed, grouping);
    if (groups.some((members) => members.length > rows.length / 2)) continue;
    if (groups.length === rows.length) break;
    const keys: string[] = [];
    for (const [cluster, members] of groups.entries()) for (const row of members) keys[row] = String(cluster);
    return { name, keys };
  }
  return { name: 'rows', keys: rows.map((_row, index) => String(index)) };
}
