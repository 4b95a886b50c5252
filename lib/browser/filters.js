/**
 * What rows are filtered and sorted by: a value of each filter, the system that is looked at, words and an order. It stands
 * in the address, so that a link leads to the same rows.
 *
 * @typedef {{ readonly value: string, readonly title: string, has(row: PageRow, system: number): boolean }} Choice
 * @typedef {{ readonly key: string, readonly title: string, readonly about?: string, readonly choices: readonly Choice[] }} Filter
 */

/** @param {PageRow} row @param {number} system */
const answerAt = (row, system) => row.answers[system] ?? null;
/** @param {PageRow} row @param {readonly number[]} systems */
const answered = (row, systems) =>
  systems.flatMap((at) => {
    const answer = answerAt(row, at);
    return answer ? [answer] : [];
  });
/** @param {unknown} answer */
const same = (answer) => JSON.stringify(answer);
/** A written text is known by what its measures make of it. @param {PageAnswer} answer */
const said = ({ answer, written }) => (data.shape === 'text' ? (written ?? same(answer)) : same(answer));

/** The labels that gold or an answer names. @param {unknown} answer @returns {readonly string[]} */
function namedIn(answer) {
  if (typeof answer === 'string') return [answer];
  if (!Array.isArray(answer)) return [];
  return answer.map((each) => (typeof each === 'string' ? each : String(each?.type ?? '')));
}

const labelled = data.shape === 'one-of' || data.shape === 'some-of' || data.shape === 'spans';
const withGold = data.rows.some(({ gold }) => gold !== null);
/** A floor that gives every row the same answer is no shortcut. */
const shortcuts = floorsAt.filter(
  (at) =>
    new Set(data.rows.flatMap(({ answers }) => (answers[at] ? [same(answers[at].answer)] : []))).size > 1,
);
/** @param {(label: string) => Choice['has']} has @returns {readonly Choice[]} */
const byLabel = (has) => data.labels.map((label) => ({ value: label, title: label, has: has(label) }));
/** @type {Choice} */
const NAMES_NONE = { value: '(none)', title: 'none', has: ({ gold }) => namedIn(gold).length === 0 };

/** @type {readonly Filter[]} */
const filters = [
  {
    key: 'answer',
    title: 'Answer',
    about: data.rightMeans,
    choices: [
      ...(withGold
        ? [
            { value: 'wrong', title: 'Wrong', has: isRight(false) },
            { value: 'right', title: 'Right', has: isRight(true) },
          ]
        : []),
      { value: 'none', title: 'None', has: isUnanswered },
    ],
  },
  {
    key: 'systems',
    title: 'Systems',
    choices:
      modelsAt.length < 2
        ? []
        : [
            {
              value: 'disagree',
              title: 'disagree',
              has: isDisputed,
            },
            ...(withGold
              ? [
                  { value: 'all-wrong', title: 'all wrong', has: everyOne(false) },
                  { value: 'all-right', title: 'all right', has: everyOne(true) },
                ]
              : []),
          ],
  },
  {
    key: 'gold',
    title: 'Gold',
    choices:
      withGold && labelled
        ? [
            ...byLabel(
              (label) =>
                ({ gold }) =>
                  namedIn(gold).includes(label),
            ),
            ...(data.shape === 'one-of' ? [] : [NAMES_NONE]),
          ]
        : [],
  },
  {
    key: 'predicted',
    title: 'Predicted',
    choices: labelled
      ? byLabel((label) => (row, at) => namedIn(answerAt(row, at)?.answer).includes(label))
      : [],
  },
  {
    key: 'unlike',
    title: 'Answered unlike',
    choices:
      modelsAt.length > 1
        ? modelsAt.map((other) => ({
            value: data.systems[other]?.name ?? '',
            title: data.systems[other]?.name ?? '',
            has: (/** @type {PageRow} */ row, /** @type {number} */ at) => isUnlike(row, at, other),
          }))
        : [],
  },
  {
    key: 'shortcut',
    title: 'Shortcut',
    about: 'What a system gets right that sees a part of the row alone, or counts.',
    choices:
      withGold && shortcuts.length > 0
        ? [
            {
              value: 'some',
              title: 'one is right',
              has: shortcutIsRight,
            },
            {
              value: 'none',
              title: 'none is right',
              has: (/** @type {PageRow} */ row) => !shortcutIsRight(row),
            },
            ...shortcuts.map((at) => ({
              value: data.systems[at]?.name ?? '',
              title: `right: ${data.systems[at]?.name ?? ''}`,
              has: (/** @type {PageRow} */ row) => answerAt(row, at)?.right === true,
            })),
          ]
        : [],
  },
  ...data.facets.map(({ title, values }, facet) => ({
    key: title,
    title,
    choices: values.map((value, at) => ({
      value,
      title: value,
      has: (/** @type {PageRow} */ row) => row.facets[facet]?.includes(at) ?? false,
    })),
  })),
].filter(({ choices }) => choices.length > 0);

/** @type {Choice['has']} */
function isUnanswered(row, at) {
  return answerAt(row, at)?.answer === null;
}
/** @param {PageRow} row */
function isDisputed(row) {
  return new Set(answered(row, modelsAt).map(said)).size > 1;
}
/** @param {PageRow} row @param {number} one @param {number} other */
function isUnlike(row, one, other) {
  const [a, b] = [answerAt(row, one), answerAt(row, other)];
  return a !== null && b !== null && said(a) !== said(b);
}
/** @param {PageRow} row */
function shortcutIsRight(row) {
  return shortcuts.some((at) => answerAt(row, at)?.right === true);
}
/** @param {boolean} wanted @returns {Choice['has']} */
function isRight(wanted) {
  return (row, at) => answerAt(row, at)?.right === wanted;
}
/** @param {boolean} wanted @returns {Choice['has']} */
function everyOne(wanted) {
  return (row) => {
    const all = answered(row, modelsAt);
    return all.length > 0 && all.every(({ right }) => right === wanted);
  };
}

/** @typedef {{ readonly value: string, readonly title: string, by(row: PageRow, system: number): number }} Order */
/** @type {readonly Order[]} */
const orders = [
  { value: '', title: 'as in the file', by: () => 0 },
  ...(withGold
    ? [
        {
          value: 'worst',
          title: 'worst mistakes first',
          by: (/** @type {PageRow} */ row, /** @type {number} */ at) => {
            const answer = answerAt(row, at);
            const gold = answer?.p?.[data.labels.indexOf(String(row.gold))];
            return gold ?? answer?.score ?? 2;
          },
        },
        {
          value: 'hardest',
          title: 'fewest systems right',
          by: (/** @type {PageRow} */ row) => answered(row, modelsAt).filter(({ right }) => right).length,
        },
      ]
    : []),
  {
    value: 'unsure',
    title: 'least sure first',
    by: (row, at) => Math.max(...(answerAt(row, at)?.p ?? [2])),
  },
];

/** @typedef {{ readonly system: number, readonly row: string, readonly words: string, readonly order: string, readonly chosen: Readonly<Record<string, string>> }} State */

/** What a row's search looks through, made at the first search. @type {readonly string[] | undefined} */
let searched;
/** The numbers of the rows that pass all filters but `except`. @param {State} state @param {string} [except] */
function passing({ chosen, system, words }, except) {
  const wanted = filters.flatMap(({ key, choices }) => {
    const choice = key === except ? undefined : choices.find(({ value }) => value === chosen[key]);
    return choice ? [choice] : [];
  });
  const terms = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (terms.length > 0)
    searched ??= data.rows.map(({ id, texts }) => [id, ...texts].join('\n').toLowerCase());
  return data.rows.flatMap((row, at) =>
    wanted.every(({ has }) => has(row, system)) && terms.every((term) => searched?.[at]?.includes(term))
      ? [at]
      : [],
  );
}

/** The numbers of the rows that are shown, in order. @param {State} state */
function shownRows(state) {
  const by = orders.find(({ value }) => value === state.order)?.by ?? (() => 0);
  const keyed = passing(state).map((at) => {
    const row = data.rows[at];
    return { at, key: row ? by(row, state.system) : 0 };
  });
  return keyed.sort((a, b) => a.key - b.key || a.at - b.at).map(({ at }) => at);
}

/** @param {State} state */
function addressOf({ system, row, words, order, chosen }) {
  const parts = new URLSearchParams();
  if (row !== '') parts.set('row', row);
  parts.set('system', data.systems[system]?.name ?? '');
  if (words !== '') parts.set('words', words);
  if (order !== '') parts.set('order', order);
  for (const { key } of filters) if (chosen[key]) parts.set(key, chosen[key]);
  return `#${parts}`;
}

/** What an address asks for; what it has no such value for is left out. @param {string} address @returns {State} */
function stateIn(address) {
  const parts = new URLSearchParams(address.replace(/^#/, ''));
  const named = data.systems.findIndex(({ name }) => name === parts.get('system'));
  const chosen = filters.flatMap(({ key, choices }) => {
    const value = parts.get(key);
    return choices.some((choice) => choice.value === value) ? [[key, value]] : [];
  });
  return {
    system: named >= 0 ? named : (modelsAt[0] ?? 0),
    row: parts.get('row') ?? '',
    words: parts.get('words') ?? '',
    order: orders.some(({ value }) => value === parts.get('order')) ? (parts.get('order') ?? '') : '',
    chosen: Object.fromEntries(chosen),
  };
}
