import temml from 'temml';
import { tex2typst } from 'tex2typst';
import { UserError } from '../project/error.js';

/** TeX as MathML. Throws UserError for TeX that Temml does not know. */
export function mathml(tex: string, { display }: { display: boolean }): string {
  return understood(tex, () => temml.renderToString(tex, { displayMode: display, throwOnError: true }));
}

/** TeX as Typst's own notation, what stands between its dollar signs. Throws UserError for TeX it does not know. */
export function typstMaths(tex: string): string {
  // Temml is the stricter of the two: what it lets through has no "#" or "$" that Typst would take for code. A
  // quotation mark, or a backslash at the end, would end the string literal that the converter makes of \text.
  mathml(tex, { display: false });
  const loose = /"|\\\\\}/.exec(tex)?.[0];
  if (loose) throw new UserError(`the TeX "${tex}" has ${loose}, which cannot be written in the PDF`);
  const strict = { nonStrict: false, customTexMacros: { ...MACROS } };
  return understood(tex, () => tex2typst(tex.replaceAll(/\\limits(?![a-zA-Z])/g, ''), strict));
}

const operators = (command: string, names: readonly string[]) =>
  names.map((name) => [`\\${name}`, `\\${command}{${name}}`] as const);

/** TeX that the converter does not know, by what it does know. */
const MACROS: Readonly<Record<string, string>> = Object.fromEntries([
  ...operators('operatorname*', ['det', 'gcd', 'inf', 'liminf', 'limsup', 'max', 'min', 'Pr', 'sup']),
  ...operators('operatorname', [
    'arccos',
    'arcsin',
    'arctan',
    'arg',
    'cosh',
    'coth',
    'deg',
    'dim',
    'exp',
    'hom',
    'ker',
    'lg',
  ]),
  ...operators('operatorname', ['sinh', 'tanh']),
  ['\\lVert', '\\|'],
  ['\\rVert', '\\|'],
  ['\\lvert', '|'],
  ['\\rvert', '|'],
  ['\\coloneqq', ':='],
  ['\\bm', '\\boldsymbol'],
]);

function understood(tex: string, convert: () => string): string {
  try {
    return convert();
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const [, command] = /^Unknown token: (.*)$/.exec(said) ?? [];
    throw new UserError(
      command === undefined
        ? `cannot read the TeX "${tex}": ${said}`
        : `the TeX "${tex}" has ${command}, which cannot be written in the PDF`,
      { cause },
    );
  }
}
