import { type Passage, wordsOf } from './passages.js';

/** Words that are in a passage and not in what was printed. */
export interface Loss {
  readonly words: string;
  readonly from: string;
}

/**
 * What of some passages is not in a text that was printed from them, as often as they say it. A word counts as printed where
 * it stands beside one of its neighbours as in the passage: between pages and columns something else may come between two
 * words, and lines may divide one.
 */
export function lostWords(passages: readonly Passage[], printed: string): readonly Loss[] {
  const lines = printed
    .split('\n')
    .map(wordsOf)
    .filter(({ length }) => length > 0);
  const stream = lines.flat();
  const spaced = ` ${stream.join(' ')} `;
  const have = tally(stream);
  const needed = tally(passages.flatMap(({ text }) => wordsOf(text)));
  const pairs = new Set(stream.map((word, at) => `${stream[at - 1] ?? ''} ${word}`));
  // What ends a line and what begins the next may be one word.
  const divided = new Map<string, number>();
  let at = 0;
  for (const line of lines.slice(0, -1)) {
    at += line.length;
    const whole = `${stream[at - 1]}${stream[at]}`;
    divided.set(whole, (divided.get(whole) ?? 0) + 1);
    pairs.add(`${stream[at - 2] ?? ''} ${whole}`).add(`${whole} ${stream[at + 1] ?? ''}`);
  }
  const [ends, begins] = [new Set(lines.map((line) => line.at(-1))), new Set(lines.map(([first]) => first))];
  /** Whether lines divide it, and something comes between them. */
  const isParted = (word = '') =>
    [...word].some((_, cut) => cut > 1 && ends.has(word.slice(0, cut)) && begins.has(word.slice(cut)));
  const timesThere = (word: string) =>
    (have.get(word) ?? 0) + (divided.get(word) ?? 0) + (have.get(mirrored(word)) ?? 0);
  const isThere = (word: string) => timesThere(word) > 0;
  /** Whether something comes between two of its words, as a table between two pages does. */
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.join(' ').length + 1);
  const runIsParted = (words: readonly string[]) =>
    words.some((_, cut) => {
      const [before, after] = [` ${words.slice(0, cut).join(' ')} `, ` ${words.slice(cut).join(' ')} `];
      return (
        cut > 0 &&
        starts.some((start) => spaced.endsWith(before, start + 1)) &&
        starts.some((start) => spaced.startsWith(after, start))
      );
    });
  const told = new Map<string, number>();
  return passages.flatMap(({ text, from }) => {
    const words = wordsOf(text);
    const run = words.join(' ');
    const times = (told.get(run) ?? 0) + 1;
    told.set(run, times);
    // What several passages say, such as cells of a table, stands there as often.
    if (words.length === 0 || occursOften(spaced, ` ${run} `, times)) return [];
    const lost = words.filter((word, index) => {
      const [before, after] = [words[index - 1], words[index + 1]];
      if (before === undefined && after === undefined)
        return !(times === 1 && isThere(word)) && !isParted(word);
      // What other passages say too does not stand for this one.
      if (timesThere(word) < (needed.get(word) ?? 0) && !isParted(word)) return true;
      if (mirrored(word) !== '') return !isThere(word);
      const isBeside = pairs.has(`${before} ${word}`) || pairs.has(`${word} ${after}`);
      return !isBeside && !isParted(word) && !(isThere(word) && (isParted(before) || isParted(after)));
    });
    if (lost.length > 0) return [{ words: lost.join(' '), from }];
    const mayBeDivided =
      times === 1 || runIsParted(words) || words.some((word) => divided.has(word) || isParted(word));
    return mayBeDivided ? [] : [{ words: run, from }];
  });
}

function tally(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** A word that is written from right to left, in the order in which a page may have its letters; of others nothing. */
const mirrored = (word: string) =>
  /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}/u.test(word) ? [...word].reverse().join('') : '';

/** Whether a run stands so often in a text; what ends one may begin the next. */
function occursOften(text: string, run: string, times: number): boolean {
  let at = -1;
  for (let found = 0; found < times; found++) {
    at = text.indexOf(run, at < 0 ? 0 : at + run.length - 1);
    if (at < 0) return false;
  }
  return true;
}

/** The text of a PDF, page by page, in the order in which it is written. */
export async function pdfText(pdf: Uint8Array): Promise<string> {
  // Imported here: the reader of PDF takes a tenth of a second to load, and most commands have no need of it.
  const { getDocumentProxy } = await import('unpdf');
  // The reader takes the bytes for its own.
  const document = await getDocumentProxy(Uint8Array.from(pdf), { verbosity: 0 });
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    let size = 0;
    const parts = items.flatMap((item): readonly string[] => {
      if (!('str' in item)) return [];
      // A mark set high, such as the number of a footnote, is no part of the word before it.
      const isMark = item.height > 0 && Math.abs(item.height - size) > 0.1 * size;
      if (item.height > 0) size = item.height;
      return [isMark ? ' ' : '', item.str, item.hasEOL ? '\n' : ''];
    });
    pages.push(parts.join(''));
  }
  return pages.join('\n');
}

/** The text of a page of HTML, each element's on lines of its own. */
export function htmlText(html: string): string {
  const signs: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', '#39': "'" };
  return ['style', 'script']
    .reduce(without, html)
    .replace(/<[^<>]+>/g, '\n')
    .replace(/&(#?\w+);/g, (written, name: string) => signs[name] ?? written);
}

/** A page without elements of a name, and what is in them. */
function without(html: string, name: string): string {
  const [first = '', ...others] = html.split(`<${name}`);
  return first + others.map((part) => part.slice(part.indexOf(`</${name}>`) + 1)).join('');
}
