import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../project/error.js';
import { typstMaths } from './maths.js';
import { svgText } from './svg.js';
import { quote } from './typst.js';

/**
 * The typefaces of the PDF, from npm packages pinned in the lock file, with every face that the style can ask for. Typst
 * looks at a machine's own fonts too, but these come first, and the style has `fallback: false`. That does not reach
 * the text within an SVG, so its letters are tried outside of it, and the finished PDF is looked through for other
 * typefaces: its bytes are the same everywhere.
 */
const FONTS = [
  'libertinus-serif/400Regular/LibertinusSerif_400Regular.ttf',
  'libertinus-serif/400Regular_Italic/LibertinusSerif_400Regular_Italic.ttf',
  'libertinus-serif/700Bold/LibertinusSerif_700Bold.ttf',
  'libertinus-serif/700Bold_Italic/LibertinusSerif_700Bold_Italic.ttf',
  'libertinus-sans/400Regular/LibertinusSans_400Regular.ttf',
  'libertinus-sans/400Regular_Italic/LibertinusSans_400Regular_Italic.ttf',
  'libertinus-sans/700Bold/LibertinusSans_700Bold.ttf',
  'libertinus-mono/400Regular/LibertinusMono_400Regular.ttf',
  'libertinus-math/400Regular/LibertinusMath_400Regular.ttf',
];

/** A Typst project held in memory. */
export interface TypstProject {
  readonly main: string;
  /** Files the source refers to, by the name it uses. */
  readonly files: Readonly<Record<string, string>>;
  /** The formulas of the source in TeX, to find the one at fault. */
  readonly formulas?: readonly string[];
}

/** The family that the figures' letters are drawn in, as in `style.typ`. */
const FIGURE_FONT = 'Libertinus Sans';

/**
 * Compiles Typst source to PDF/UA-1, the accessible kind: tagged, titled, with text for every figure and formula.
 * Nothing is fetched and no clock is read.
 *
 * @throws UserError for what would make it inaccessible, such as a letter that no typeface has, told with all the places
 *   that `whereIs` finds for it, and for a font of this machine that slipped in; an Error with Typst's
 *   complaints if the source does not compile, for then our own writer is at fault.
 */
export async function compilePdf(
  { main, files, formulas = [] }: TypstProject,
  folder: string,
  whereIs: (text: string) => readonly string[] = () => [],
): Promise<Uint8Array> {
  // Imported here: 50 MB of compiler, which a notebook that publishes has no need of.
  const { NodeCompiler, PdfStandard } = await import('@myriaddreamin/typst-ts-node-compiler');
  const resolve = createRequire(import.meta.url).resolve;
  const fontBlobs = FONTS.map((font) => readFileSync(resolve(`@expo-google-fonts/${font}`)));
  const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontBlobs }] });
  for (const [name, content] of Object.entries(files)) {
    compiler.mapShadow(join(folder, name), Buffer.from(content));
  }
  const compile = (source: string): Uint8Array => {
    const compiled = compiler.compile({ mainFileContent: source });
    const document = compiled.result;
    if (!document) {
      const complaints = compiled.takeDiagnostics()?.shortDiagnostics ?? [];
      const odd = formulas.find(
        (tex) => !compiler.compile({ mainFileContent: `$${typstMaths(tex)}$` }).result,
      );
      if (odd !== undefined)
        throw new UserError(`the TeX "${odd}" cannot be written in the PDF`, {
          hint: [...whereIs(odd).map((place) => `It is written in ${place}.`), 'Write it in other TeX.'].join(
            '\n  ',
          ),
        });
      throw new Error(`Typst: ${JSON.stringify(complaints)}`);
    }
    try {
      return compiler.pdf(document, { pdfStandard: PdfStandard.UA_1 });
    } catch (cause) {
      throw inaccessible(cause, whereIs);
    }
  };
  const svgs = Object.entries(files).filter(([name]) => name.endsWith('.svg'));
  if (svgs.length > 0) compile(lettersOf(svgs.map(([, svg]) => svg)));
  const pdf = compile(main);
  refuseForeignFonts(pdf);
  return pdf;
}

/** A document of the letters in figures, which must not fall back to a machine's own fonts. */
function lettersOf(svgs: readonly string[]): string {
  const letters = [...new Set(svgs.map(svgText).join(''))].sort().join('');
  return `#set document(title: "Letters", date: none)
#set text(font: ${quote(FIGURE_FONT)}, fallback: false)
#${quote(letters)}`;
}

/**
 * Refuses a PDF that holds a typeface other than ours, since its bytes would depend on the machine.
 *
 * @throws UserError naming the typeface.
 * @internal
 */
export function refuseForeignFonts(pdf: Uint8Array): void {
  const named = Buffer.from(pdf)
    .toString('latin1')
    .matchAll(/\/BaseFont\s*\/(?:[A-Z]{6}\+)?([^\s/<>]+)/g);
  const foreign = [...new Set([...named].map(([, font = '']) => font))].filter(
    (font) => !font.startsWith('Libertinus'),
  );
  if (foreign.length > 0) {
    throw new UserError(`the PDF would hold a font of this machine, ${foreign.join(', ')}`, {
      hint: 'The typefaces are those of paper/style.typ; a figure has a letter or a style that they lack.',
    });
  }
}

/** What the exporter says against a document; of letters that no typeface has, where they are written. */
function inaccessible(cause: unknown, whereIs: (text: string) => readonly string[]): UserError {
  const complaints = complaintsIn(String(cause));
  const letters = [...complaints.matchAll(/the text `"(.+?)"` could not be displayed/g)].map(
    ([, text = '']) => text,
  );
  const places = [...new Set(letters)]
    .map((text) => [text, whereIs(text)] as const)
    .filter(([, at]) => at.length > 0);
  const hint = places.map(([text, at]) => `"${text}" is written in ${at.join(', ')}.`);
  return new UserError(`the PDF would not be accessible: ${complaints}`, {
    cause,
    ...(letters.length > 0 && {
      hint: [...hint, 'Write it in letters of the Libertinus typefaces, or in words.'].join('\n  '),
    }),
  });
}

/** The messages in a complaint of the exporter, which comes in Rust's own notation. */
function complaintsIn(notation: string): string {
  const messages = [...notation.matchAll(/message: "((?:[^"\\]|\\.)*)"/g)].map(([, message = '']) =>
    message.replace(/^PDF\/UA-1 error: /, '').replace(/\\(.)/g, '$1'),
  );
  return [...new Set(messages)].join('; ') || notation;
}
