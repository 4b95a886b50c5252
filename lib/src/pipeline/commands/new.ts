import { UserError } from '../../project/error.js';
import { nearest } from '../../project/nearest.js';
import type { Paths } from '../../project/paths.js';
import { visible } from '../../project/visible.js';
import type { Task } from '../../tasks/task.js';
import { type Arguments, type Command, listOption, oneOf, pairsOption, textOption } from '../command.js';

const newEntry: Command = {
  usage: 'new dataset|task|study NAME [--file FILE]',
  summary:
    'write a commented entry of data/datasets.yaml, data/tasks.yaml with a prompt, or data/studies\n\n' +
    'A data set with --file is looked at: columns and labels are found by name, the file is copied to data/raw/NAME, and\n' +
    'its rows can be used at once. Nothing that is there is changed; what is wrong with the file writes nothing.\n' +
    'Where a name of a list holds a comma, the list is JSON: --labels \'["yes, but", "no"]\'; of a data set also an object:\n' +
    '--labels \'{"Yes, partly": "yes, but"}\'.',
  options: {
    file: { value: 'FILE', help: 'of a data set: CSV, TSV, JSONL or JSON (with --reader: any)' },
    test: { value: 'FILE', help: 'of a data set: test rows, under the same columns; --file is then train' },
    task: { value: 'NAME', help: 'of a data set: what is asked (default: a new task, as the file looks)' },
    columns: {
      value: 'WHAT=COLUMN,...',
      help: 'of a data set: columns whose names do not tell; WHAT is gold, id, a field or a key',
    },
    labels: {
      value: 'A,B,...',
      help: 'of a task (one-of, some-of); of a data set WORD=LABEL,... what the file calls them',
    },
    types: { value: 'A,B,...', help: 'of a task of spans, and of its data sets: as --labels of the others' },
    fields: { value: 'X,Y', help: 'the texts of a row: of a data set’s new task, its columns' },
    keys: {
      value: 'K,L',
      help: 'of a new task: what rows may share, such as patient; of a data set its column by --columns',
    },
    measure: { value: 'ID', help: 'of a task: its main measure (default: the first of its shape)' },
    range: { value: 'LOW,HIGH', help: 'of a task whose answers are numbers (default: 0,1)' },
    shape: { value: 'SHAPE', help: 'of a task: one-of (default), some-of, number, spans or text' },
    format: { value: 'FORMAT', help: 'csv, tsv, jsonl or json (default: by the ending of the file)' },
    'no-header': { help: 'the first row is data; columns are then named by number' },
    reader: {
      help: 'of a data set with a format of its own: also a reader to be written, with a failing test',
    },
    datasets: { value: 'NAME,...', help: 'of a study' },
  },
  async run(given) {
    const [kind, name, ...others] = given.names;
    const make = { dataset: newDataset, task: newTask, study: newStudy }[kind ?? ''];
    if (!make || name === undefined || others.length > 0) {
      const near = make || kind === undefined ? undefined : nearest(kind, ['dataset', 'task', 'study']);
      throw new UserError('new takes dataset, task or study, and one name', {
        hint: `${near === undefined ? '' : `Did you mean "${near}"? `}For example: npx small-claims new dataset my-data --file my.csv`,
      });
    }
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
      throw new UserError(`nothing can be called "${name}"`, {
        hint: 'Small letters, digits and dashes make a name, such as my-data.',
      });
    await make(name, given);
  },
};
export default newEntry;

async function newDataset(name: string, given: Arguments): Promise<void> {
  const [{ projectPaths }, { findTask, knownTasks }, { writeDraft }, { loadBuild }] = await Promise.all([
    import('../../project/paths.js'),
    import('../../tasks/task.js'),
    import('../scaffold/draft.js'),
    import('../../datasets/builds.js'),
  ]);
  const paths = projectPaths();
  const asked = textOption(given, 'task') ?? (knownTasks(paths).has(name) ? name : undefined);
  const task = asked === undefined ? undefined : findTask(asked, paths);
  const [file, test] = [textOption(given, 'file'), textOption(given, 'test')];
  if (given.options['reader'] === true) return newReader(name, task, { file, test }, paths);
  if (file === undefined)
    throw new UserError('a data set is written after a look at its file', {
      hint: 'Name it with --file FILE; one with a format of its own takes --reader too, and needs no file.',
    });
  const [{ draftDataset }, { answersText, columnsText }, { TABLE_FORMATS }] = await Promise.all([
    import('../scaffold/dataset-draft.js'),
    import('../scaffold/dataset-summary.js'),
    import('../../datasets/formats/table.js'),
  ]);
  const draft = await draftDataset(
    {
      name,
      files: splitFiles(file, test),
      task,
      shape: shapeOption(given),
      fields: listOption(given, 'fields'),
      keys: listOption(given, 'keys'),
      columns: pairsOption(given, 'columns'),
      labels: { ...pairsOption(given, 'labels'), ...pairsOption(given, 'types') },
      format: oneOf(given, 'format', TABLE_FORMATS),
      header: given.options['no-header'] === true ? false : undefined,
    },
    paths,
  );
  const builds = Object.keys(draft.rows).map((split) => `${name}/rows/${split}` as const);
  const written = await writeDraft(draft, paths, async () => {
    for (const build of builds) await loadBuild(build, { paths });
  });
  console.log(visible(columnsText(draft)));
  for (const [split, rows] of Object.entries(draft.rows))
    console.log(visible(answersText(split, rows, draft.task)));
  for (const note of draft.notes) console.error(visible(note));
  const [first, second] = builds;
  const { task: drafted, isNewTask } = draft;
  const [tested, target] = [second && ` --test ${second}`, drafted.shape === 'some-of' && ' --target LABEL'];
  tell(written, [
    isNewTask &&
      `look over what is asked: the task and the prompt "${name}", made after the file, whose answers look like ${drafted.shape} (else say --shape)`,
    isNewTask &&
      drafted.shape === 'number' &&
      `correct by hand the range ${drafted.range.join(' to ')} in data/tasks.yaml and the prompt: it is guessed from the file`,
    `fill in title and licence of "${name}" in data/datasets.yaml`,
    `npx small-claims rows ${name} --show 3`,
    (drafted.shape === 'one-of' || drafted.shape === 'some-of') &&
      `npx small-claims audit ${first}${tested ?? ''}${target || ''}`,
    second && `npx small-claims new study ${name} --datasets ${name}`,
  ]);
}

/** A data set with a reader to be written, whose files need not be at hand. */
async function newReader(
  name: string,
  task: Task | undefined,
  { file, test }: { readonly file: string | undefined; readonly test: string | undefined },
  paths: Paths,
): Promise<void> {
  const [{ knownTasks }, { draftReader }, { readBytes }, { writeDraft }] = await Promise.all([
    import('../../tasks/task.js'),
    import('../scaffold/reader-draft.js'),
    import('../../datasets/text.js'),
    import('../scaffold/draft.js'),
  ]);
  if (!task)
    throw new UserError('a reader makes rows of a task: which, --task says', {
      hint: `There are ${[...knownTasks(paths).keys()].join(', ')}; a new one: npx small-claims new task NAME`,
    });
  const given = Object.entries(splitFiles(file, test)).map(([split, path]) => [
    split,
    { path, bytes: Buffer.from(readBytes(path)) },
  ]);
  const draft = draftReader(name, task, Object.fromEntries(given), paths);
  const written = await writeDraft(draft, paths, () => {});
  tell(written, [
    `put made-up lines in the form of the files into lib/test/datasets/fixtures/${name}.txt`,
    `say in lib/test/datasets/${name}.test.ts what rows they are, and write the reader until it passes:`,
    `  node node_modules/typescript/bin/tsc -b lib/test && node --test build/test/datasets/${name}.test.js`,
    `npx small-claims rows ${name} --show 3`,
    'say in data/README.md what the data set is, where it is from and what is odd about it',
  ]);
}

async function newTask(name: string, given: Arguments): Promise<void> {
  const [{ projectPaths }, { findPrompt }, { keyNames, outlinedTask, taskEntries }, { writeDraft }] =
    await Promise.all([
      import('../../project/paths.js'),
      import('../../tasks/prompt.js'),
      import('../scaffold/task-draft.js'),
      import('../scaffold/draft.js'),
    ]);
  const paths = projectPaths();
  const [low, high, ...more] = (listOption(given, 'range') ?? ['0', '1']).map(Number);
  if (low === undefined || high === undefined || !(low < high) || more.length > 0)
    throw new UserError('--range takes two numbers, the lower first: --range 0,4');
  const types = listOption(given, 'types');
  const shape = shapeOption(given) ?? (types ? 'spans' : 'one-of');
  if (types && shape !== 'spans')
    throw new UserError(`--types are of spans, and the shape is ${shape}`, {
      hint: 'One-of and some-of have --labels.',
    });
  const labels = types ?? listOption(given, 'labels');
  if (shape === 'spans' && !labels)
    throw new UserError('spans have types: which, --types says', { hint: 'For example: --types Drug,Dose' });
  if ((shape === 'one-of' || shape === 'some-of') && !labels)
    throw new UserError(`the shape ${shape} has labels: which, --labels says`, {
      hint: 'For example: --labels yes,no,maybe',
    });
  const task = outlinedTask({
    name,
    shape,
    labels,
    fields: listOption(given, 'fields'),
    keys: keyNames(listOption(given, 'keys')),
    range: [low, high],
    measure: textOption(given, 'measure'),
  });
  const written = await writeDraft({ entries: taskEntries(task, paths), files: [] }, paths, () =>
    findPrompt(name, paths),
  );
  tell(written, [
    `look over the task "${name}" in data/tasks.yaml and its prompt in data/prompts.yaml`,
    `npx small-claims new dataset DATASET --task ${name} --file FILE`,
  ]);
}

async function newStudy(name: string, given: Arguments): Promise<void> {
  const [{ projectPaths }, { openStudy }, { draftStudy }, { writeDraft }] = await Promise.all([
    import('../../project/paths.js'),
    import('../../study/study.js'),
    import('../scaffold/study-draft.js'),
    import('../scaffold/draft.js'),
  ]);
  const paths = projectPaths();
  const draft = draftStudy(name, listOption(given, 'datasets') ?? ['scifact'], paths);
  const written = await writeDraft(draft, paths, () => openStudy(name, paths));
  tell(written, [
    `npx small-claims plan ${name}     what it would take, and what is missing here`,
    `STUDY=${name} make records`,
  ]);
}

/** @param next what is to be done; what is false or undefined is not. */
function tell(written: readonly string[], next: readonly (string | false | undefined)[]): void {
  for (const each of written) console.log(`written: ${each}`);
  console.log(['next:', ...next.filter((each) => !!each).map((each) => `  ${each}`)].join('\n'));
}

/** Files by split. */
function splitFiles(file: string | undefined, test: string | undefined): Readonly<Record<string, string>> {
  if (test === undefined) return file === undefined ? {} : { all: file };
  if (file === undefined) throw new UserError('--test goes with --file, the file of the training rows');
  return { train: file, test };
}

const shapeOption = (given: Arguments) =>
  oneOf(given, 'shape', ['one-of', 'some-of', 'number', 'spans', 'text']);
