/** A row in full. @param {PageRow} row @param {State} state @param {(system: number) => void} look */
function detail(row, state, look) {
  const marks = data.facets.flatMap(({ title, values }, facet) =>
    (row.facets[facet] ?? []).map((at) => `${title}: ${values[at]}`),
  );
  const terms = state.words.toLowerCase().split(/\s+/).filter(Boolean);
  return [
    element('h2', { id: 'row' }, row.id),
    marks.length > 0 &&
      element(
        'ul.marks',
        {},
        marks.map((text) => element('li', {}, text)),
      ),
    ...data.fields.flatMap((field, at) => textSection(row, field, at, state.system, terms)),
    withGold && element('section.gold', {}, element('h3', {}, 'Gold'), answerElement(row, row.gold, true)),
    systemTable('Systems', modelsAt, row, state.system, look),
    systemTable('Shortcuts and floors', floorsAt, row, state.system, look),
  ];
}

/** @param {PageRow} row @param {string} field @param {number} at @param {number} system @param {readonly string[]} terms */
function textSection(row, field, at, system, terms) {
  const text = row.texts[at] ?? '';
  const shown =
    text === ''
      ? [element('span.soft', {}, row.texts[at] === null ? 'not here' : 'empty')]
      : data.shape === 'spans' && at === 0
        ? withSpans(text, spansIn(row.gold), spansIn(answerAt(row, system)?.answer))
        : withTerms(text, terms);
  const key =
    data.shape === 'spans' && at === 0 && row.gold !== null
      ? element(
          'p.key',
          {},
          ...['right', 'missed', 'wrong'].flatMap((how) => [element(`span.span.${how}`, {}, how), ' ']),
          element('span.soft', {}, `by ${data.systems[system]?.name ?? ''}`),
        )
      : null;
  return [
    element('section.text', {}, element('h3', {}, field), element('p', { dir: 'auto' }, ...shown), key),
  ];
}

/** A text with the words that were searched for marked. @param {string} text @param {readonly string[]} terms */
function withTerms(text, terms) {
  const lower = text.toLowerCase();
  // Case may change the length of a text; then nothing is marked.
  if (terms.length === 0 || lower.length !== text.length) return [text];
  const parts = [];
  for (let from = 0; from < text.length; ) {
    const found = terms.flatMap((term) => {
      const start = lower.indexOf(term, from);
      return start < 0 ? [] : [{ start, end: start + term.length }];
    });
    const next = found.sort((a, b) => a.start - b.start || b.end - a.end)[0];
    if (!next) return [...parts, text.slice(from)];
    parts.push(text.slice(from, next.start), element('mark', {}, text.slice(next.start, next.end)));
    from = next.end;
  }
  return parts;
}

/**
 * A text with the spans of gold and of an answer: found, missed, or found where there is none. Cut where any begins or ends,
 * since they may overlap.
 *
 * @param {string} text
 * @param {ReturnType<typeof spansIn>} gold
 * @param {ReturnType<typeof spansIn>} named
 */
function withSpans(text, gold, named) {
  const all = [...gold, ...named].filter(({ start, end }) => start >= 0 && end <= text.length);
  const cuts = [...new Set([0, text.length, ...all.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  const keys = { gold: gold.map(spanKey), named: named.map(spanKey) };
  return cuts.slice(0, -1).map((start, at) => {
    const end = cuts[at + 1] ?? text.length;
    const part = text.slice(start, end);
    const here = all.filter((span) => span.start <= start && span.end >= end);
    const [first] = here;
    if (!first) return part;
    const is = (/** @type {(key: string) => boolean} */ test) => here.map(spanKey).some(test);
    const how = is((key) => keys.gold.includes(key) && keys.named.includes(key))
      ? 'right'
      : is((key) => keys.gold.includes(key))
        ? 'missed'
        : 'wrong';
    return element(
      `span.span.${how}`,
      { title: `${[...new Set(here.map(({ type }) => type))].join(', ')}: ${how}` },
      part,
    );
  });
}

/**
 * @param {string} title @param {readonly number[]} systems @param {PageRow} row @param {number} chosen
 * @param {(system: number) => void} look
 */
function systemTable(title, systems, row, chosen, look) {
  const asked = systems.filter((at) => answerAt(row, at));
  if (asked.length === 0) return null;
  const hasShares = asked.some((at) => answerAt(row, at)?.p);
  const hasWritten = asked.some((at) => answerAt(row, at)?.written !== undefined);
  const gold = data.labels.indexOf(String(row.gold));
  const shareOf = (/** @type {PageAnswer} */ { p, answer }) =>
    p?.[gold >= 0 && data.shape === 'one-of' ? gold : data.labels.indexOf(String(answer))];
  return element(
    'section',
    {},
    element('h3', {}, title),
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, 'system'),
          element('th', { scope: 'col' }, 'answer'),
          hasShares && element('th', { scope: 'col' }, legend()),
          hasShares && element('th.share', { scope: 'col' }, gold >= 0 ? 'of gold' : 'of its answer'),
        ),
      ),
      element(
        'tbody',
        {},
        asked.map((at) => {
          const answer = answerAt(row, at);
          if (!answer) return null;
          const share = shareOf(answer);
          return element(
            `tr${at === chosen ? '.chosen' : ''}`,
            {},
            element(
              'th',
              { scope: 'row' },
              element(
                'span.system',
                {},
                markOf(answer),
                element(
                  'button.link',
                  { onclick: () => look(at), 'aria-pressed': String(at === chosen) },
                  data.systems[at]?.name ?? '',
                ),
              ),
            ),
            element(
              data.shape === 'one-of' ? 'td.one' : 'td',
              {},
              data.shape === 'text' && answer.written !== undefined
                ? element(
                    'span.written',
                    { dir: 'auto' },
                    answer.written,
                    element('br'),
                    textElement(answer.answer ?? {}),
                  )
                : answerElement(row, answer.answer, false),
              hasWritten &&
                data.shape !== 'text' &&
                answer.written !== undefined &&
                element(
                  'details',
                  {},
                  element('summary', {}, 'as written'),
                  element('span.written', { dir: 'auto' }, answer.written),
                ),
            ),
            hasShares && element('td', {}, answer.p && bar(answer.p, answer.mass)),
            hasShares && element('td.share', {}, share === undefined ? '' : percent(share)),
          );
        }),
      ),
    ),
  );
}

/** Which colour is which label. */
const legend = () =>
  element(
    'span.legend',
    {},
    data.labels.map((label) => chip(label)),
  );
