import type { Json, RecordHeader } from '../records/header.js';
import { formatNumber } from '../reporting/format.js';
import type { Provenance, PublishedSource } from '../reporting/publication.js';
import { intervalText } from '../reporting/value.js';
import { type Block, type Inline, type LedgerRow, text } from './document.js';
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

function numbers(values: readonly FoundValue[]): Section {
  const rows = values.map(({ content, notebook, cell }): LedgerRow => {
    const { id, number, display, interval, n, sources } = content;
    return {
      anchor: valueAnchor(id),
      cells: [
        [text(id)],
        [text(display)],
        [text(String(number))],
        [text(interval ? intervalText(interval, content) : '')],
        [text(n === undefined ? '' : formatNumber(n, { format: 'count' }))],
        [place(notebook, cell)],
        sources.flatMap((source, i) => [...(i === 0 ? [] : [text(', ')]), recordLink(source)]),
      ],
    };
  });
  return {
    anchor: 'appendix-numbers',
    title: 'Where each number comes from',
    lead:
      'Every number that the text takes from a notebook, in the order of its first appearance: as written, unrounded, with ' +
      'its interval, the examples it rests on, the notebook and cell that published it, and the first digits of the ' +
      'SHA-256 of each record it was computed from.',
    block: {
      kind: 'ledger',
      label: 'Where each number comes from',
      columns: [
        { title: 'Name', align: 'left', share: 3.2 },
        { title: 'Written', align: 'right', share: 1.1 },
        { title: 'Number', align: 'left', share: 2.2 },
        { title: 'Interval', align: 'left', share: 1.9 },
        { title: 'n', align: 'right', share: 0.8 },
        { title: 'Notebook, cell', align: 'left', share: 1.9 },
        { title: 'Records', align: 'left', share: 2.9 },
      ],
      rows,
    },
  };
}

function runs(records: readonly PublishedSource[]): Section {
  const rows = records.map((source): LedgerRow => {
    const { header, rows: count, madeAt, machine, origin } = source;
    const { what, data, how } = header ? described(header) : { what: recordName(source), data: '', how: '' };
    return {
      anchor: recordAnchor(source),
      cells: [
        [text(shortHash(source.sha256))],
        [text(what)],
        [text(data)],
        [text(how)],
        [text(count === undefined ? '' : formatNumber(count, { format: 'count' }))],
        [text([madeAt?.slice(0, 10), machine].filter(Boolean).join(', '))],
        [text(origin ?? 'read')],
      ],
    };
  });
  return {
    anchor: 'appendix-records',
    title: 'Records',
    lead:
      'Every record that the paper shows something of, with the first digits of its SHA-256: what made it, from which data, ' +
      'with which prompt or setting, how many rows it has, when and where it was made, and whether it was replayed or ' +
      'computed for this rendering.',
    block: {
      kind: 'ledger',
      label: 'Records',
      columns: [
        { title: 'SHA-256', align: 'left', share: 1.7 },
        { title: 'Made by', align: 'left', share: 2.6 },
        { title: 'Data', align: 'left', share: 3.2 },
        { title: 'Prompt or setting', align: 'left', share: 2.4 },
        { title: 'Rows', align: 'right', share: 0.8 },
        { title: 'Made', align: 'left', share: 2.2 },
        { title: 'Here', align: 'left', share: 1.1 },
      ],
      rows,
    },
  };
}

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
