/** As the style has it: all rows of the list are equally high, so that only those in sight have to be there. */
const ROW_HEIGHT = 62;
/** Rows above and below those in sight. */
const MARGIN = 6;
/** More systems than this have no mark each in the list. */
const MOST_MARKS = 40;

/**
 * The list of the rows that are shown.
 *
 * @param {(at: number) => void} choose hears the place of a row among them
 */
function rowList(choose) {
  const inner = element('div.inner', { role: 'presentation' });
  const list = element('div.list', { role: 'listbox', tabindex: 0, 'aria-label': 'Rows' }, inner);
  /** @type {{ shown: readonly number[], chosen: number, system: number }} */
  let now = { shown: [], chosen: -1, system: 0 };

  function draw() {
    const { shown, chosen, system } = now;
    inner.style.height = `${shown.length * ROW_HEIGHT}px`;
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_HEIGHT) - MARGIN);
    const last = Math.min(
      shown.length,
      Math.ceil((list.scrollTop + list.clientHeight) / ROW_HEIGHT) + MARGIN,
    );
    const items = [];
    for (let at = first; at < last; at += 1) {
      const row = data.rows[shown[at] ?? -1];
      if (row) items.push(item(row, at, at === chosen, system, shown.length));
    }
    fill(inner, ...items);
    if (chosen >= first && chosen < last) list.setAttribute('aria-activedescendant', `item-${chosen}`);
    else list.removeAttribute('aria-activedescendant');
  }
  /** @param {PageRow} row @param {number} at @param {boolean} isChosen @param {number} system @param {number} count */
  function item(row, at, isChosen, system, count) {
    const answer = answerAt(row, system);
    const text = row.texts.find(Boolean) ?? '';
    return element(
      'div.item',
      {
        role: 'option',
        id: `item-${at}`,
        'aria-selected': String(isChosen),
        'aria-setsize': count,
        'aria-posinset': at + 1,
        '--top': `${at * ROW_HEIGHT}px`,
        onclick: () => choose(at),
      },
      element(
        'div.line',
        {},
        markOf(answer),
        element('span.id', {}, row.id),
        element('span.short', {}, shortAnswers(row, answer)),
      ),
      element('div.snippet', {}, text === '' ? '(no text)' : text.slice(0, 160)),
      modelsAt.length > 1 &&
        modelsAt.length <= MOST_MARKS &&
        element(
          'div.strip',
          { 'aria-hidden': 'true' },
          modelsAt.map((each) => {
            const right = answerAt(row, each)?.right;
            return element(`i${right === true ? '.right' : right === false ? '.wrong' : ''}`);
          }),
        ),
    );
  }
  list.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(list);
  return {
    list,
    /** @param {typeof now} next */
    show(next) {
      now = next;
      inner.style.height = `${next.shown.length * ROW_HEIGHT}px`;
      const top = next.chosen * ROW_HEIGHT;
      if (next.chosen >= 0 && (top < list.scrollTop || top + ROW_HEIGHT > list.scrollTop + list.clientHeight))
        list.scrollTop = Math.max(0, top - list.clientHeight / 3);
      draw();
    },
  };
}

/** Gold and answer in a few letters. @param {PageRow} row @param {PageAnswer | null} answer */
function shortAnswers({ gold }, answer) {
  /** @param {unknown} value */
  const short = (value) => {
    if (value === null || value === undefined) return '–';
    if (typeof value === 'number') return numberText(value);
    if (typeof value === 'string') return value;
    if (!Array.isArray(value)) return percent(answer?.score ?? 0);
    return data.shape === 'text' ? '' : value.length === 0 ? 'none' : `${value.length}`;
  };
  if (data.shape === 'one-of') {
    const labels = [...(gold === null ? [] : [String(gold)]), ...(answer ? [answer.answer] : [])];
    return labels.flatMap((label, at) => [
      at > 0 ? ' → ' : '',
      label === null ? '–' : element('span.label', { '--colour': colourOf(String(label)) }, String(label)),
    ]);
  }
  return [
    gold === null ? '' : short(gold),
    answer && gold !== null && data.shape !== 'text' ? ' → ' : '',
    answer ? short(answer.answer) : '',
  ];
}
