import type { Browsed, BrowsedAnswer } from 'small-claims/row-browser/page-rows';
import type { Gold } from 'small-claims/tasks/row';
import type { Answer } from 'small-claims/tasks/shape';
import type { Task } from 'small-claims/tasks/task';

const described = { name: 'made-up', title: 'Made up', question: 'which', keys: {} };

/** What a hostile data set would say to run a script, end an element or leave an attribute. */
export const HOSTILE = [
  '</script><script>document.title = "taken"</script>',
  '<img src=x onerror="document.title = \'taken\'">',
  '" onmouseover="document.title = \'taken\'" x="',
  "javascript:document.title='taken'",
  '<!--<script>',
  '\u2028\u2029\u0000 &amp; {{constructor}}',
];

/** Claims with two systems and a floor: of every three rows the first is wrong by one, the second by both, the third by none. */
export function madeUpClaims(count: number): Browsed {
  const labels = ['yes', 'no', 'open'];
  const task: Task = {
    ...described,
    shape: 'one-of',
    labels,
    fields: { claim: { optional: false }, evidence: { optional: true } },
  };
  const at = (index: number) => labels[index % 3] ?? '';
  const rows = Array.from({ length: count }, (_, index) => ({
    id: `row-${index}`,
    texts: {
      claim: `Claim number ${index}: ${HOSTILE[index % HOSTILE.length]}`,
      evidence: index % 4 === 0 ? '' : `Sentence ${index}. `.repeat(20),
    },
    gold: at(index),
  }));
  const scored = (answer: string): BrowsedAnswer => ({
    answer,
    probabilities: labels.map((label) => (label === answer ? 0.7 : 0.15)),
    mass: 0.9,
  });
  const system = (name: string, answer: (index: number) => string, isFloor = false) => ({
    name,
    isFloor,
    answers: new Map(rows.map(({ id }, index) => [id, scored(answer(index))])),
  });
  return {
    name: 'made/up/test',
    title: `Made up ${HOSTILE[0]}`,
    task,
    rows,
    systems: [
      system('first', (index) => (index % 3 === 1 ? at(index + 1) : at(index))),
      system(`second ${HOSTILE[1]}`, (index) => (index % 3 === 2 ? at(index) : at(index + 1))),
      system('always yes', () => 'yes', true),
      system('by length', (index) => (index % 4 === 0 ? 'open' : 'yes'), true),
    ],
    facets: [
      {
        title: 'Shared with training',
        values: new Map(rows.map(({ id }, index) => [id, [index % 5 === 0 ? 'claim' : 'nothing']])),
      },
    ],
    notes: [HOSTILE[2] ?? ''],
  };
}

/** Two rows of each other shape, with a right and a wrong answer. */
export function madeUpShapes(): readonly Browsed[] {
  const text = 'Took zinc, 5 mg, for a cold.';
  const browsed = (
    task: Task,
    gold: readonly Gold[],
    answers: readonly (Answer | null)[],
    written?: string,
  ): Browsed => ({
    name: task.shape,
    title: task.shape,
    task,
    rows: gold.map((each, index) => ({ id: `${task.shape}-${index}`, texts: { text }, gold: each })),
    systems: [
      {
        name: 'one',
        answers: new Map(
          answers.map((answer, index) => [
            `${task.shape}-${index}`,
            { answer, ...(written !== undefined && { written }) },
          ]),
        ),
      },
    ],
  });
  const fields = { text: { optional: false } };
  const zinc = { type: 'Drug', start: 5, end: 9 };
  return [
    browsed(
      { ...described, fields, shape: 'some-of', labels: ['drug', 'dose'] },
      [['drug'], []],
      [['drug'], ['dose']],
    ),
    browsed({ ...described, fields, shape: 'number', range: [0, 4], digits: 1 }, [1, 4], [1.2, null]),
    browsed(
      { ...described, fields, shape: 'spans', types: ['Drug', 'Dose'] },
      [[zinc], [zinc]],
      [[zinc], [{ type: 'Dose', start: 11, end: 15 }]],
      `Drug: zinc ${HOSTILE[0]}`,
    ),
    browsed(
      { ...described, fields, shape: 'text' },
      [['for a cold'], ['for a cold']],
      [{ 'rouge-l': 0.8 }, { 'rouge-l': 0.1 }],
      HOSTILE[1],
    ),
  ];
}
