import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { UserError } from '../project/error.js';
import { noteEntry } from '../project/ledger.js';
import { alternatives, noSuch } from '../project/nearest.js';
import { type Paths, projectPaths } from '../project/paths.js';
import { readYaml } from '../project/yaml.js';
import { type Row, textOf } from './row.js';
import { type AnswerWords, type Shape, wordOf } from './shape.js';
import { shapeOf } from './shape-of.js';
import { fieldsOf, findTask, knownTasks, namedBy, type Task } from './task.js';

/** A model is given it as it is: no control character stands in it but line breaks and tabs. */
const shown = z
  .string()
  .refine((text) => !/[^\P{Cc}\n\t]/u.test(text), 'holds a control character that is not seen');
const words = shown.regex(/\S/, 'is empty');
const answer = words.max(1000, { abort: true });

const entry = z.strictObject({
  /** A name of `data/tasks.yaml`. */
  task: words,
  /** Said first; a model that was trained on the prompt may need none. */
  instruction: words.optional(),
  /** What stands before each field, in the order in which a model reads them. */
  fields: z.record(words, shown).refine((fields) => Object.keys(fields).length > 0, 'names no field'),
  question: words,
  /** The word for each label or type; default, of all of them: itself. */
  answers: z.record(words, answer).default({}),
  /** What is written where there is nothing to name. */
  none: answer.default('none'),
  /** Of a task whose answers are generated: the most tokens of one. */
  answerTokens: z.int().positive().default(16),
});

/** The entries by name, each held to its task. */
function knownPrompts(paths: Paths): ReadonlyMap<string, z.output<typeof entry>> {
  const tasks = knownTasks(paths);
  const held = entry.superRefine(({ task: name, fields, answers, none }, context) => {
    const task = tasks.get(name);
    const flaw = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (!task) return flaw(['task'], noSuch('task', name, [...tasks.keys()]));
    for (const [part, given, known] of [
      ['fields', fields, fieldsOf(task)],
      ['answers', answers, namedBy(task)],
    ] as const) {
      for (const key of Object.keys(given).filter((each) => !known.includes(each)))
        flaw([part, key], `not of the task ${name}, which has ${known.join(', ') || 'none'}`);
    }
    for (const [field, { optional }] of Object.entries(task.fields)) {
      if (!optional && !Object.hasOwn(fields, field))
        flaw(['fields'], `"${field}" of the task ${name} is missing: a model would not be shown it`);
    }
    const without = namedBy(task).filter((label) => !Object.hasOwn(answers, label));
    if (Object.keys(answers).length > 0 && without.length > 0)
      return flaw(['answers'], `no word for ${without.join(', ')}: name all, or none to call each as it is`);
    for (const { label, written, said } of unreadable({ name, ...task }, { answers, none }))
      flaw(
        label === undefined ? ['none'] : ['answers', label],
        `an answer "${written}" would be read as ${said}: no two labels may have the same word, in any case, none may have the word for none ("${none}"), ` +
          `and no word may hold a line break${SIGNS[task.shape] ?? ''}`,
      );
  });
  return new Map(Object.entries(readYaml(paths.promptsFile, z.record(words, held))));
}

/** What parts the words of an answer, by shape. */
const SIGNS: Readonly<Record<string, string>> = { 'some-of': ', comma or semicolon', spans: ' or colon' };

/** Labels or types whose word is not read back as what it was written for; undefined is the word for none. */
function unreadable(task: Task, words: AnswerWords) {
  const shape = shapeOf(task);
  const texts = Object.fromEntries(fieldsOf(task).map((field) => [field, 'x']));
  const labels = namedBy(task);
  return shape.named.flatMap((gold, index) => {
    const written = shape.write({ id: '', gold, keys: {}, texts }, words);
    const read = shape.read(written, { texts }, words);
    if (JSON.stringify(read) === JSON.stringify(gold)) return [];
    const label = labels[index + labels.length - shape.named.length];
    const said = read === undefined ? 'nothing' : JSON.stringify(read);
    return [{ label, written: label === undefined ? written : wordOf(label, words), said }];
  });
}

/** A prompt as data: an entry of `data/prompts.yaml`, with its task. */
export interface Prompt extends AnswerWords {
  readonly name: string;
  readonly task: Task;
  readonly shape: Shape;
  /** Ends with one line break, as every part does: a token then never spans two parts. Empty where there is none. */
  readonly instruction: string;
  readonly question: string;
  /** What stands before each field, in the order in which a model reads them. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of a task whose answers are generated: the most tokens of one. */
  readonly answerTokens: number;
}

/** The names of all prompts. */
export const promptNames = (paths: Paths = projectPaths()): readonly string[] => [
  ...knownPrompts(paths).keys(),
];

/** The first prompt of a task, if it has any. */
export function firstPromptOf(task: Pick<Task, 'name'>, paths: Paths = projectPaths()): string | undefined {
  noteEntry(paths.root, paths.promptsFile, readFileSync(paths.promptsFile, 'utf8'), '');
  return [...knownPrompts(paths)].find(([, prompt]) => prompt.task === task.name)?.[0];
}

/**
 * A prompt of `data/prompts.yaml` by its name: instruction, what stands before each field, question, and the words of the
 * answers.
 *
 * @throws UserError naming the nearest, or file, line and field of a mistake: a task that there is not, a field or a
 *   label that its task has not.
 *
 * @example
 * Object.values(findPrompt('true-false-unknown').answers); // -> ['True', 'False', 'Unknown']
 * findPrompt('true-fals-unknown'); // throws The nearest is "true-false-unknown"
 */
export function findPrompt(name: string, paths: Paths = projectPaths()): Prompt {
  const prompts = knownPrompts(paths);
  noteEntry(paths.root, paths.promptsFile, readFileSync(paths.promptsFile, 'utf8'), name);
  const found = prompts.get(name);
  if (!found) {
    const known = [...prompts.keys()];
    throw new UserError(`there is no prompt "${name}"`, {
      at: { file: paths.promptsFile },
      hint: alternatives(name, known),
    });
  }
  const task = findTask(found.task, paths);
  const instruction = found.instruction === undefined ? '' : `${found.instruction}\n`;
  return { name, ...found, instruction, task, shape: shapeOf(task) };
}

/**
 * The fields of a prompt in the order in which a model reads them.
 *
 * @example
 * promptFields(findPrompt('true-false-unknown')); // -> ['evidence', 'claim']
 */
export const promptFields = ({ fields }: Pick<Prompt, 'fields'>): readonly string[] => Object.keys(fields);

/**
 * A field's part of a prompt: its lead and the row's text, ended by a line break; no space after its lead where the row
 * has no such text.
 *
 * @example
 * fieldPart(findPrompt('true-false-unknown'), 'claim', 'Tea lengthens sleep.'); // -> 'Claim: Tea lengthens sleep.\n'
 */
export function fieldPart({ fields }: Pick<Prompt, 'fields'>, field: string, text: string): string {
  return `${[fields[field], text].filter(Boolean).join(' ')}\n`;
}

/** The parts of all fields of a row, in the prompt's order. */
export const fieldParts = (prompt: Pick<Prompt, 'fields'>, row: Pick<Row, 'texts'>): readonly string[] =>
  promptFields(prompt).map((field) => fieldPart(prompt, field, textOf(row, field)));
