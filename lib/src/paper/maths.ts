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
  return understood(tex, () => tex2typst(tex));
}

function understood(tex: string, convert: () => string): string {
  try {
    return convert();
  } catch (cause) {
    throw new UserError(`cannot read the TeX "${tex}": ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
