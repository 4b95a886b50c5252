import { type Inline, text } from '../document.js';
import type { Work } from './bibliography.js';

/** A work cited, with what is said before and after it: "see Wadden et al., 2020, table 2". */
export interface CitedWork {
  readonly work: Work;
  readonly prefix: string;
  readonly suffix: string;
}

/** "(Wadden et al., 2020; Sarrouti et al., 2021)", each linked to the reference list. */
export function parenthetical(cited: readonly CitedWork[]): Inline[] {
  const works = cited.flatMap(({ work, prefix, suffix }, index) => [
    text(`${index > 0 ? '; ' : ''}${prefix && `${prefix} `}`),
    link(work, `${work.authors}, ${work.year}`),
    text(suffix && `, ${suffix}`),
  ]);
  return [text('('), ...works, text(')')];
}

/** "Wadden et al. (2020)", the year linked to the reference list. */
export function narrative(work: Work): Inline[] {
  return [text(`${work.authors} (`), link(work, work.year), text(')')];
}

const link = ({ anchor }: Work, label: string): Inline => ({
  kind: 'link',
  href: `#${anchor}`,
  children: [text(label)],
});
