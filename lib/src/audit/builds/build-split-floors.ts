import { type BuildName, fileStem } from '../../datasets/build-name.js';
import { buildHeader, loadBuild, taskOf } from '../../datasets/builds.js';
import { buildFacts, type FactsRow } from '../../datasets/facts.js';
import { split } from '../../datasets/split.js';
import { mostProbableClasses } from '../../learners/targets.js';
import { scores } from '../../metrics/measure.js';
import { findMeasure } from '../../metrics/measures/measures.js';
import { type Paths, projectPaths } from '../../project/paths.js';
import { openRecords, type Records, type SealedRecord } from '../../records/store.js';
import { labelled } from '../../tasks/row.js';
import { shapeOf } from '../../tasks/shape-of.js';
import { fieldsOf, labelsOf } from '../../tasks/task.js';
import { readBy, textsOf } from '../data.js';
import { inputsOf } from '../measures/partial-inputs.js';
import { follow, lengthOf, majorityRule, overlapOf, thresholdRule } from '../rules.js';
import { BASELINE_SETTINGS, fitBaseline } from './build-baseline.js';

/** What a floor reaches in one draw of a split. */
export interface SplitFloorRow {
  /** `by/draw/floor`. */
  readonly id: string;
  /** What is never on both sides: `row`, a key of the task, or `all`. */
  readonly by: string;
  readonly draw: number;
  /** `majority`, `evidence-length`, `overlap`, a field, or `both`. */
  readonly floor: string;
  /** Macro-F1 on the rows held out, 0..1, to six decimals. */
  readonly macroF1: number;
}

/** Raised with every change to the code that changes a row. */
const VERSION = 1;

/** How a build is divided: rows to learn from, and how often. */
export interface Splits {
  readonly build: BuildName;
  readonly size: number;
  readonly draws: number;
}

/** The header and name of a record of floors. @throws UserError if there is no such build. @internal */
export const splitFloorsRecord = ({ build, size, draws }: Splits, paths: Paths = projectPaths()) => ({
  header: {
    kind: 'floors' as const,
    version: VERSION,
    strength: BASELINE_SETTINGS.strength,
    size,
    draws,
    build: buildHeader(build, paths),
  },
  name: `floors/${fileStem(build)}`,
});

/**
 * What compares no texts reaches on rows held out of a build, by what is kept whole: rules and classifiers of words, fitted on
 * `size` rows and tried on the others, in draws of seeds 1, 2, 3 and on, by row, by each key of the task and by all of them.
 * From the records, or computed if the data can be had.
 *
 * @throws UserError if there is no such build, or neither a record nor the data.
 *
 * @example
 * const { rows } = await buildSplitFloors({ build: 'scifact/rationales/train', size: 1008, draws: 10 });
 * rows.filter(({ by, floor }) => by === 'row' && floor === 'both').length; // -> 10
 */
export function buildSplitFloors(
  splits: Splits,
  paths: Paths = projectPaths(),
  records: Records = openRecords(paths),
): Promise<SealedRecord<SplitFloorRow>> {
  const { build, size, draws } = splits;
  return records.ensure({
    ...splitFloorsRecord(splits, paths),
    async compute() {
      const task = taskOf(build, paths);
      const [fields, labels] = [fieldsOf(task), labelsOf(task)];
      const [macroF1] = [findMeasure('macro-f1', task)];
      const texts = new Map(labelled(await loadBuild(build, { paths })).map((row) => [row.id, row]));
      const { rows } = await buildFacts(build, paths);
      const withText = (some: readonly FactsRow[]) => some.flatMap(({ id }) => texts.get(id) ?? []);
      const [first = '', second] = fields;
      const found: SplitFloorRow[] = [];
      for (const by of ['row', ...Object.keys(task.keys), 'all']) {
        for (let draw = 1; draw <= draws; draw++) {
          const { train, held } = split(rows, { size, seed: draw, stratify: shapeOf(task), group: by });
          const [learnt, tried] = [withText(train), withText(held)];
          const golds = held.map(({ gold }) => gold);
          const add = (floor: string, predicted: readonly string[]) => {
            const [score = 0] = scores([macroF1], golds, predicted);
            found.push({
              ...{ id: `${by}/${draw}/${floor}`, by, draw, floor },
              macroF1: Number(score.toFixed(6)),
            });
          };
          add('majority', follow(majorityRule(train, labels), held));
          add(
            `${second ?? first}-length`,
            follow(thresholdRule(train, lengthOf(second ?? first), labels), held),
          );
          if (second) add('overlap', follow(thresholdRule(train, overlapOf(first, second), labels), held));
          for (const input of inputsOf(fields)) {
            const model = fitBaseline(input, { fields, labels, train: learnt });
            const logprobs = model.logprobs(textsOf(tried, readBy(input, fields)));
            add(
              input,
              Array.from(mostProbableClasses(logprobs, labels.length), (label) => labels[label] ?? ''),
            );
          }
        }
      }
      return found;
    },
  });
}
