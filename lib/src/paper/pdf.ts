import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { UserError } from '../project/error.js';

/**
 * The typefaces of the PDF, from npm packages pinned in the lock file. Typst looks at a machine's own fonts too, but
 * these come first, and with `fallback: false` in the style no other is ever taken: the bytes are the same everywhere.
 */
const FONTS = [
  'libertinus-serif/400Regular/LibertinusSerif_400Regular.ttf',
  'libertinus-serif/400Regular_Italic/LibertinusSerif_400Regular_Italic.ttf',
  'libertinus-serif/700Bold/LibertinusSerif_700Bold.ttf',
  'libertinus-serif/700Bold_Italic/LibertinusSerif_700Bold_Italic.ttf',
  'libertinus-sans/400Regular/LibertinusSans_400Regular.ttf',
  'libertinus-sans/700Bold/LibertinusSans_700Bold.ttf',
  'libertinus-mono/400Regular/LibertinusMono_400Regular.ttf',
  'libertinus-math/400Regular/LibertinusMath_400Regular.ttf',
];

/** A Typst project held in memory. */
export interface TypstProject {
  readonly main: string;
  /** Files the source refers to, by the name it uses. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Compiles Typst source to PDF/UA-1, the accessible kind: tagged, titled, with text for every figure and formula.
 * Nothing is fetched and no clock is read.
 *
 * @throws UserError for what would make it inaccessible, such as a letter that no typeface has; an Error with Typst's
 *   complaints if the source does not compile, for then our own writer is at fault.
 */
export async function compilePdf({ main, files }: TypstProject, folder: string): Promise<Uint8Array> {
  // Imported here: 50 MB of compiler, which a notebook that publishes has no need of.
  const { NodeCompiler, PdfStandard } = await import('@myriaddreamin/typst-ts-node-compiler');
  const resolve = createRequire(import.meta.url).resolve;
  const fontBlobs = FONTS.map((font) => readFileSync(resolve(`@expo-google-fonts/${font}`)));
  const compiler = NodeCompiler.create({ workspace: folder, fontArgs: [{ fontBlobs }] });
  for (const [name, content] of Object.entries(files)) {
    compiler.mapShadow(join(folder, name), Buffer.from(content));
  }
  const compiled = compiler.compile({ mainFileContent: main });
  const document = compiled.result;
  if (!document) {
    const complaints = compiled.takeDiagnostics()?.shortDiagnostics ?? [];
    throw new Error(`Typst: ${JSON.stringify(complaints)}`);
  }
  try {
    return compiler.pdf(document, { pdfStandard: PdfStandard.UA_1 });
  } catch (cause) {
    throw new UserError(`the PDF would not be accessible: ${complaintsIn(String(cause))}`, { cause });
  }
}

/** The messages in a complaint of the exporter, which comes in Rust's own notation. */
function complaintsIn(notation: string): string {
  const messages = [...notation.matchAll(/message: "((?:[^"\\]|\\.)*)"/g)].map(([, message = '']) =>
    message.replace(/^PDF\/UA-1 error: /, '').replace(/\\(.)/g, '$1'),
  );
  return [...new Set(messages)].join('; ') || notation;
}
