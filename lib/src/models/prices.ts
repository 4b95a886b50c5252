import { z } from 'zod';
import { type Sha256, sha256 } from '../project/digest.js';
import { readText } from '../project/input-file.js';
import { noteInput } from '../project/ledger.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { webAddress } from '../project/schema.js';
import { parseYaml } from '../project/yaml.js';

const dollars = z.number().nonnegative();

/** Where a price is from. `publisher`: read on its page; `second-hand`: by a third party; `unverified`: no source was read. */
const sourced = {
  source: webAddress,
  read: z.iso.date(),
  verified: z.enum(['publisher', 'second-hand', 'unverified']),
  via: webAddress.optional(),
};

const tokenPrice = z.strictObject({
  input: dollars,
  cachedInput: dollars.optional(),
  output: dollars,
  batch: z.strictObject({ input: dollars, output: dollars }).optional(),
  ...sourced,
});

const hourPrice = z.strictObject({ title: z.string().min(1), hour: dollars, ...sourced });

const schema = z.strictObject({
  tokens: z.record(z.string(), tokenPrice),
  hours: z.record(z.string(), hourPrice),
});

/** US dollars per million tokens. */
export type TokenPrice = z.output<typeof tokenPrice>;
/** US dollars per hour of a machine or GPU. */
export type HourPrice = z.output<typeof hourPrice>;
/** `data/prices.yaml`: tokens by an API's name of the model, hours by an id of the machine; and the file itself. */
export type Prices = z.output<typeof schema> & { readonly path: string; readonly sha256: Sha256 };

/** What a request used. `prompt` includes `cached`; `completion` includes what a model thought and did not show. */
export interface TokenUsage {
  readonly prompt: number;
  readonly cached: number;
  readonly completion: number;
}

/**
 * The prices of `data/prices.yaml`, in US dollars, with the source of each and the day on which it was read.
 *
 * @throws UserError naming file, line and field of a mistake in it.
 *
 * @example
 * const { input, output } = readPrices().tokens['gpt-4o-2024-08-06'];
 * [input, output]; // -> [2.5, 10]
 */
export function readPrices(paths: Paths = projectPaths()): Prices {
  const text = readText(paths.pricesFile);
  const file = { path: paths.pricesFile, sha256: sha256(text) };
  noteInput(paths.root, file.path, file.sha256);
  return { ...parseYaml(text, file.path, schema), ...file };
}

/**
 * What tokens cost, in US dollars. By batch there is no lower price for cached tokens, so the result is not too low.
 *
 * @param batch whether they are asked for by the Batch API, at its price where there is one.
 *
 * @example
 * tokenCost({ input: 2.5, output: 10 }, { prompt: 400_000, cached: 0, completion: 1000 }); // -> 1.01
 */
export function tokenCost(
  price: Pick<TokenPrice, 'input' | 'cachedInput' | 'output' | 'batch'>,
  usage: TokenUsage,
  batch = false,
): number {
  const { prompt, cached, completion } = usage;
  if (batch && price.batch) return (prompt * price.batch.input + completion * price.batch.output) / 1e6;
  const cachedPrice = price.cachedInput ?? price.input;
  return ((prompt - cached) * price.input + cached * cachedPrice + completion * price.output) / 1e6;
}
