import type { Json, RecordHeader } from '../records/header.js';
import { formatNumber } from '../reporting/format.js';
import type { Provenance, PublishedSource } from '../reporting/publication.js';
import type { Align } from '../reporting/table.js';
import { intervalText } from '../reporting/value.js';
import { type Block, type Inline, text } from './document.js';
import { cellAddress, recordAnchor, recordName, shortHash, valueAnchor } from './origin.js';
import type { Found, FoundValue } from './published.js';

/** What the appendix is written from: the values in their order in the text, and everything the paper shows. */
export interface Told {
  readonly values: readonly FoundValue[];
  readonly all: readonly Found<Provenance>[];
}

/** Where each number comes from, and which records stand behind the paper. What there is none of has no section. */
export function appendix({ values, all }: Told): Block[] {
  const records = distinct(all.flatMap(({ content }) => content.sources));
  const sections = [
    ...(values.length > 0 ? [numbers(values)] : []),
    ...(records.length > 0 ? [runs(records)] : []),
  ];
  return sections.flatMap(({ anchor, title, lead, block }, i): Block[] => {
    const number = String.fromCharCode('A'.charCodeAt(0) + i);
    const heading = { kind: 'heading', level: 1, number, anchor, children: [text(title)] } as const;
    return [heading, { kind: 'paragraph', children: [text(lead)], tight: false }, block];
  });
}

interface Section {
  readonly anchor: string;
  readonly title: string;
  readonly lead: string;
  readonly block: Block;
}

/** A column of a ledger, and what it says of each thing listed. */
interface Column<Thing> {
  readonly title: string;
  readonly align?: Align;
  readonly share: number;
  readonly of: (thing: Thing) => readonly Inline[];
}

function ledger<Thing>(
  label: string,
  things: readonly Thing[],
  anchor: (thing: Thing) => string,
  columns: readonly Column<Thing>[],
): Block {
  return {
    kind: 'ledger',
    label,
    columns: columns.map(({ title, align = 'left', share }) => ({ title, align, share })),
    rows: things.map((thing) => ({ anchor: anchor(thing), cells: columns.map(({ of }) => of(thing)) })),
  };
}

/** A column of words or written numbers; what is not known is left empty. */
const words = <Thing>(read: (thing: Thing) => string | undefined) => {
  return (thing: Thing): readonly Inline[] => [text(read(thing) ?? '')];
};
const count = (number: number | undefined) =>
  number === undefined ? undefined : formatNumber(number, { format: 'count' });

function numbers(values: readonly FoundValue[]): Section {
  const title = 'Where each number comes from';
  return {
    anchor: 'appendix-numbers',
    title,
    lead:
      'Every number that the text takes from a notebook, in the order of its first appearance: as written, unrounded, with ' +
      'its interval, the examples it rests on, the notebook and cell that published it, and the first digits of the ' +
      'SHA-256 of each record it was computed from.',
    block: ledger(title, values, ({ content }) => valueAnchor(content.id), [
      { title: 'Name', share: 3.2, of: words(({ content }) => content.id) },
      { title: 'Written', align: 'right', share: 1.1, of: words(({ content }) => content.display) },
      { title: 'Number', share: 2.2, of: words(({ content }) => String(content.number)) },
      {
        title: 'Interval',
        share: 1.9,
        of: words(({ content }) => content.interval && intervalText(content.interval, content)),
      },
      { title: 'n', align: 'right', share: 0.8, of: words(({ content }) => count(content.n)) },
      { title: 'Notebook, cell', share: 1.9, of: ({ notebook, cell }) => [place(notebook, cell)] },
      { title: 'Records', share: 2.9, of: ({ content }) => separated(content.sources.map(recordLink)) },
    ]),
  };
}

function runs(records: readonly PublishedSource[]): Section {
  const title = 'Records';
  const told = records.map((record) => ({
    record,
    ...(record.header ? described(record.header) : { what: recordName(record), data: '', how: '' }),
  }));
  return {
    anchor: 'appendix-records',
    title,
    lead:
      'Every record that the paper shows something of, with the first digits of its SHA-256: what made it, from which data, ' +
      'with which prompt or setting, how many rows it has, when and where it was made, and whether it was replayed or ' +
      'computed for this rendering.',
    block: ledger(title, told, ({ record }) => recordAnchor(record), [
      { title: 'SHA-256', share: 1.7, of: words(({ record }) => shortHash(record.sha256)) },
      { title: 'Made by', share: 2.6, of: words(({ what }) => what) },
      { title: 'Data', share: 3.2, of: words(({ data }) => data) },
      { title: 'Prompt or setting', share: 2.4, of: words(({ how }) => how) },
      { title: 'Rows', align: 'right', share: 0.8, of: words(({ record }) => count(record.rows)) },
      {
        title: 'Made',
        share: 2.2,
        of: words(({ record }) => [record.madeAt?.slice(0, 10), record.machine].filter(Boolean).join(', ')),
      },
      { title: 'Here', share: 1.1, of: words(({ record }) => record.origin ?? 'read') },
    ]),
  };
}

const separated = (links: readonly Inline[]): readonly Inline[] =>
  links.flatMap((link, i) => (i === 0 ? [link] : [text(', '), link]));

/** What a record is of, read from its header; a kind that is not known here is told by its name. */
function described(header: RecordHeader): { what: string; data: string; how: string } {
  const at = (...path: readonly string[]): string => {
    const found = path.reduce<Json | undefined>((json, field) => fieldOf(json, field), header);
    return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  };
  const trained = at('train', 'build');
  const data = [
    at('build', 'build') || at('of', 'build') || at('test', 'build'),
    trained && `trained on ${trained}`,
  ];
  const settings = [
    at('prompt', 'template'),
    at('input') && `reads ${at('input')}`,
    at('strength') && `strength ${at('strength')}`,
    at('adapter', 'id') && `adapter ${at('adapter', 'id')}`,
    at('shots', 'count') && `${at('shots', 'count')} shots`,
  ];
  return {
    what: at('model', 'id') || at('model') || (header.kind === 'facts' ? 'counting' : header.kind),
    data: data.filter(Boolean).join(', '),
    how: settings.filter(Boolean).join(', '),
  };
}

function fieldOf(json: Json | undefined, field: string): Json | undefined {
  if (json === undefined || json === null || typeof json !== 'object') return undefined;
  return Object.entries(json).find(([name]) => name === field)?.[1];
}

const place = (notebook: string, cell: number | undefined): Inline => ({
  kind: 'link',
  href: cellAddress(notebook, cell),
  children: [text(cell === undefined ? notebook : `${notebook}, ${cell}`)],
});

const recordLink = (source: PublishedSource): Inline => ({
  kind: 'link',
  href: `#${recordAnchor(source)}`,
  children: [text(shortHash(source.sha256))],
});

/** Each record once, by name. What one notebook computed and another replayed later was computed, whichever is listed first. */
export function distinct(sources: readonly PublishedSource[]): PublishedSource[] {
  const byPath = new Map<string, PublishedSource>();
  for (const source of sources) {
    if (byPath.get(source.path)?.origin !== 'computed') byPath.set(source.path, source);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
