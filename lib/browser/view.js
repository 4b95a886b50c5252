let state = stateIn(location.hash);
/** @type {readonly number[]} */
let shown = [];

const count = element('p.count', { role: 'status' });
const search = document.createElement('input');
search.type = 'search';
search.placeholder = 'Search texts and ids  ( / )';
search.ariaLabel = 'Search texts and ids';
const controls = element('div.controls');
const matrix = element('div.matrix');
const article = element('main', { 'aria-labelledby': 'row', tabindex: -1 });
const { list, show } = rowList((at) => go(at));
const keys = document.createElement('dialog');
keys.ariaLabel = 'Keys';

/** @param {Partial<State>} change */
function set(change) {
  state = { ...state, ...change };
  update();
}
/** Looks at the row at a place of the list. @param {number} at */
function go(at) {
  const row = data.rows[shown[Math.max(0, Math.min(shown.length - 1, at))] ?? -1];
  if (row) set({ row: row.id });
}
/** @param {string} key @param {string} value the same again takes it off */
const choose = (key, value) =>
  set({ chosen: { ...state.chosen, [key]: state.chosen[key] === value ? '' : value } });

function update() {
  shown = shownRows(state);
  const at = shown.findIndex((each) => data.rows[each]?.id === state.row);
  const current = at >= 0 ? at : shown.length > 0 ? 0 : -1;
  const row = data.rows[shown[current] ?? -1];
  if (row) state = { ...state, row: row.id };
  history.replaceState(null, '', addressOf(state));
  drawControls();
  drawCount();
  drawMatrix();
  show({ shown, chosen: current, system: state.system });
  if (row) fill(article, ...detail(row, state, (system) => set({ system })));
  else fill(article, element('p.soft', {}, 'No row passes these filters. '), clearButton());
}

function drawCount() {
  const judgedRows = shown.flatMap((at) => {
    const right = data.rows[at] && answerAt(data.rows[at], state.system)?.right;
    return typeof right === 'boolean' ? [right] : [];
  });
  const right = judgedRows.filter(Boolean).length;
  fill(
    count,
    element('b', {}, whole(shown.length)),
    ` of ${whole(data.rows.length)} rows`,
    judgedRows.length > 0 && `, ${whole(right)} right (${percent(right / judgedRows.length)})`,
  );
}

const clearButton = () =>
  element('button', { onclick: () => set({ chosen: {}, words: '', order: '' }) }, 'Clear all filters');

function drawControls() {
  const focused = document.activeElement?.id;
  const systemChoice = element(
    'select',
    { id: 'system', onchange: (/** @type {Event} */ event) => set({ system: Number(valueIn(event)) }) },
    group('Systems', modelsAt),
    group('Shortcuts and floors', floorsAt),
  );
  fill(
    controls,
    field('System', systemChoice, 'system'),
    ...filters.map((filter) =>
      filter.key === 'answer' || filter.key === 'systems' ? buttons(filter) : select(filter),
    ),
    field(
      'Order',
      element(
        'select',
        { id: 'order', onchange: (/** @type {Event} */ event) => set({ order: valueIn(event) }) },
        orders.map(({ value, title }) =>
          element('option', { value, selected: value === state.order }, title),
        ),
      ),
      'order',
    ),
    clearButton(),
  );
  if (search.value !== state.words) search.value = state.words;
  if (focused) document.getElementById(focused)?.focus();
}
/** @param {Event} event */
const valueIn = ({ target }) =>
  target instanceof HTMLSelectElement || target instanceof HTMLInputElement ? target.value : '';
/** @param {string} title @param {Node} control @param {string} id @param {string} [about] */
const field = (title, control, id, about) =>
  element('div.field', {}, element('label', { for: id, title: about }, title), control);
/** @param {string} title @param {readonly number[]} systems */
const group = (title, systems) =>
  systems.length > 0 &&
  element(
    'optgroup',
    { label: title },
    systems.map((at) =>
      element('option', { value: at, selected: at === state.system }, data.systems[at]?.name ?? ''),
    ),
  );

/** @param {Filter} filter the number of rows that each choice would leave */
function counts(filter) {
  const rows = passing(state, filter.key);
  return filter.choices.map(
    ({ has }) => rows.filter((at) => data.rows[at] && has(data.rows[at], state.system)).length,
  );
}
/** @param {Filter} filter */
function buttons(filter) {
  const left = counts(filter);
  return element(
    'div.field',
    { role: 'group', 'aria-label': filter.title, title: filter.about },
    element('span.label-like', {}, filter.title),
    element(
      'div.buttons',
      {},
      filter.choices.map(({ value, title }, at) =>
        element(
          'button',
          {
            id: `${filter.key}-${value}`,
            'aria-pressed': String(state.chosen[filter.key] === value),
            onclick: () => choose(filter.key, value),
          },
          title,
          element('span.n', {}, whole(left[at] ?? 0)),
        ),
      ),
    ),
  );
}
/** @param {Filter} filter */
function select(filter) {
  const [left, id] = [counts(filter), `filter-${filters.indexOf(filter)}`];
  const choice = element(
    `select${state.chosen[filter.key] ? '.on' : ''}`,
    {
      id,
      onchange: (/** @type {Event} */ event) =>
        set({ chosen: { ...state.chosen, [filter.key]: valueIn(event) } }),
    },
    element('option', { value: '' }, 'any'),
    filter.choices.map(({ value, title }, at) =>
      element(
        'option',
        { value, selected: state.chosen[filter.key] === value },
        `${title} (${whole(left[at] ?? 0)})`,
      ),
    ),
  );
  return field(filter.title, choice, id, filter.about);
}

/** How often which gold label was taken for which, of the rows that the other filters leave; a cell is a filter. */
function drawMatrix() {
  const { labels } = data;
  if (data.shape !== 'one-of' || !withGold || labels.length > 6) return;
  const free = { ...state, chosen: { ...state.chosen, gold: '', predicted: '' } };
  const rows = passing(free).flatMap((at) => data.rows[at] ?? []);
  const number = (/** @type {string} */ gold, /** @type {string} */ predicted) =>
    rows.filter((row) => row.gold === gold && answerAt(row, state.system)?.answer === predicted).length;
  const most = Math.max(1, ...labels.flatMap((gold) => labels.map((predicted) => number(gold, predicted))));
  const isOn = (/** @type {string} */ gold, /** @type {string} */ predicted) =>
    state.chosen['gold'] === gold && state.chosen['predicted'] === predicted;
  fill(
    matrix,
    element(
      'table',
      {},
      element('caption', {}, 'Gold (rows) and predicted'),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('td'),
          labels.map((label) => element('th', { scope: 'col', title: label }, label.slice(0, 4))),
        ),
      ),
      element(
        'tbody',
        {},
        labels.map((gold) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row', title: gold }, gold),
            labels.map((predicted) => {
              const cell = number(gold, predicted);
              const on = isOn(gold, predicted);
              return element(
                'td',
                {},
                element(
                  `button.cell.${gold === predicted ? 'right' : 'wrong'}`,
                  {
                    '--weight': `${Math.round((70 * cell) / most)}%`,
                    'aria-pressed': String(on),
                    'aria-label': `gold ${gold}, predicted ${predicted}: ${cell} rows`,
                    onclick: () =>
                      set({
                        chosen: { ...state.chosen, gold: on ? '' : gold, predicted: on ? '' : predicted },
                      }),
                  },
                  whole(cell),
                ),
              );
            }),
          ),
        ),
      ),
    ),
  );
}

/** @type {readonly (readonly [string, string, () => void])[]} */
const KEYS = [
  ['j', 'next row', () => go(shown.findIndex((at) => data.rows[at]?.id === state.row) + 1)],
  ['k', 'row before', () => go(shown.findIndex((at) => data.rows[at]?.id === state.row) - 1)],
  ['w', 'wrong ones alone', () => withGold && choose('answer', 'wrong')],
  ['d', 'those on which systems disagree', () => choose('systems', 'disagree')],
  [
    's',
    'those that a shortcut gets right',
    () => withGold && shortcuts.length > 0 && choose('shortcut', 'some'),
  ],
  [']', 'next system', () => turn(1)],
  ['[', 'system before', () => turn(-1)],
  ['x', 'clear all filters', () => set({ chosen: {}, words: '', order: '' })],
  ['/', 'search', () => search.focus()],
  ['?', 'these keys', () => (keys.open ? keys.close() : keys.showModal())],
];
/** @param {number} by */
const turn = (by) => set({ system: (state.system + by + data.systems.length) % data.systems.length });
const ARROWS = new Map([
  ['ArrowDown', 'j'],
  ['ArrowUp', 'k'],
  ['Escape', 'blur'],
]);

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (isTyping) {
    if (event.key === 'Escape') target.blur();
    return;
  }
  const inText = target instanceof HTMLElement && article.contains(target);
  const key = inText ? event.key : (ARROWS.get(event.key) ?? event.key);
  const found = KEYS.find(([name]) => name === key);
  if (!found || (keys.open && key !== '?')) return;
  event.preventDefault();
  found[2]();
});
search.addEventListener('input', () => set({ words: search.value }));
addEventListener('hashchange', () => {
  state = stateIn(location.hash);
  update();
});

fill(
  keys,
  element('h2', {}, 'Keys'),
  element(
    'dl',
    {},
    KEYS.flatMap(([key, says]) => [element('dt', {}, element('kbd', {}, key)), element('dd', {}, says)]),
  ),
  element('p.soft', {}, 'The arrow keys move in the list as well.'),
  element('button', { onclick: () => keys.close() }, 'Close'),
);
document.body.append(
  element(
    'header',
    {},
    element('h1', {}, data.title),
    count,
    element('button', { onclick: () => keys.showModal() }, 'Keys ', element('kbd', {}, '?')),
  ),
  data.notes.length > 0
    ? element(
        'aside',
        { 'aria-label': 'Notes' },
        data.notes.map((note) => element('p.note', {}, note)),
      )
    : '',
  element(
    'div.panes',
    {},
    element(
      'nav',
      { 'aria-label': 'Filters' },
      search,
      element(
        'details.filters',
        { open: matchMedia('(min-width: 60.01rem)').matches },
        element('summary', {}, 'Filters'),
        controls,
        matrix,
      ),
    ),
    element('section.rows', { 'aria-label': 'Rows' }, list),
    article,
  ),
  keys,
);
update();
