import type { Json } from '../records/header.js';
import { type Format, formatDifference, formatNumber } from '../reporting/format.js';
import type { Provenance, PublishedSource } from '../reporting/publication.js';
import type { ComparisonTest } from '../reporting/verdict.js';
import { type Inline, text } from './document.js';
import type { Found, FoundValue } from './published.js';

/** One thing known of where something comes from: "Interval", "0.66 to 0.79 (95%, percentile bootstrap)". */
export interface Fact {
  readonly label: string;
  readonly content: readonly Inline[];
}

/** A file or model that a record was computed from, as its header names it. */
export interface Ingredient {
  readonly name: string;
  readonly sha256: string;
}

/** How many digits of a hash are shown: enough to find the one record it belongs to. */
const HASH_DIGITS = 12;
export const shortHash = (hash: string): string => hash.slice(0, HASH_DIGITS);

/** Where a record stands in the appendix. */
export const recordAnchor = ({ sha256 }: PublishedSource): string => `record-${shortHash(sha256)}`;
/** Where a value stands in the appendix. */
export const valueAnchor = (id: string): string => `from-${id}`;

/** The page of an executed notebook, beside the paper's folder, and the cell in it. */
export function cellAddress(notebook: string, cell: number | undefined): string {
  return `../build/notebooks/${encodeURIComponent(notebook)}.html${cell === undefined ? '' : `#cell-${cell}`}`;
}

/** How many records are named one by one; a table of everything would bury what is told. */
const FEW = 6;

/** All that is known of a published number: full precision, interval, n, and where it comes from. */
export function valueFacts(found: FoundValue, most = FEW): Fact[] {
  const { id, number, description, unit, interval, n, test, format } = found.content;
  const how = interval && [
    interval.method,
    interval.replicates && `${count(interval.replicates)} replicates`,
  ];
  return [
    fact('Number', [unit, description].filter(Boolean).join(' ')),
    fact('Name', id),
    fact('Value', String(number)),
    ...(interval
      ? [
          fact(
            interval.level === 1
              ? 'Range'
              : `${formatNumber(interval.level, { format: 'percent', digits: 0 })}% CI`,
            `${interval.low} to ${interval.high} (${how?.filter(Boolean).join(', ')})`,
          ),
        ]
      : []),
    ...(n === undefined ? [] : [fact('n', count(n))]),
    ...(test ? testFacts(test, format) : []),
    ...originFacts(found, most),
  ].filter(({ content }) => content.some((inline) => inline.kind !== 'text' || inline.text !== ''));
}

/** What was tested of a difference, and why so: "p 0.012, corrected (holm) over 6 0.072: paired ..., since ...". */
function testFacts(
  { p, corrected, correction, family, method, reason, equivalence }: ComparisonTest,
  format: Format,
): Fact[] {
  const written = (chance: number) => formatNumber(chance, { format: 'p-value' });
  const over = family === 1 ? '' : `, corrected (${correction}) over ${family} ${written(corrected)}`;
  const margin = formatDifference(equivalence.margin, format).replace(/^\+/, '');
  return [
    fact('No difference', `p ${written(p)}${over}, by ${method}, since ${reason}`),
    fact(
      'Match',
      `p ${written(equivalence.p)}${
        family === 1 ? '' : `, corrected ${written(equivalence.corrected ?? equivalence.p)}`
      }, of a difference beyond ${margin}, by two one-sided tests`,
    ),
  ];
}

/** Where a published thing comes from: notebook and cell, records (at most so many by name), data, when and where. */
export function originFacts({ content, notebook, cell }: Found<Provenance>, most = FEW): Fact[] {
  const sources = [...new Map(content.sources.map((source) => [source.path, source])).values()];
  const ingredients = ingredientsOf(sources);
  const named = (shown: readonly Ingredient[]) =>
    shown.map(({ name, sha256 }) => `${name} ${shortHash(sha256)}`).join(', ');
  return [
    { label: 'Made by', content: [notebookLink(notebook, cell)] },
    ...(sources.length === 0 ? [] : [{ label: 'From', content: recordLinks(sources, most) }]),
    ...(ingredients.length === 0 ? [] : [fact('Data and models', named(ingredients))]),
    ...(sources.length === 0 ? [] : [fact('How', making(sources))]),
  ];
}

/** "notebook 04-artifact, cell 6", linked to the notebook as it was executed. */
function notebookLink(notebook: string, cell: number | undefined): Inline {
  const label = `notebook ${notebook}${cell === undefined ? '' : `, cell ${cell}`}`;
  return { kind: 'link', href: cellAddress(notebook, cell), children: [text(label)] };
}

function recordLinks(sources: readonly PublishedSource[], most: number): Inline[] {
  const links = sources.slice(0, most).flatMap((source, i): Inline[] => [
    ...(i === 0 ? [] : [text(', ')]),
    {
      kind: 'link',
      href: `#${recordAnchor(source)}`,
      children: [text(`${fileName(source)} (SHA-256 ${shortHash(source.sha256)})`)],
    },
  ]);
  const more = sources.length - most;
  return more > 0 ? [...links, text(` and ${more} more`)] : links;
}

/** "scifact-rationales-dev": its file, without folder, hash and endings. */
export const recordName = (source: PublishedSource): string =>
  fileName(source).replace(/\.[0-9a-f]{12}$/, '');

/** "scifact-rationales-dev.0f3a77c41b9e": its file, without folder and endings, so that it can be found. */
const fileName = ({ path }: PublishedSource): string =>
  path.slice(path.lastIndexOf('/') + 1).replace(/\.jsonl\.gz$/, '');

/** "replayed; made on 2026-11-23 on AMD EPYC, 2 cores": what all the sources have in common, or each of it. */
function making(sources: readonly PublishedSource[]): string {
  const ways = unique(
    sources.map(({ origin }) => (origin === 'computed' ? 'computed in this run' : (origin ?? 'read'))),
  );
  const days = unique(sources.flatMap(({ madeAt }) => madeAt?.slice(0, 10) ?? []));
  const machines = unique(sources.flatMap(({ machine }) => machine ?? []));
  const [first] = days;
  const last = days.at(-1);
  const when = first && (first === last ? `made on ${first}` : `made between ${first} and ${last}`);
  return [
    ways.join(' and '),
    [when, machines.length > 0 && `on ${machines.join(' and ')}`].filter(Boolean).join(' '),
  ]
    .filter(Boolean)
    .join('; ');
}

/** Every file, model and prompt that the headers of records name with a hash, each once, sorted by name. */
export function ingredientsOf(sources: readonly PublishedSource[]): Ingredient[] {
  const found = new Map<string, Ingredient>();
  const visit = (json: Json): void => {
    if (json === null || typeof json !== 'object') return;
    if (isFields(json)) {
      const { sha256, files } = json;
      const name = [json['id'], json['template']].find((field) => typeof field === 'string');
      if (typeof name === 'string' && typeof sha256 === 'string')
        found.set(`${name} ${sha256}`, { name, sha256 });
      if (files !== undefined && files !== null && typeof files === 'object' && isFields(files)) {
        for (const [file, hash] of Object.entries(files)) {
          if (typeof hash === 'string') found.set(`${file} ${hash}`, { name: file, sha256: hash });
        }
      }
    }
    for (const inner of Object.values(json)) visit(inner);
  };
  for (const { header } of sources) if (header) visit(header);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isFields(json: Json): json is { readonly [key: string]: Json } {
  return json !== null && typeof json === 'object' && !Array.isArray(json);
}

const fact = (label: string, content: string): Fact => ({ label, content: [text(content)] });
const unique = (items: readonly string[]): string[] => [...new Set(items)].sort();
const count = (number: number) => formatNumber(number, { format: 'count' });
