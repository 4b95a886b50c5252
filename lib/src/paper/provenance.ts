import { capital, formatNumber } from '../reporting/format.js';
import type { Provenance, PublishedSource } from '../reporting/publication.js';
import { distinct } from './appendix.js';
import { type Inline, text } from './document.js';

/** How many of each the paper shows, and what they were made from. */
export interface Shown {
  readonly values: readonly Provenance[];
  readonly tables: readonly Provenance[];
  readonly figures: readonly Provenance[];
}

/**
 * What the first page says of the numbers: which notebooks published them, from which records, replayed or computed,
 * from when and on what. Taken from what is published alone, never from the clock.
 */
export function provenanceNote(
  { values, tables, figures }: Shown,
  { quoting }: { quoting: boolean },
): Inline[] {
  const all = [...values, ...tables, ...figures];
  const notebooks = [...new Set(all.map(({ notebook }) => notebook))].sort();
  const sources = distinct(all.flatMap((each) => each.sources));
  const shown = [some(values.length, 'number'), some(tables.length, 'table'), some(figures.length, 'figure')];
  const sentences =
    all.length === 0
      ? ['No number that a notebook has published is shown yet.']
      : [
          `No result in this paper was typed by hand: ${list(shown)} were published by ${
            notebooks.length === 1 ? 'the notebook' : 'the notebooks'
          } ${list(notebooks)}.`,
          ...recordSentences(sources),
        ];
  if (quoting)
    sentences.push('A number marked q is quoted from the work it links to and was not computed here.');
  return [{ kind: 'strong', children: [text('About the numbers. ')] }, text(sentences.join(' '))];
}

function recordSentences(sources: readonly PublishedSource[]): string[] {
  const replayed = sources.filter(({ origin }) => origin === 'replayed');
  const computed = sources.filter(({ origin }) => origin === 'computed');
  const files = sources.filter(({ origin }) => origin === undefined);
  return [
    replayed.length > 0 &&
      `They replay ${some(replayed.length, 'record')} kept with the code${made(replayed)}.`,
    computed.length > 0 &&
      `${capital(some(computed.length, 'record'))} ${are(computed.length)} computed in this run${made(computed)}.`,
    replayed.length > 0 && computed.length === 0 && 'Nothing was computed anew in this run.',
    files.length > 0 &&
      replayed.length + computed.length === 0 &&
      `They were read from ${some(files.length, 'file')}.`,
  ].filter((sentence) => sentence !== false);
}

/** ", made between 2026-11-20 and 2026-11-23 on …", as far as the sources tell. */
function made(sources: readonly PublishedSource[]): string {
  const days = [...new Set(sources.flatMap(({ madeAt }) => madeAt?.slice(0, 10) ?? []))].sort();
  const machines = [...new Set(sources.flatMap(({ machine }) => machine ?? []))].sort();
  const [first] = days;
  const last = days.at(-1);
  const when = first && (first === last ? ` on ${first}` : ` between ${first} and ${last}`);
  const where = machines.length > 0 && `${when ? ', ' : ' '}on ${list(machines)}`;
  return when || where ? `, made${when ?? ''}${where || ''}` : '';
}

function some(count: number, noun: string): string {
  return count === 0 ? '' : `${formatNumber(count, { format: 'count' })} ${noun}${count === 1 ? '' : 's'}`;
}

function list(items: readonly string[]): string {
  const there = items.filter(Boolean);
  return there.length < 2 ? there.join('') : `${there.slice(0, -1).join(', ')} and ${there.at(-1)}`;
}

const are = (count: number) => (count === 1 ? 'was' : 'were');
