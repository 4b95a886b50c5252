import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../../project/atomic.js';
import type { Command } from '../command.js';
import { notebookNames, notebookPath, readNotebook, shortPath, strippedText } from '../notebook/notebook.js';

const strip: Command = {
  usage: 'strip [NAME...]',
  summary: 'take outputs and execution counts out of notebooks (all, if none is named)',
  options: {},
  async run({ names }) {
    for (const name of names.length > 0 ? names : notebookNames()) {
      const path = notebookPath(name);
      const text = strippedText(readNotebook(path));
      if (text === readFileSync(path, 'utf8')) continue;
      writeFileAtomic(path, text);
      console.log(`${shortPath(path)}: stripped`);
    }
  },
};
export default strip;
