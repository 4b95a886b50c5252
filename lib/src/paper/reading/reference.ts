import { type Inline, plainText, text } from '../document.js';
import { type BibtexEntry, fieldText, type Name, OTHERS } from './bibtex.js';
import { addressOf } from './bibtex-address.js';

/** "David Wadden, Shanchuan Lin, and Kyle Lo" */
export function fullAuthors(names: readonly Name[]): string {
  const full = names
    .filter(({ family }) => family !== OTHERS)
    .map(({ given, family, suffix }) => [given, family, suffix].filter(Boolean).join(' '));
  if (full.length < names.length) return `${full.join(', ')}${full.length > 1 ? ',' : ''} et\u00a0al.`;
  if (full.length < 3) return full.join(' and ');
  return `${full.slice(0, -1).join(', ')}, and ${full.at(-1)}`;
}

/** A work as the reference list has it, in the order of the ACL Anthology's. */
export function referenceContent(entry: BibtexEntry, authors: string, year: string): Inline[] {
  const { type, editors, fields } = entry;
  const said = (...names: readonly string[]) =>
    names.map((name) => fieldText(entry, name)).find((words) => words !== '');
  const inlines = (...names: readonly string[]) =>
    names.map((name) => fields[name] ?? []).find(({ length }) => length > 0);
  const sentence = (...parts: readonly (Inline | readonly Inline[] | undefined)[]): Inline[] => {
    const there = parts.flatMap((part) => part ?? []);
    if (there.length === 0) return [];
    return [...there, text(/[.?!]$/.test(plainText(there)) ? ' ' : '. ')];
  };
  const italic = (content: readonly Inline[] | undefined): Inline | undefined =>
    content && { kind: 'emphasis', children: content };
  const pages = said('pages')?.replace(/(?<=\d)-+(?=\d)/g, '–');
  const printed = pages && `, ${/[–,]/.test(pages) ? 'pages' : 'page'} ${pages}`;
  const [volume, number] = [said('volume'), said('number', 'issue') ?? said('eid')];
  const issue = [volume, number && `(${number})`].filter(Boolean).join('');
  const title = [
    ...(fields['title'] ?? []),
    ...(fields['subtitle'] ? [text(': '), ...fields['subtitle']] : []),
  ];
  const [booktitle, journal] = [inlines('booktitle'), inlines('journal', 'journaltitle')];
  const series = said('series');
  const isBook = /^(?:book|collection|proceedings|manual|periodical)$/.test(type);
  const isEdited = entry.authors.length === 0;
  const editedBy =
    !isEdited && editors.length > 0
      ? `${fullAuthors(editors)}, ${editors.length > 1 ? 'editors' : 'editor'}, `
      : '';
  const inSeries = [series, series && volume && !journal && `volume ${volume}`].filter(Boolean).join(', ');
  const address = addressOf(entry);
  return [
    text(
      `${authors.replace(/\.$/, '')}${isEdited ? `, ${editors.length > 1 ? 'editors' : 'editor'}` : ''}. ${year}. `,
    ),
    ...sentence(
      isBook ? italic(title) : title,
      isBook && edition(said('edition')) ? text(`, ${edition(said('edition'))}`) : undefined,
    ),
    ...(booktitle
      ? sentence(
          text(`In ${editedBy}`),
          italic(booktitle),
          inSeries ? text(`, ${inSeries}`) : undefined,
          said('chapter') ? text(`, chapter ${said('chapter')}`) : undefined,
          printed ? text(printed) : undefined,
        )
      : sentence(
          italic(journal),
          issue && journal ? text(`, ${issue}`) : undefined,
          printed
            ? text(journal && issue ? `:${pages}` : journal || isBook || issue ? printed : printed.slice(2))
            : undefined,
        )),
    ...sentence(!booktitle && inSeries ? text(inSeries) : undefined),
    ...sentence(report(type, said('type'), booktitle || journal ? undefined : number)),
    ...sentence(joined(said('publisher', 'school', 'institution'), said('address', 'location'))),
    ...sentence(booktitle || said('publisher') ? undefined : inlines('organization')),
    ...sentence(inlines('howpublished')),
    ...sentence(said('version') ? text(`Version ${said('version')}`) : undefined),
    ...sentence(inlines('note')),
    ...(address ? [address, text('.')] : []),
  ];
}

const joined = (...parts: readonly (string | undefined)[]): Inline | undefined => {
  const there = parts.filter(Boolean).join(', ');
  return there ? text(there) : undefined;
};

/** "2nd edition" of "2" or "second"; as it stands where it says so itself. */
const edition = (said: string | undefined) =>
  said &&
  (/edition|ed\.$/i.test(said)
    ? said
    : `${/^\d+$/.test(said) ? ordinal(Number(said)) : said.toLowerCase()} edition`);

function ordinal(number: number): string {
  const [ten, one] = [number % 100, number % 10];
  const ending = ten > 10 && ten < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][one] ?? 'th');
  return `${number}${ending}`;
}

/** What kind of a thesis or report it is. */
function report(type: string, told: string | undefined, number: string | undefined): Inline | undefined {
  const kinds: Readonly<Record<string, string>> = {
    phdthesis: 'PhD thesis',
    mastersthesis: 'Master’s thesis',
    thesis: 'Thesis',
    techreport: 'Technical report',
    report: 'Report',
    patent: 'Patent',
  };
  const kind = { phdthesis: 'PhD thesis', mathesis: 'Master’s thesis' }[told ?? ''] ?? told ?? kinds[type];
  const said = [kind, number].filter(Boolean).join(' ');
  return said ? text(said) : undefined;
}
