import type { Location } from '../project/error.js';
import { UserError } from '../project/error.js';
import { didYouMean } from '../project/nearest.js';

/** Something wrong with the paper's text or with what was published for it. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly at: Location;
  readonly message: string;
  readonly hint?: string;
}

/** Gathers problems, so that a writer hears of all of them at once. */
export class Problems {
  readonly #found: Problem[] = [];

  error(at: Location, message: string, hint?: string): void {
    this.#found.push({ severity: 'error', at, message, ...(hint && { hint }) });
  }

  warn(at: Location, message: string, hint?: string): void {
    this.#found.push({ severity: 'warning', at, message, ...(hint && { hint }) });
  }

  get warnings(): readonly Problem[] {
    return this.#found.filter(({ severity }) => severity === 'warning');
  }

  /** Throws a UserError that tells every error found, if there is one. */
  throwErrors(): void {
    const [first, ...others] = this.#found
      .filter(({ severity }) => severity === 'error')
      .sort((a, b) => (a.at.line ?? 0) - (b.at.line ?? 0));
    if (!first) return;
    const more = others.map((problem) => `\n${problemText(problem)}`).join('');
    const hint = first.hint && `\n  ${first.hint}`;
    throw new UserError(`${first.message}${more ? `${hint ?? ''}${more}` : ''}`, {
      at: first.at,
      ...(!more && first.hint && { hint: first.hint }),
    });
  }
}

/** "paper/paper.md:12: unknown value …", with the hint on a line of its own. */
export function problemText({ severity, at, message, hint }: Problem): string {
  const place = [at.file, at.line].filter((part) => part !== undefined).join(':');
  const kind = severity === 'warning' ? 'warning: ' : '';
  return `${place}: ${kind}${message}${hint ? `\n  ${hint}` : ''}`;
}

/** "Did you mean …?", or where the names come from if there is none. */
export function nearest(name: string, known: readonly string[], otherwise: string): string {
  return known.length > 0 ? didYouMean(name, known) : otherwise;
}
