import type { RecordHeader } from 'small-claims/records/header';

/** The header of a record that no model made. */
export const header: RecordHeader = {
  kind: 'run',
  model: { id: 'tiny', sha256: 'aa' },
  prompt: { sha256: 'bb' },
};
