import type { Command } from '../command.js';
import { shortPath } from '../notebook/notebook.js';

const data: Command = {
  usage: 'data [DATASET...]',
  summary:
    'download datasets (all, if none is named) into data/raw, or copy them from DATA_MIRROR, and check them',
  options: {},
  async run({ names }) {
    const { fetchDatasets } = await import('../../datasets/release.js');
    for (const path of await fetchDatasets(names.length > 0 ? names : undefined)) {
      console.log(`${shortPath(path)}: verified`);
    }
  },
};
export default data;
