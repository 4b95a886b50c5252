/**
 * What a terminal, or JupyterLab, shows of what was printed: a carriage return goes back to the line's beginning and what
 * follows is written over it, a backspace goes back by one, and of escape sequences those that erase in the line are heeded
 * and the others (colours, titles) left out, as are other control characters.
 *
 * @example
 * printedText('scored 10 %\\rscored 100 %\\n'); // -> 'scored 100 %\\n'
 */
export function printedText(printed: string): string {
  if (!CONTROL.test(printed)) return printed;
  return printed.replace(/\r+\n/g, '\n').split('\n').map(shownLine).join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is looked for
const CONTROL = /[\0-\x08\x0b-\x1f\x7f-\x9f]/;
/** A sequence that controls a terminal (ECMA-48: CSI and OSC), or one character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with one
const TOKEN = /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b?./gsu;

function shownLine(line: string): string {
  if (!CONTROL.test(line)) return line;
  let shown: string[] = [];
  let column = 0;
  for (const [token, amount, command] of line.matchAll(TOKEN)) {
    if (token === '\r') column = 0;
    else if (token === '\b') column = Math.max(0, column - 1);
    else if (command === 'K') {
      if (amount === '2') shown = [];
      else if (amount !== '1') shown.length = Math.min(shown.length, column);
    } else if (command === 'G') column = Math.max(0, Math.min(Number(amount || 1) - 1, shown.length));
    else if (command === undefined && !CONTROL.test(token)) {
      shown[column] = token;
      column += 1;
    }
  }
  return shown.join('').trimEnd();
}
