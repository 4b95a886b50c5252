import { UserError } from '../../project/error.js';
import { LongPromptError } from '../../scoring/llama/context.js';

/** More than these and an error names the first alone. */
const MOST = 20;

/**
 * An error of rows that a model's context does not hold, by the lines of their file; any other as it is.
 *
 * @param lines by id.
 */
export function byLine(error: unknown, file: string, lines: ReadonlyMap<string, number>): unknown {
  if (!(error instanceof LongPromptError)) return error;
  const { long, most } = error;
  const all = long
    .map(({ id, tokens }) => ({ line: lines.get(id) ?? 0, tokens }))
    .sort((a, b) => a.line - b.line);
  const [first] = all;
  const shown = all.slice(0, MOST).map(({ line, tokens }) => `line ${line}: ${tokens} tokens`);
  const more = all.length - shown.length;
  return new UserError(
    `${all.length === 1 ? 'a row is' : `${all.length} rows are`} too long: the model’s context holds ${most} tokens, prompt and all`,
    {
      at: { file, ...(first && { line: first.line }) },
      hint: [
        ...shown,
        ...(more > 0 ? [`... and ${more} more`] : []),
        'Shorten them, take them out, or name a model with a larger context.',
      ].join('\n  '),
    },
  );
}
