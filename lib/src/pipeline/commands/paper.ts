import type { Command } from '../command.js';
import { RUN_OPTIONS, runNotebooks } from './run.js';

const paper: Command = {
  usage: 'paper',
  summary: 'run the notebooks that are not up to date, then render the paper',
  options: RUN_OPTIONS,
  async run(given) {
    await runNotebooks([], given);
  },
};
export default paper;
