import { type Inline, text } from '../document.js';
import { type BibtexEntry, fieldText } from './bibtex.js';

const said = (entry: BibtexEntry, field: string) => fieldText(entry, field).trim();

/** A DOI alone, whether it was written so, with `doi:` or as an address. */
function doiOf(entry: BibtexEntry): string {
  const doi = said(entry, 'doi');
  const bare = doi.replace(/^(?:https?:\/\/(?:dx\.)?doi\.org\/|doi:\s*)/i, '');
  if (bare === doi || !/%[0-9a-f]{2}/i.test(bare)) return bare;
  try {
    return decodeURIComponent(bare);
  } catch {
    return bare;
  }
}

/** An arXiv number alone; of another archive as it stands. */
const eprintOf = (entry: BibtexEntry): string =>
  said(entry, 'eprint')
    .replace(/^(?:https?:\/\/arxiv\.org\/(?:abs|pdf)\/|arxiv:\s*)/i, '')
    .replace(/\.pdf$/i, '');

const archiveOf = (entry: BibtexEntry) =>
  said(entry, 'archiveprefix') || said(entry, 'eprinttype') || 'arXiv';

/** What is wrong with where an entry says that its work is. */
export function addressFlaw(
  entry: BibtexEntry,
): { readonly field: string; readonly message: string; readonly hint: string } | undefined {
  const [doi, eprint, url] = [doiOf(entry), eprintOf(entry), said(entry, 'url')];
  if (doi && !/^10\.\d{4,9}\/\S+$/.test(doi))
    return {
      field: 'doi',
      message: `"${doi}" is no DOI`,
      hint: 'A DOI begins with 10., as 10.1000/182 does.',
    };
  const isArxiv = /^arxiv$/i.test(archiveOf(entry));
  if (eprint && isArxiv && !/^(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?\/\d{7})(?:v\d+)?$/.test(eprint))
    return {
      field: 'eprint',
      message: `"${eprint}" is no number of arXiv`,
      hint: 'It has the form 2101.00001 or cs/0112017. Another archive is named by archiveprefix.',
    };
  if (url && !/^https?:\/\/\S+$/.test(url))
    return {
      field: 'url',
      message: `"${url}" is no web address`,
      hint: 'It begins with https:// or http://.',
    };
  return undefined;
}

/** DOI, else arXiv number, else address: one link, readable in print too. */
export function addressOf(entry: BibtexEntry): Inline | undefined {
  const [doi, eprint, url] = [doiOf(entry), eprintOf(entry), said(entry, 'url')];
  const archive = archiveOf(entry);
  if (doi) return link(`doi:${doi}`, `https://doi.org/${escaped(doi)}`);
  if (eprint && /^arxiv$/i.test(archive)) return link(`arXiv:${eprint}`, `https://arxiv.org/abs/${eprint}`);
  if (url) return link(url, url);
  return eprint ? text(`${archive}:${eprint}`) : undefined;
}

/** Signs of an address, such as the # of an old DOI, as its path has them. */
const escaped = (doi: string) => encodeURI(doi).replaceAll('#', '%23').replaceAll('?', '%3F');

const link = (label: string, href: string): Inline => ({ kind: 'link', href, children: [text(label)] });
