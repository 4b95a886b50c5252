import { UserError } from '../../project/error.js';
import { alternatives as nearestOf } from '../../project/nearest.js';
import type { Paths } from '../../project/paths.js';
import { capital } from '../../reporting/format.js';
import { measureIds } from '../../tasks/measure-ids.js';
import { namedBy, type ShapeName, type Task } from '../../tasks/task.js';
import { entryText, type NewEntry } from './draft.js';

/** What is told of a new task; what is not is for the user to fill in. */
export interface TaskOutline {
  readonly name: string;
  readonly shape: ShapeName;
  /** Of one-of and some-of the labels, of spans the types. */
  readonly labels?: readonly string[] | undefined;
  readonly fields?: readonly string[] | undefined;
  /** By key what facts records call it. */
  readonly keys?: Readonly<Record<string, string>> | undefined;
  readonly range?: readonly [number, number] | undefined;
  /** Decimals of numbers. Default 1. */
  readonly digits?: number | undefined;
  /** The id of its main one. */
  readonly measure?: string | undefined;
}

/** Keys by what facts records call them: one value a row. @throws UserError for a name of another form. */
export function keyNames(keys: readonly string[] = []): Readonly<Record<string, string>> {
  const odd = keys.find((key) => !/^[a-z][a-zA-Z0-9]*$/.test(key));
  if (odd === undefined) return Object.fromEntries(keys.map((key) => [key, `${key}Id`]));
  throw new UserError(`a key cannot be called "${odd}"`, {
    hint: 'A key begins with a small letter, then letters and digits: --keys patient; its column is told by --columns patient=COLUMN.',
  });
}

/** A task out of what is told of it. @throws UserError for labels that its shape has not, or a name of another form. */
export function outlinedTask(outline: TaskOutline): Task {
  const {
    name,
    shape,
    labels,
    fields = ['text'],
    keys = {},
    range: [low, high] = [0, 1],
    digits = 1,
    measure,
  } = outline;
  const known = measureIds({ shape, labels: labels ?? [], types: labels ?? [] });
  if (measure !== undefined && !known.includes(measure))
    throw new UserError(`a task of the shape ${shape} has no measure "${measure}"`, {
      at: { field: '--measure' },
      hint: nearestOf(measure, known),
    });
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new UserError(`a task cannot be called "${name}"`, {
      hint: 'Small letters, digits and dashes make a name.',
    });
  const odd = fields.find((field) => !/^[a-z][a-zA-Z0-9]*$/.test(field));
  if (odd !== undefined)
    throw new UserError(`a field cannot be called "${odd}"`, {
      hint: 'A field begins with a small letter, then letters and digits: --fields claim,evidence',
    });
  if (labels && (shape === 'number' || shape === 'text'))
    throw new UserError(`answers of the shape ${shape} have no labels`);
  if (labels && new Set(labels).size < labels.length) throw new UserError('a label is given twice');
  const described = {
    name,
    title: capital(name.replaceAll('-', ' ')),
    question: `what the ${fields.join(' and the ')} ${fields.length > 1 ? 'say' : 'says'}`,
    fields: Object.fromEntries(fields.map((field) => [field, { optional: false }])),
    keys: { ...keys },
    ...(measure !== undefined && { measure }),
  };
  switch (shape) {
    case 'one-of':
    case 'some-of':
      return { ...described, shape, labels: [...(labels ?? [])] };
    case 'spans':
      return { ...described, shape, types: [...(labels ?? [])] };
    case 'number':
      return { ...described, shape, range: [low, high], digits };
    case 'text':
      return { ...described, shape };
  }
}

/** What the entry of a task without keys says of them. */
const KEYS_STUB =
  '  # What rows may share, such as a patient, so that splits, leak checks and intervals know of it:\n  # keys: { patient: patientId }\n';

/** The entries of a new task and of a prompt for it. */
export function taskEntries(task: Task, paths: Paths): readonly NewEntry[] {
  const { name, fields, keys, ...others } = task;
  const { title, question, ...shaped } = others;
  const written = {
    title,
    question,
    ...shaped,
    fields: Object.fromEntries(
      Object.entries(fields).map(([field, { optional }]) => [field, optional ? { optional } : {}]),
    ),
    ...(Object.keys(keys).length > 0 && { keys }),
  };
  const comments = {
    question: 'As in "the adapter answers ...".',
    fields:
      'The texts of a row, the one that is asked about first; { optional: true } where one may be empty.',
    keys: 'What rows may share, by what facts records call it: ...Id where a row has one, ...Ids where it may have several.',
  };
  const words = namedBy(task).map((label) => [label, wordFor(task, label)] as const);
  const isPlain = task.shape === 'spans' && words.every(([label, word]) => label === word);
  const prompt = {
    task: name,
    instruction: instructionOf(task),
    fields: Object.fromEntries(
      Object.keys(fields)
        .toReversed()
        .map((field) => [field, `${capital(field)}:`]),
    ),
    question: askedOf(task),
    ...(words.length > 0 && !isPlain && { answers: Object.fromEntries(words) }),
    ...(task.shape === 'one-of' ? {} : { answerTokens: task.shape === 'number' ? 8 : 64 }),
  };
  return [
    {
      file: paths.tasksFile,
      name,
      text:
        entryText(name, written, {
          comments,
          flat: [
            'labels',
            'types',
            'range',
            'keys',
            ...Object.keys(fields).map((field) => `fields.${field}`),
          ],
        }) + (Object.keys(keys).length > 0 ? '' : KEYS_STUB),
    },
    {
      file: paths.promptsFile,
      name,
      text: entryText(name, prompt, {
        comments: {
          fields:
            'In the order in which a model reads them. A text that many rows have in common, such as an abstract, goes first: it is then read once for all of them.',
          answers:
            task.shape === 'one-of'
              ? 'The word for each label; their first tokens must differ in a model’s vocabulary.'
              : `The word for each ${task.shape === 'spans' ? 'type' : 'label'}, as a model is to write it.`,
          answerTokens: 'The most tokens of an answer.',
        },
        flat: ['fields', 'answers'],
      }),
    },
  ];
}

/** A label as a model can write it: without the signs that part the words of an answer. */
const wordFor = ({ shape }: Task, label: string) =>
  shape === 'one-of'
    ? label
    : label.replace(shape === 'spans' ? /(?<!\s)\s*:\s*/g : /(?<!\s)\s*[,;]\s*/g, ' ').trim();

/** Said to a small model: short, one instruction. */
function instructionOf(task: Task): string {
  const words = namedBy(task).map((label) => wordFor(task, label));
  const texts = Object.keys(task.fields)
    .map((field) => `the ${field}`)
    .join(' and ');
  switch (task.shape) {
    case 'one-of':
      return `Read ${texts}. Answer ${alternatives(task.labels)}.`;
    case 'some-of':
      return `Which of these fit ${texts}: ${words.join(', ')}? Copy the names that fit, with commas between them. If none fits, write none.`;
    case 'number':
      return `Read ${texts}. Answer with a number from ${task.range.join(' to ')}.`;
    case 'spans':
      return `Copy what ${texts} names, each on a line of its own in the form ${words
        .slice(0, 2)
        .map((word) => `"${word}: name"`)
        .join(' or ')}. The kinds are ${listed(words)}. If it names none, write none.`;
    case 'text':
      return `Read ${texts} and write the answer.`;
  }
}

function askedOf(task: Task): string {
  switch (task.shape) {
    case 'one-of':
      return `Answer with one of these: ${listed(task.labels)}.`;
    case 'some-of':
      return 'Names that fit, or none:';
    case 'number':
      return 'Answer with a number alone.';
    case 'spans':
      return `Lines in the form "${wordFor(task, task.types[0] ?? '')}: name", or none:`;
    case 'text':
      return 'Answer:';
  }
}

const alternatives = (words: readonly string[]) =>
  words.length < 2 ? words.join() : `${listed(words.slice(0, -1))} or ${words.at(-1)}`;

const listed = (words: readonly string[]) =>
  words.join(words.some((word) => word.includes(',')) ? '; ' : ', ');
