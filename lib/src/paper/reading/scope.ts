import type { QuotedFigure } from '../../reporting/quoted.js';
import { nearest, type Problems } from '../problem.js';
import type { Published } from '../published.js';
import type { Work } from './bibliography.js';
import type { CrossReferences } from './cross-references.js';

/** What names in the text are looked up in, and where complaints go. */
export interface Scope {
  /** The paper's file, as error messages call it. */
  readonly file: string;
  readonly published: Published;
  readonly crossReferences: CrossReferences;
  /** The works cited, by key. */
  readonly works: ReadonlyMap<string, Work>;
  /** All keys of the bibliography, for a near miss. */
  readonly keys: readonly string[];
  /** Figures of other works, of all that may be quoted. */
  readonly quoted: readonly QuotedFigure[];
  readonly problems: Problems;
  /** Collects what the paper uses: "value rule-accuracy". */
  readonly used: Set<string>;
  /** Collects the works numbers are quoted from. */
  readonly quotedFrom: Set<string>;
}

/** Says what is wrong at the place being read. */
export type Complain = (message: string, hint?: string) => void;

/** The published thing called `id`, marked as used; complains of the nearest known name if there is none. */
export function lookUp<Content>(
  kind: 'value' | 'table' | 'figure',
  id: string,
  all: ReadonlyMap<string, Content>,
  used: Set<string>,
  complain: Complain,
): Content | undefined {
  const found = all.get(id);
  if (found) used.add(`${kind} ${id}`);
  else {
    const none = `No notebook has published a ${kind} yet.`;
    complain(`no notebook publishes a ${kind} "${id}"`, nearest(id, [...all.keys()], none));
  }
  return found;
}
