import { errorText } from '../../project/error.js';
import { projectPaths } from '../../project/paths.js';
import { type Command, positiveInteger } from '../command.js';
import { RUN_OPTIONS, runNotebooks } from './run.js';

const DEFAULT_PORT = 4321;

const watch: Command = {
  usage: 'watch',
  summary: 'serve the paper on this machine and render it again whenever its text, style or results change',
  options: {
    ...RUN_OPTIONS,
    port: { value: 'N', help: `where a browser finds it (default: ${DEFAULT_PORT})` },
  },
  async run(given) {
    await runNotebooks([], given);
    const { livePaper } = await import('../../paper/live.js');
    const { address } = await livePaper({
      paths: projectPaths(),
      port: positiveInteger(given, 'port', 65_535) ?? DEFAULT_PORT,
      log: (line) => console.error(`watch: ${line}`),
      tell: errorText,
    });
    console.error(`watch: open ${address} in a browser; Ctrl-C ends it`);
    await new Promise<never>(() => {});
  },
};
export default watch;
