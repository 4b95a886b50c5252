import { type RandomStream, randomStream } from 'small-claims/project/random';
import type { Gold, Row, Span } from 'small-claims/tasks/row';
import type { AnswerWords } from 'small-claims/tasks/shape';
import type { ShapeName, Task } from 'small-claims/tasks/task';

/** A task that nobody has asked yet, the words in which its answers are written, and rows of it. */
export interface MadeUp {
  readonly task: Task;
  readonly words: AnswerWords;
  readonly rows: readonly Row[];
}

export const SHAPES: readonly ShapeName[] = ['one-of', 'some-of', 'number', 'spans', 'text'];

/** A task of a shape, with so many rows of two fields and two keys; another for each seed. */
export function madeUp(shape: ShapeName, seed: number, count = 20): MadeUp {
  const random = randomStream(`made-up ${shape}`, seed);
  const labels = distinct(2 + random.below(5), () => phrase(random, 1 + random.below(3)));
  const described = {
    name: `made-up-${shape}`,
    title: 'Made up',
    question: 'whatever comes to mind',
    fields: { note: { optional: false }, hint: { optional: true } },
    keys: { patient: 'patientId', source: 'sourceIds' },
  };
  const digits = random.below(4);
  const range: [number, number] = [-random.below(10), 1 + random.below(100)];
  const task: Task = {
    'one-of': { ...described, shape: 'one-of', labels } as const,
    'some-of': { ...described, shape: 'some-of', labels } as const,
    number: { ...described, shape: 'number', range, digits } as const,
    spans: { ...described, shape: 'spans', types: labels } as const,
    text: { ...described, shape: 'text' } as const,
  }[shape];
  const some = labels.filter(() => random.below(2) === 0);
  const answers = Object.fromEntries(
    some.map((label) => [label, `${label.toUpperCase()}'s (${random.below(9)})`]),
  );
  const rows = Array.from({ length: count }, (_, index): Row => {
    const note = phrase(random, 5 + random.below(40));
    const gold: Gold = {
      'one-of': () => labels[random.below(labels.length)] ?? '',
      'some-of': () => labels.filter(() => random.below(3) === 0),
      number: () => Number((range[0] + random.next() * (range[1] - range[0])).toFixed(digits)) + 0,
      spans: () => firstMentions(note, labels, random),
      text: () => [phrase(random, 8), phrase(random, 3)],
    }[shape]();
    return {
      id: `made-up:${index}`,
      gold,
      keys: {
        patient: [`${random.below(5)}`],
        source: distinct(random.below(3), () => `${random.below(50)}`),
      },
      ...(index % 2 === 0 && { details: { page: [index, index + 1] } }),
      texts: { note, hint: index % 3 === 0 ? '' : phrase(random, 4) },
    };
  });
  return { task, words: { answers, none: 'nothing at all' }, rows };
}

/** Spans of one to three words, apart from each other, of words that stand nowhere before them. */
function firstMentions(text: string, types: readonly string[], random: RandomStream): readonly Span[] {
  const spans: Span[] = [];
  let start = 0;
  const all = text.split(' ');
  while (all.length > 0) {
    const mention = all.splice(0, 1 + random.below(3)).join(' ');
    if (random.below(3) === 0 && text.toLowerCase().indexOf(mention.toLowerCase()) === start)
      spans.push({ type: types[random.below(types.length)] ?? '', start, end: start + mention.length });
    start += mention.length + 1;
  }
  return spans;
}

const SYLLABLES = [
  'ba',
  'née',
  'tri',
  'Ω',
  'kor',
  'AS',
  'um',
  '3',
  'lo',
  'x-',
  'Мы',
  'pe',
  "o'",
  'zé',
  'q.',
  'ru',
];

/** So many words of no language, with letters of several alphabets, digits and signs. */
const phrase = (random: RandomStream, words: number): string =>
  Array.from({ length: words }, () =>
    Array.from({ length: 1 + random.below(3) }, () => SYLLABLES[random.below(SYLLABLES.length)]).join(''),
  ).join(' ');

/** So many that differ, also in other than their case. */
function distinct(count: number, next: () => string): string[] {
  const found = new Map<string, string>();
  while (found.size < count) {
    const one = next();
    found.set(one.toLowerCase(), one);
  }
  return [...found.values()];
}
