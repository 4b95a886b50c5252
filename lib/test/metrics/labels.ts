import type { Label } from 'small-claims/tasks/example';

const INITIALS = new Map<string, Label>([
  ['S', 'SUPPORT'],
  ['C', 'CONTRADICT'],
  ['N', 'NEI'],
]);

/** Labels written as their initials, e.g. `SCN`. */
export function labels(initials: string): Label[] {
  return [...initials].map((initial) => {
    const label = INITIALS.get(initial);
    if (!label) throw new Error(`no label begins with ${initial}`);
    return label;
  });
}
