import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../../project/atomic.js';
import { projectPaths } from '../../project/paths.js';
import type { Command } from '../command.js';
import { notebookPath, readNotebook, shortPath, strippedText } from '../notebook/notebook.js';
import { keptNotebooks } from '../notebook/paper-notebooks.js';

const format: Command = {
  usage: 'format [NAME...]',
  summary: 'take outputs out of notebooks (all, if none is named) and format their code cells as the lib is',
  options: {},
  async run({ names }) {
    const { formatCells } = await import('../check/cell-style.js');
    const notebooks = (names.length > 0 ? names : keptNotebooks(projectPaths()))
      .map((name) => notebookPath(name))
      .map(readNotebook);
    for (const notebook of formatCells(notebooks, projectPaths().root)) {
      const text = strippedText(notebook);
      if (text === readFileSync(notebook.path, 'utf8')) continue;
      writeFileAtomic(notebook.path, text);
      console.log(`${shortPath(notebook.path)}: formatted`);
    }
  },
};
export default format;
