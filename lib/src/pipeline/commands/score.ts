import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import type { OwnRow } from '../../datasets/own-rows.js';
import { writeFileAtomic } from '../../project/atomic.js';
import { UserError } from '../../project/error.js';
import { visible } from '../../project/visible.js';
import type { Task } from '../../tasks/task.js';
import { type Arguments, type Command, oneOf, pairsOption, positiveInteger, textOption } from '../command.js';

/** So many predictions are shown where no file is asked for. */
const SHOWN = 10;

const score: Command = {
  usage: 'score [FILE | FIELD=TEXT...]',
  summary:
    'ask a model about claims and evidence of your own, or rows of another task\n\n' +
    'FILE is CSV, TSV, JSON Lines or JSON, packed by gzip or not; - is standard input. Columns are found by name. In place\n' +
    'of a file the texts of one row can be given: claim="Tea lengthens sleep." evidence="In a trial of 40 adults ..."\n' +
    'What is answered is kept in build/scores: after an interruption the same command goes on. Where the rows have gold,\n' +
    'the answers are scored. Texts leave this machine only where the model that you name is behind an endpoint.',
  options: {
    model: {
      value: 'ID|PATH|URL',
      help: 'of data/models.yaml, a GGUF file, or an endpoint (default: the adapter’s, else the first of the study that is here)',
    },
    'model-name': { value: 'NAME', help: 'what an endpoint calls the model' },
    key: { value: 'VARIABLE', help: 'the environment variable that holds the endpoint’s key' },
    'no-logprobs': { help: 'the endpoint tells no probabilities: its answers are read' },
    adapter: { value: 'ID|PATH', help: 'of data/adapters, or a LoRA in GGUF' },
    prompt: {
      value: 'NAME|FILE',
      help: 'of data/prompts.yaml, or a YAML file with one such entry (default: the adapter’s, else the first of the task)',
    },
    task: { value: 'NAME', help: 'of data/tasks.yaml (default: the prompt’s, else claim-verification)' },
    columns: { value: 'A=B,...', help: 'columns by field, key, id or gold: claim=statement,gold=verdict' },
    labels: { value: 'A=B,...', help: 'what the file calls labels, and the task: entails=yes,...' },
    format: { value: 'FORMAT', help: 'csv, tsv, jsonl or json (default: by the ending of the file)' },
    'no-header': { help: 'the first row is data; columns are then called 1, 2, ...: --columns claim=1' },
    limit: { value: 'N', help: 'the first N rows alone' },
    out: { value: 'FILE', help: 'write all predictions there: FILE.csv or FILE.jsonl' },
  },
  async run(given) {
    const [{ askedOf, modelAndPrompt }, { scoreAsked }, { projectPaths }] = await Promise.all([
      import('../../scoring/own/asked.js'),
      import('../../scoring/own/score.js'),
      import('../../project/paths.js'),
    ]);
    const paths = projectPaths();
    const write = await outputOf(given);
    const adapter = textOption(given, 'adapter');
    const asked = await askedOf(
      {
        adapter,
        model: textOption(given, 'model') ?? (adapter === undefined ? await modelHere() : undefined),
        modelName: textOption(given, 'model-name'),
        key: textOption(given, 'key'),
        logprobs: !given.options['no-logprobs'],
        prompt: textOption(given, 'prompt'),
        task: textOption(given, 'task'),
      },
      paths,
    );
    const { task } = asked.prompt;
    const { name, rows, notes, single } = await rowsOf(given, task);
    for (const note of [...notes, modelAndPrompt(asked)]) console.error(visible(note));
    const [{ byLine }, { predictionText, predictionsText }, { scoresText }] = await Promise.all([
      import('../prediction-output/long-rows.js'),
      import('../prediction-output/prediction-table.js'),
      import('../prediction-output/score-table.js'),
    ]);
    const predictions = await scoreAsked(rows, asked, recordName(name), paths).catch((error: unknown) => {
      throw byLine(error, name, new Map(rows.map(({ id, line }) => [id, line])));
    });
    const { massWarning } = await import('../../scoring/label-score.js');
    const warning = massWarning(predictions);
    if (warning !== undefined) console.error(warning);
    const [first] = predictions;
    if (single && first) console.log(predictionText(first));
    else if (!write) console.log(predictionsText(predictions, task, SHOWN));
    const scores = scoresText(predictions, rows, task);
    if (scores !== undefined) console.log(`${write ? '' : '\n'}${scores}`);
    if (write) await write(predictions, task);
    else if (!single) console.log('\nAll of them, in a file: add --out predictions.csv');
    if (!single) {
      const [{ browsedPredictions }, { writePage }] = await Promise.all([
        import('../../row-browser/predictions.js'),
        import('../../row-browser/page-file.js'),
      ]);
      const page = { name: recordName(name), system: modelAndPrompt(asked), task };
      const { path } = writePage(browsedPredictions(predictions, rows, page), paths);
      console.log(`Row by row, in a browser: ${relative(process.cwd(), path)}`);
    }
  },
};
export default score;

async function modelHere(): Promise<string> {
  const { firstModelHere } = await import('../../study/model-here.js');
  return firstModelHere();
}

interface Given {
  /** What errors call it. */
  readonly name: string;
  readonly rows: readonly OwnRow[];
  readonly notes: readonly string[];
  /** Whether its texts were given on the command line. */
  readonly single: boolean;
}

async function rowsOf(given: Arguments, task: Task): Promise<Given> {
  const [file, ...others] = given.names;
  if (file === undefined)
    throw new UserError('nothing to score is named', {
      hint: `Name a file, or the texts of one row: npx small-claims score ${Object.keys(task.fields)
        .map((field) => `${field}="..."`)
        .join(' ')}`,
    });
  const { ownRow, readOwnRows } = await import('../../datasets/own-rows.js');
  if (/^[\w-]+=/.test(file) && !existsSync(file))
    return { name: 'texts', rows: [ownRow(given.names, task)], notes: [], single: true };
  if (others.length > 0)
    throw new UserError(`more than one file is named: ${given.names.join(', ')}`, {
      hint: 'Name one. Texts of one row are given as FIELD="TEXT", with quotes around a text that holds a space.',
    });
  const { TABLE_FORMATS } = await import('../../datasets/formats/table.js');
  const { readBytes } = await import('../../datasets/text.js');
  const name = file === '-' ? 'standard input' : file;
  const read = readOwnRows(file === '-' ? await standardInput() : readBytes(file), name, task, {
    columns: pairsOption(given, 'columns'),
    ...(given.options['labels'] !== undefined && { labels: pairsOption(given, 'labels') }),
    format: oneOf(given, 'format', TABLE_FORMATS),
    header: !given.options['no-header'],
    limit: positiveInteger(given, 'limit'),
  });
  return { name, ...read, single: false };
}

async function standardInput(): Promise<Uint8Array> {
  if (process.stdin.isTTY) console.error('reading from the terminal; end with Ctrl-D');
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const recordName = (name: string): string =>
  basename(name)
    .replace(/(?:\.(?:csv|tsv|jsonl|json|gz))+$/i, '')
    .replace(/[^\w.-]+/g, '-');

/** How predictions are written into the file that is asked for, seen to before the work. @throws UserError where they cannot be. */
async function outputOf(given: Arguments) {
  const path = textOption(given, 'out');
  if (path === undefined) return undefined;
  const [{ assertWritable }, { BEGINS, predictionsCsv, predictionsJsonl }] = await Promise.all([
    import('../../project/output-file.js'),
    import('../prediction-output/prediction-table.js'),
  ]);
  const isCsv = /\.csv$/i.test(path);
  if (!isCsv && !/\.(?:jsonl|ndjson)$/i.test(path))
    throw new UserError('its ending does not tell how to write it', {
      at: { file: path, field: '--out' },
      hint: 'Name a file that ends in .csv or .jsonl.',
    });
  const inputs = ['model', 'adapter', 'prompt'].flatMap((option) => textOption(given, option) ?? []);
  assertWritable([{ option: '--out', path, begins: BEGINS }], [...given.names, ...inputs]);
  return async (predictions: Parameters<typeof predictionsJsonl>[0], task: Task) => {
    writeFileAtomic(path, isCsv ? predictionsCsv(predictions, task) : predictionsJsonl(predictions));
    console.log(`written: ${path}`);
  };
}
