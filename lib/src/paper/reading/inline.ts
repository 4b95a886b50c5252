import type Token from 'markdown-it/lib/token.mjs';
import { UserError } from '../../project/error.js';
import { quotedText } from '../../reporting/quoted.js';
import { type Inline, text } from '../document.js';
import { typstMaths } from '../maths.js';
import { nearest } from '../problem.js';
import type { Work } from './bibliography.js';
import { narrative, parenthetical } from './citation.js';
import { claim } from './claim.js';
import { inlineMeta, roleSource } from './cross-references.js';
import { addressShown, link } from './link.js';
import type { InlineMeta } from './markdown.js';
import { plainComparisons } from './plain-comparisons.js';
import { type Complain, lookUp, type Scope } from './scope.js';
import { decimalsInTex, typedDecimals, typedNumbers } from './typed-numbers.js';
import { writtenValue } from './written-value.js';

/** Where one run of inline content is read, and what is known of it. */
export interface InlinePlace {
  readonly scope: Scope;
  /** Line of its first character in the file. */
  readonly line: number;
  /** A heading may have whole numbers: they are names there. */
  readonly numbersAllowed: boolean;
  /** Numbers of the footnotes referred to so far. */
  readonly footnotesSeen: Set<number>;
}

/** The inline content of an `inline` token with every name resolved; what is wrong goes to `scope.problems`. */
export function resolveInline(inline: Token, place: InlinePlace): Inline[] {
  const { scope, numbersAllowed, footnotesSeen } = place;
  const tokens = inline.children ?? [];
  for (const { words, below } of plainComparisons(inline)) {
    scope.problems.warn(
      { file: scope.file, line: place.line + below },
      `"${words}" is said without a test`,
      'Write {claim}`id: outperforms` of a published comparison, or cite whose finding it is.',
    );
  }
  let position = 0;
  let { line } = place;
  const complain: Complain = (message, hint) =>
    scope.problems.error({ file: scope.file, line }, message, hint);

  const until = (close?: string): Inline[] => {
    const inlines: Inline[] = [];
    for (let token = tokens[position++]; token && token.type !== close; token = tokens[position++]) {
      inlines.push(...one(token));
      line += token.type.endsWith('break') ? 1 : token.content.split('\n').length - 1;
    }
    return inlines;
  };

  const one = (token: Token): Inline[] => {
    const meta = inlineMeta(token);
    if (meta) return ours(meta, scope, complain);
    switch (token.type) {
      case 'text':
        refuseLeftovers(token.content, complain);
        refuseNumbers(numbersAllowed ? typedDecimals(token.content) : typedNumbers(token.content), complain);
        return token.content ? [text(token.content)] : [];
      case 'softbreak':
        return [text(' ')];
      case 'hardbreak':
        return [{ kind: 'break' }];
      case 'code_inline':
        refuseNumbers(typedDecimals(token.content), complain);
        return [{ kind: 'code', text: token.content }];
      case 'em_open':
        return [{ kind: 'emphasis', children: joined(until('em_close')) }];
      case 'strong_open':
        return [{ kind: 'strong', children: joined(until('strong_close')) }];
      case 'link_open': {
        const href = token.attrGet('href') ?? '';
        const end = tokens.findIndex(({ type }, at) => at >= position && type === 'link_close');
        const address = addressShown(tokens.slice(position, end), href);
        if (address === undefined) return link(href, joined(until('link_close')), complain);
        position = end + 1;
        return link(href, [text(address)], complain);
      }
      case 'footnote_ref': {
        const number = Number(token.meta.id) + 1;
        const first = !footnotesSeen.has(number);
        footnotesSeen.add(number);
        return [{ kind: 'footnote', number, first }];
      }
      case 'image':
        complain('an image', 'Figures are published by notebooks: use `:::{figure} id`.');
        return [];
      default:
        throw new Error(`no rule for the Markdown token ${token.type}`);
    }
  };
  return joined(until());
}

/** The same with text that lies side by side made one. */
function joined(inlines: readonly Inline[]): Inline[] {
  const result: Inline[] = [];
  for (const inline of inlines) {
    const last = result.at(-1);
    if (inline.kind === 'text' && last?.kind === 'text')
      result[result.length - 1] = text(last.text + inline.text);
    else result.push(inline);
  }
  return result;
}

/** Syntax of the paper that was not read as such: it is misspelt, and would be printed as it stands. */
const LEFTOVER = /\{\{|\}\}|\{[#-]|\[\^|\[@|<!(?:--|–|—)/;

function refuseLeftovers(prose: string, complain: Complain): void {
  const found = LEFTOVER.exec(prose);
  if (!found) return;
  const shown = prose.slice(found.index, found.index + 30).trim();
  complain(
    `"${shown}" is not read as anything`,
    'A value is {{id}}, a footnote [^name] with a line "[^name]: …", a section {#sec:name} at the end of its heading, a ' +
      'citation [@key], a comment <!-- ... --> within one paragraph or on lines of its own.',
  );
}

/** Complains of numbers typed where only a published one may stand. */
export function refuseNumbers(numbers: readonly string[], complain: Complain): void {
  for (const number of numbers) {
    complain(
      `the number "${number}" is typed by hand`,
      'Use {{id}} of a published value, {quoted}`… @key` for one from another work, or {given}`…` for one that is ' +
        'part of the design.',
    );
  }
}

function ours(meta: InlineMeta, scope: Scope, complain: Complain): Inline[] {
  const { published, crossReferences, used } = scope;
  switch (meta.kind) {
    case 'value': {
      const found = lookUp('value', meta.id, published.values, used, complain);
      const written = found && writtenValue(found, meta.form, complain);
      return written ? [{ kind: 'value', ...written, found }] : [];
    }
    case 'role':
      return role(meta.name, meta.content, scope, complain);
    case 'citation': {
      const cited = meta.items.flatMap(({ key, prefix, suffix }) => {
        const second = /(?<![\w.])@[a-z][\w-]*/i.exec(`${prefix} ${suffix}`)?.[0];
        if (second)
          complain(
            `"${second}" is a second work in one citation`,
            `Part them by a semicolon: [@${key}; ${second}].`,
          );
        const work = findWork(key, scope, complain);
        return work ? [{ work, prefix, suffix }] : [];
      });
      return meta.narrative ? cited.flatMap(({ work }) => narrative(work)) : parenthetical(cited);
    }
    case 'crossreference': {
      const target = crossReferences.targets.get(meta.target);
      if (target) return [{ kind: 'link', href: `#${target.anchor}`, children: [text(target.name)] }];
      const known = [...crossReferences.targets.keys()];
      complain(
        `nothing in the paper is called "@${meta.target}"`,
        nearest(meta.target, known, 'It has no parts.'),
      );
      return [];
    }
    case 'comment':
      return [];
    case 'maths':
      return isMaths(meta.tex, complain) ? [{ kind: 'maths', tex: meta.tex }] : [];
  }
}

/** Whether both formats can write this TeX; complains if not, and of results typed into it. */
export function isMaths(tex: string, complain: Complain): boolean {
  refuseNumbers(decimalsInTex(tex), complain);
  try {
    typstMaths(tex);
    return true;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    complain(error.message);
    return false;
  }
}

function role(name: string, content: string, scope: Scope, complain: Complain): Inline[] {
  switch (name) {
    case 'given':
      return [text(content)];
    case 'claim':
      return claim(content, scope, complain);
    case 'quoted': {
      const [key] = roleSource(content);
      if (key === undefined) complain('a quoted number without its source', 'Write {quoted}`88.4 @key`.');
      const work = key === undefined ? undefined : findWork(key, scope, complain);
      if (!work) return [];
      scope.quotedFrom.add(work.key);
      const number = quotedNumber(content.replace(/(?<!\s)\s*@\S+$/, ''), work.key, scope, complain);
      return [
        { kind: 'quoted', text: number, anchor: work.anchor, source: `${work.authors} (${work.year})` },
      ];
    }
    default:
      complain(`unknown role "{${name}}"`, nearest(name, ['claim', 'given', 'quoted'], ''));
      return [];
  }
}

/** The number that an id of data/quoted.yaml stands for; of a work with no figures there, the number as it is typed. */
function quotedNumber(written: string, key: string, { quoted }: Scope, complain: Complain): string {
  const figures = quoted.filter(({ work }) => work === key);
  const figure = figures.find(({ id }) => id === written);
  if (figure) return quotedText(figure);
  const ids = figures.map(({ id }) => id);
  const hint = `data/quoted.yaml has its figures: ${ids.join(', ')}.`;
  if (/^[a-z]/.test(written))
    complain(`no figure "${written}" of "${key}" is known`, nearest(written, ids, 'None is.'));
  else if (figures.length > 0) complain(`the number "${written}" of "${key}" is typed by hand`, hint);
  return written;
}

function findWork(key: string, { works, keys }: Scope, complain: Complain): Work | undefined {
  const work = works.get(key);
  if (!work) complain(`nothing in the bibliography is called "${key}"`, nearest(key, keys, 'It is empty.'));
  return work;
}
