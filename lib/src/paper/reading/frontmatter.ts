import { z } from 'zod';
import { UserError } from '../../project/error.js';
import { parseYaml } from '../../project/yaml.js';

/** Whether this is a BCP 47 tag. */
function isLanguage(tag: string): boolean {
  try {
    return new Intl.Locale(tag).language !== 'und';
  } catch {
    return false;
  }
}

const schema = z.strictObject({
  title: z.string().min(1),
  authors: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        affiliation: z.string().optional(),
        email: z.string().optional(),
      }),
    )
    .min(1),
  language: z.string().default('en').refine(isLanguage, 'is no language tag such as en or en-GB'),
  keywords: z.array(z.string()).default([]),
  /** Those that make what it names. Default: all there are. */
  notebooks: z.array(z.string()).optional(),
  abstract: z.string().min(1),
});

/** A paper's source in its parts. Each text begins with as many empty lines as stand before it in the file. */
export interface PaperSource {
  readonly front: z.output<typeof schema>;
  readonly titleLine: number;
  readonly abstract: string;
  readonly body: string;
}

/**
 * Splits a paper into its front matter, a YAML block between two lines `---`, and its body.
 * Throws UserError naming file and line if the front matter is missing, or has a wrong, missing or unknown key.
 */
export function readSource(source: string, file: string): PaperSource {
  const lines = source.replace(/^\uFEFF/, '').split(/\r?\n/);
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) {
    throw new UserError('the paper does not begin with its front matter', {
      at: { file, line: 1 },
      hint: 'Begin with a line "---", then title, authors and abstract as YAML, then another line "---".',
    });
  }
  const front = parseYaml(['', ...lines.slice(1, end)].join('\n'), file, schema);
  const lineOf = (key: string) => lines.findIndex((line) => line.startsWith(`${key}:`)) + 1;
  const abstractLine = lineOf('abstract');
  return {
    front,
    titleLine: lineOf('title'),
    abstract: '\n'.repeat(abstractLine) + front.abstract,
    body: '\n'.repeat(end + 1) + lines.slice(end + 1).join('\n'),
  };
}
