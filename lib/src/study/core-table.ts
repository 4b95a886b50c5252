import type { SeedScore } from '../metrics/seeds.js';
import type { QuotedFigure } from '../reporting/quoted.js';
import type { Cell, TableContent } from '../reporting/table.js';
import { LABELS } from '../tasks/example.js';
import type { CoreRow } from './core-rows.js';

const percent = { format: 'percent' } as const;

const COLUMNS = [
  { id: 'test', title: 'Test set' },
  { id: 'model', title: 'Model' },
  { id: 'method', title: 'Method' },
  { id: 'seeds', title: 'Seeds', format: 'count' },
  { id: 'macro-f1', title: 'Macro-F1', ...percent },
  { id: 'seed-deviation', title: 'SD over seeds', ...percent },
  { id: 'sampling-error', title: 'SE over test rows', ...percent },
  { id: 'accuracy', title: 'Accuracy', ...percent },
  ...LABELS.map((label) => ({ id: `f1-${label.toLowerCase()}`, title: `F1 ${label}`, ...percent })),
  { id: 'unanswered', title: 'Unanswered, all seeds', format: 'count' },
] as const;

/**
 * The core table's columns and rows, ready for `publishTable`. Beside macro-F1, in points of a percent: the standard
 * deviation of single trainings over seeds, and the standard error for other test rows. The test set is a column where there are several; what no
 * row has, such as seeds of models that were not trained, is none.
 */
export function coreTable(rows: readonly CoreRow[]): Pick<TableContent, 'columns' | 'rows' | 'notes'> {
  const cells = rows.map(coreCells);
  const tests = new Set(rows.map(({ test }) => test));
  const columns = COLUMNS.filter(({ id }) => {
    if (id === 'test') return tests.size > 1;
    if (id === 'unanswered') return cells.some((row) => row[id] !== undefined && row[id] !== 0);
    return id === 'macro-f1' || cells.some((row) => row[id] !== undefined);
  });
  return {
    columns,
    rows: cells.map((row) => columns.map(({ id }) => row[id] ?? null)),
    notes: coreNotes(rows),
  };
}

/** By column; what is not there is left out. */
function coreCells(row: CoreRow): Readonly<Record<string, Cell | undefined>> {
  const { test, model } = row;
  const taught = row.trainedOn === undefined ? row.method : `${row.method} on ${row.trainedOn}`;
  const name = { test, model, method: row.state === 'quoted' ? `${taught} (quoted)` : taught };
  if (row.state === 'not run') return { ...name, 'macro-f1': 'not run' };
  if (row.state === 'quoted') {
    const of = (measure: QuotedFigure['measure']): Cell | undefined => {
      const figure = row.figures.find((each) => each.measure === measure);
      return figure && figure.value / 100;
    };
    const f1 = LABELS.map((label) => [`f1-${label.toLowerCase()}`, of(`F1 ${label}`)] as const);
    return { ...name, 'macro-f1': of('macro-F1'), accuracy: of('accuracy'), ...Object.fromEntries(f1) };
  }
  const { macroF1, accuracy, f1 } = row.scores;
  const cell = ({ mean, interval }: SeedScore): Cell => ({ number: mean, interval });
  return {
    ...name,
    seeds: row.seeds.every((seed) => seed === undefined) ? undefined : row.seeds.length,
    'macro-f1': cell(macroF1),
    'seed-deviation': macroF1.seedDeviation,
    'sampling-error': macroF1.samplingError,
    accuracy: cell(accuracy),
    ...Object.fromEntries(LABELS.map((label) => [`f1-${label.toLowerCase()}`, f1[label].mean])),
    unanswered: row.refused + row.unparsable,
  };
}

function coreNotes(rows: readonly CoreRow[]): readonly string[] {
  const runs = rows.filter((row) => row.state === 'run');
  const [refused, unparsable] = [runs.map((row) => row.refused), runs.map((row) => row.unparsable)].map(
    (counts) => counts.reduce((sum, count) => sum + count, 0),
  );
  const short = runs.filter((row) => row.missingSeeds.length > 0);
  return [
    ...(runs.some((row) => row.seeds.length > 1)
      ? [
          'Of several seeds the mean; intervals and SE are those of other test rows, for the models as they were trained, and say nothing of other seeds. SD: of single trainings; from two or three seeds it is rough.',
        ]
      : []),
    ...(refused || unparsable
      ? [`Unanswered rows count as wrong: ${refused} refused, ${unparsable} without one of the labels.`]
      : []),
    ...(rows.some(({ state }) => state === 'not run')
      ? [
          'Not run: nobody has made the record (make records; make adapters where an adapter is to be trained).',
        ]
      : []),
    ...(rows.some(({ state }) => state === 'quoted')
      ? ['Quoted: as the other work prints it; nothing here has computed it, and its test rows may differ.']
      : []),
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
