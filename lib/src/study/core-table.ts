import type { Measure } from '../metrics/measure.js';
import { findMeasure, mainMeasure, measuresOf } from '../metrics/measures/measures.js';
import { capital } from '../reporting/format.js';
import type { QuotedFigure } from '../reporting/quoted.js';
import type { Cell, Column, TableContent } from '../reporting/table.js';
import { shapeOf } from '../tasks/shape-of.js';
import type { Task } from '../tasks/task.js';
import type { CoreRow } from './core-rows.js';

/** The measures of a task that have columns: the main one, the others of its shape, and that of each label or type. */
interface Measures {
  readonly main: Measure;
  readonly others: readonly Measure[];
  readonly each: readonly Measure[];
}

/** What the core table has of a task. */
export function tableMeasures(task: Task): Measures {
  const main = mainMeasure(task);
  return {
    main,
    others: shapeOf(task).measures.flatMap((id) => (id === main.id ? [] : [findMeasure(id, task)])),
    each: measuresOf(task).filter(({ label }) => label !== undefined),
  };
}

/** `macro-F1`, `F1 LABEL`: also what quoted figures call it. */
export const heading = ({ title, label }: Measure) => (label === undefined ? title : `F1 ${label}`);

function columnsOf({ main, others, each }: Measures): readonly Column[] {
  const { format } = main;
  const column = (measure: Measure): Column => ({
    id: measure.id,
    title: capital(heading(measure)),
    format: measure.format,
  });
  return [
    { id: 'test', title: 'Test set' },
    { id: 'model', title: 'Model' },
    { id: 'method', title: 'Method' },
    { id: 'seeds', title: 'Seeds', format: 'count' },
    column(main),
    { id: 'seed-deviation', title: 'SD over seeds', format },
    { id: 'sampling-error', title: 'SE over test rows', format },
    ...[...others, ...each].map(column),
    { id: 'unanswered', title: 'Unanswered, all seeds', format: 'count' },
  ];
}

/**
 * The core table's columns and rows, ready for `publishTable`. Beside the main measure: the standard deviation of single
 * trainings over seeds, and the standard error for other test rows. The test set is a column where there are several;
 * what no row has, such as seeds of models that were not trained, is none.
 *
 * @example
 * const study = openStudy('small');
 * const { columns, rows } = coreTable(taskOf(study.tests[0].test), await floorRows(study, study.tests[0]));
 * columns.map(({ title }) => title).slice(0, 3); // -> ['Model', 'Method', 'Macro-F1']
 * rows[0].slice(0, 2); // -> ['Majority', 'floor']
 */
export function coreTable(
  task: Task,
  rows: readonly CoreRow[],
): Pick<TableContent, 'columns' | 'rows' | 'notes'> {
  const measures = tableMeasures(task);
  const cells = rows.map((row) => coreCells(row, measures));
  const tests = new Set(rows.map(({ test }) => test));
  const columns = columnsOf(measures).filter(({ id }) => {
    if (id === 'test') return tests.size > 1;
    if (id === 'unanswered') return cells.some((row) => row[id] !== undefined && row[id] !== 0);
    return id === measures.main.id || cells.some((row) => row[id] !== undefined);
  });
  return {
    columns,
    rows: cells.map((row) => columns.map(({ id }) => row[id] ?? null)),
    notes: coreNotes(task, rows),
  };
}

/** By column; what is not there is left out. */
function coreCells(
  row: CoreRow,
  { main, others, each }: Measures,
): Readonly<Record<string, Cell | undefined>> {
  const { test, model } = row;
  const taught = row.trainedOn === undefined ? row.method : `${row.method} on ${row.trainedOn}`;
  const name = { test, model, method: row.state === 'quoted' ? `${taught} (quoted)` : taught };
  if (row.state === 'not run') return { ...name, [main.id]: 'not run' };
  const by = (measures: readonly Measure[], cell: (measure: Measure) => Cell | undefined) =>
    Object.fromEntries(measures.map((measure) => [measure.id, cell(measure)]));
  if (row.state === 'quoted') {
    const quoted = (measure: Measure): Cell | undefined => {
      const figure = row.figures.find((each: QuotedFigure) => each.measure === heading(measure));
      return figure && figure.value / 100;
    };
    return { ...name, ...by([main, ...others, ...each], quoted) };
  }
  const { seedDeviation, samplingError } = row.scores.variation(main.id);
  return {
    ...name,
    seeds: row.seeds.every((seed) => seed === undefined) ? undefined : row.seeds.length,
    'seed-deviation': seedDeviation,
    'sampling-error': samplingError,
    ...by([main, ...others], ({ id }) => row.scores.of(id)),
    ...by(each, ({ id }) => {
      const { number, notDefined, note } = row.scores.of(id);
      return notDefined && note !== undefined ? { number, note } : number;
    }),
    unanswered: row.refused + row.unparsable,
  };
}

function coreNotes(task: Task, rows: readonly CoreRow[]): readonly string[] {
  const runs = rows.filter((row) => row.state === 'run');
  const [refused, unparsable] = [runs.map((row) => row.refused), runs.map((row) => row.unparsable)].map(
    (counts) => counts.reduce((sum, count) => sum + count, 0),
  );
  const { counts, lacks } = shapeOf(task).unanswered;
  const short = runs.filter((row) => row.missingSeeds.length > 0);
  return [
    ...(runs.some((row) => row.seeds.length > 1)
      ? [
          'Of several seeds the mean; intervals and SE are those of other test rows, for the models as they were trained, and say nothing of other seeds. SD: of single trainings; from two or three seeds it is rough.',
        ]
      : []),
    ...(refused || unparsable
      ? [`Unanswered rows count ${counts}: ${refused} refused, ${unparsable} ${lacks}.`]
      : []),
    ...(rows.some(({ state }) => state === 'not run')
      ? [
          'Not run: nobody has made the record (make records; make adapters where an adapter is to be trained).',
        ]
      : []),
    ...(rows.some(({ state }) => state === 'quoted')
      ? ['Quoted: as the other work prints it; nothing here has computed it, and its test rows may differ.']
      : []),
    ...new Set(rows.flatMap(({ shared = [] }) => shared)),
    ...(short.length > 0
      ? [
          `Seeds not run: ${short.map(({ missingSeeds, ...row }) => `${missingSeeds.join(', ')} of ${nameOf(row)}`).join('; ')}.`,
        ]
      : []),
  ];
}

const nameOf = ({
  model,
  method,
  trainedOn,
  test,
}: Pick<CoreRow, 'model' | 'method' | 'trainedOn' | 'test'>) =>
  [model, method, trainedOn, 'on', test].filter(Boolean).join(' ');
