import type { RecordHeader } from 'small-claims/records/header';

/** The header of a record that no model made, of a kind whose rows may hold whatever is finite. */
export const header: RecordHeader = {
  kind: 'trials',
  model: { id: 'tiny', sha256: 'aa' },
  prompt: { sha256: 'bb' },
};
