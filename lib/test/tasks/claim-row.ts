import type { Row, RowFacts } from 'small-claims/tasks/row';
import type { Label } from '../metrics/labels.js';

/** The facts of a row of claim verification: its label, its claim and the documents its evidence is from. */
export const claimFacts = (
  id: string,
  gold: Label,
  claim: string,
  documents: readonly string[] = [],
): RowFacts<Label> => ({ id, gold, keys: { claim: [claim], evidence: documents } });

/** A row of claim verification, of a claim of its own. */
export const claimRow = (
  id: string,
  texts: { readonly claim: string; readonly evidence: string },
  gold: Label = 'NEI',
): Row<Label> => ({ ...claimFacts(id, gold, id), texts });
