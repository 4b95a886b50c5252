import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { canonicalJson, type Sha256, sha256 } from '../project/digest.js';
import { UserError } from '../project/error.js';
import { noteEntry } from '../project/ledger.js';
import { alternatives } from '../project/nearest.js';
import { normalised } from '../project/normalise.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';
import { measureIds } from './measure-ids.js';

const word = z.string().regex(/\S/, 'is empty');
const name = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]*$/, 'must begin with a lower-case letter, then letters and digits')
  .refine((field) => !(field in {}), 'is what every object has: take another name');
/** What answers are called. Files and models are read with their white space normalised. */
const answer = z
  .string({ error: 'must be text: a number or a word such as true or null needs quotes' })
  .regex(/^\S+(?: \S+)*$/, 'must have no space at its ends, no line break and no two spaces together');
/** Names of answers. Models are read in any case, so that those which differ in it alone are one. */
const several = (least: number) =>
  z
    .array(answer)
    .min(least)
    .superRefine((items, context) => {
      const forms = items.map((item) => normalised(item, 'NFKC').toLowerCase());
      for (const [index, form] of forms.entries()) {
        const first = items[forms.indexOf(form)];
        if (forms.indexOf(form) === index) continue;
        const message = first === items[index] ? 'is given twice' : `differs from "${first}" in case alone`;
        context.addIssue({ code: 'custom', path: [index], message: `"${items[index]}" ${message}` });
      }
    });

const described = {
  title: word,
  /** What is asked, as in "the adapter answers ...". */
  question: word,
  /** The texts of a row, in the order in which tables and audits name them; `optional`: may be empty. */
  fields: z
    .record(name, z.strictObject({ optional: z.boolean().default(false) }))
    .refine((fields) => Object.keys(fields).length > 0, 'names no field'),
  /** What rows may share, and what facts records call it: `...Id` where each row has one, `...Ids` where it may have several. */
  keys: z
    .record(name, z.string().regex(/^[a-z][a-zA-Z0-9]*Ids?$/, 'must end in Id (one a row) or Ids (several)'))
    .refine((keys) => new Set(Object.values(keys)).size === Object.keys(keys).length, 'calls two keys alike')
    .default({}),
  /** Its main measure, by id; default: the first of its shape. */
  measure: word.optional(),
};

const schema = z.record(
  z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be kebab-case'),
  z
    .discriminatedUnion('shape', [
      /** One label of several, in the order of every table. */
      z.strictObject({ ...described, shape: z.literal('one-of'), labels: several(2) }),
      /** Any number of labels, also none. */
      z.strictObject({ ...described, shape: z.literal('some-of'), labels: several(2) }),
      /** A number of a range, written with so many decimals. */
      z
        .strictObject({
          ...described,
          shape: z.literal('number'),
          range: z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'must rise'),
          digits: z.int().min(0).max(6).default(1),
        })
        // Else an answer at its end is rounded to one outside.
        .refine(
          ({ range, digits }) =>
            !(digits >= 0 && digits <= 6) || range.every((end) => Number(end.toFixed(digits)) === end),
          {
            path: ['range'],
            message: 'its ends have more decimals than `digits` (default: 1)',
          },
        ),
      /** Stretches of the first field, each of a type. */
      z.strictObject({ ...described, shape: z.literal('spans'), types: several(1) }),
      /** A text of one's own words. */
      z.strictObject({ ...described, shape: z.literal('text') }),
    ])
    .superRefine(({ measure, ...task }, context) => {
      const known = measureIds(task);
      if (measure === undefined || known.includes(measure)) return;
      context.addIssue({
        code: 'custom',
        path: ['measure'],
        message: `a task of the shape ${task.shape} has no measure "${measure}"`,
        params: { hint: alternatives(measure, known) },
      });
    }),
);

/** An entry of `data/tasks.yaml`. */
type TaskEntry = z.output<typeof schema>[string];
/** A task: an entry of `data/tasks.yaml`, with its name. */
export type Task = TaskEntry & { readonly name: string };
export type ShapeName = Task['shape'];
/** The tasks of one shape. */
export type TaskOf<Name extends ShapeName> = Extract<Task, { readonly shape: Name }>;

/** The entries by name, to see whether there is one; no result depends on which others there are. */
export function knownTasks(paths: Paths = projectPaths()): ReadonlyMap<string, TaskEntry> {
  return new Map(Object.entries(readYaml(paths.tasksFile, schema)));
}

/**
 * A task of `data/tasks.yaml` by its name: the shape of its answers, with their labels, types or range, its fields and keys.
 *
 * @throws UserError naming the nearest, or file, line and field of a mistake in the file.
 *
 * @example
 * findTask('sentence-similarity').shape; // -> 'number'
 * findTask('sentence-similarty'); // throws The nearest is "sentence-similarity"
 */
export function findTask(wanted: string, paths: Paths = projectPaths()): Task {
  const tasks = knownTasks(paths);
  noteEntry(paths.root, paths.tasksFile, readFileSync(paths.tasksFile, 'utf8'), wanted);
  const found = tasks.get(wanted);
  if (found) return { name: wanted, ...found };
  const known = [...tasks.keys()];
  throw new UserError(`there is no task "${wanted}"`, {
    at: { file: paths.tasksFile },
    hint: alternatives(wanted, known),
  });
}

/** A hash of what in a task decides what rows and answers mean: its shape, labels or types or range, fields in order, keys. */
export function taskDigest(task: Task): Sha256 {
  const { name: _name, title: _title, question: _question, measure: _measure, fields, ...meaning } = task;
  return sha256(canonicalJson({ ...meaning, fields: Object.keys(fields) }));
}

/**
 * The labels of a task.
 *
 * @throws UserError where it has none.
 *
 * @example
 * labelsOf(findTask('biomedical-question-answering')); // -> ['yes', 'no', 'maybe']
 * labelsOf(findTask('sentence-similarity')); // throws its answers are numbers
 */
export function labelsOf(task: Task): readonly string[] {
  if (task.shape === 'one-of' || task.shape === 'some-of') return task.labels;
  throw new UserError(`the task ${task.name} has no labels: its answers are ${SAID[task.shape]}`);
}

const SAID = { number: 'numbers', spans: 'spans of a text', text: 'texts' } as const;

/** What a task's answers name: its labels, or its types of spans; nothing where they are numbers or texts. */
export const namedBy = (task: TaskEntry): readonly string[] =>
  task.shape === 'spans' ? task.types : 'labels' in task ? task.labels : [];

/** The fields of a task, in its order. */
export const fieldsOf = ({ fields }: Pick<Task, 'fields'>): readonly string[] => Object.keys(fields);
