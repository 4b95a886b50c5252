import { z } from 'zod';
import { sha256 } from '../project/digest.js';
import { readText } from '../project/input-file.js';
import { noteInput } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { webAddress } from '../project/schema.js';
import { parseYaml } from '../project/yaml.js';
import { formatNumber } from './format.js';
import type { Source } from './publication.js';

const words = z.string().min(1);

const CORRELATION = 'Pearson correlation';

/** What a figure can be of, besides `F1` and a label, which need not be one of ours. */
const MEASURES = ['macro-F1', 'micro-F1', 'accuracy', CORRELATION, 'cost', 'training examples'] as const;

const figure = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be kebab-case'),
    /** Absent: it is not known of which model, method or training data. */
    model: words.optional(),
    method: words.optional(),
    trainedOn: words.optional(),
    test: words.optional(),
    measure: z.union([z.enum(MEASURES), z.templateLiteral(['F1 ', words])], {
      error: `must be one of ${MEASURES.join(', ')}, or F1 and a label`,
    }),
    /** Of a difference or a factor: whom it is over. */
    over: words.optional(),
    /** As the work prints it. */
    value: z.number(),
    unit: z.enum(['percent', 'points', 'times', 'rows']),
  })
  .refine(
    ({ unit, measure, value }) =>
      unit !== 'percent' || (value >= (measure === CORRELATION ? -100 : 0) && value <= 100),
    {
      path: ['value'],
      error: 'must be 0 to 100, since it is in percent',
    },
  )
  .refine(({ unit, value }) => unit !== 'times' || value > 0, {
    path: ['value'],
    error: 'must be above 0, since it is a factor',
  })
  .refine(({ unit, value }) => unit !== 'rows' || (Number.isInteger(value) && value >= 0), {
    path: ['value'],
    error: 'must be a whole number, since it is of rows',
  });

const schema = z.record(
  z.string().min(1),
  z.strictObject({
    title: words,
    source: webAddress,
    figures: z
      .array(figure)
      .min(1)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'holds an id twice'),
  }),
);

/** A figure of another work; nothing here has computed it. */
export type QuotedFigure = z.output<typeof figure> & {
  /** The work's key in `paper/references.bib`. */
  readonly work: string;
};

/** The figures of `data/quoted.yaml`, and the file as a source of what is made from them. */
export interface Quoted {
  readonly figures: readonly QuotedFigure[];
  readonly source: Source;
}

/**
 * The figures of other works in `data/quoted.yaml`, as they print them, and the file as a source of what is made from them.
 *
 * @throws UserError naming file, line and field of a mistake in it.
 *
 * @example
 * const [first] = readQuoted().figures;
 * [first.model, first.value, first.unit]; // -> ['Mistral-7B', 88.4, 'percent']
 */
export function readQuoted(paths: Paths = projectPaths()): Quoted {
  const text = readText(paths.quotedFile);
  const source = { path: paths.quotedFile, sha256: sha256(text) };
  noteInput(paths.root, source.path, source.sha256);
  const works = Object.entries(parseYaml(text, source.path, schema));
  return {
    source,
    figures: works.flatMap(([work, { figures }]) => figures.map((each) => ({ ...each, work }))),
  };
}

/** A figure's number as the work prints it: "88.4", "1,008". */
export function quotedText({ value, unit }: Pick<QuotedFigure, 'value' | 'unit'>): string {
  return formatNumber(value, unit === 'rows' ? { format: 'count' } : { format: 'decimal', digits: 1 });
}
