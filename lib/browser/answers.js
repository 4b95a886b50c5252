/** A label with its colour. @param {string} label @param {string} [how] right, wrong or missed */
const chip = (label, how) =>
  element(
    `span.chip${how ? `.${how}` : ''}`,
    { '--colour': colourOf(label) },
    label,
    how && element('span.hidden', {}, ` (${how})`),
  );

/** @param {unknown} value @returns {readonly { readonly type: string, readonly start: number, readonly end: number }[]} */
const spansIn = (value) =>
  Array.isArray(value) ? value.filter((each) => each !== null && typeof each === 'object') : [];
/** @param {{ readonly type: string, readonly start: number, readonly end: number }} span */
const spanKey = ({ type, start, end }) => `${start} ${end} ${type}`;
/** @param {number} value */
const numberText = (value) => String(Math.round(value * 1000) / 1000);

/** Gold or an answer, by the shape of the task. @param {PageRow} row @param {unknown} value @param {boolean} isGold */
function answerElement(row, value, isGold) {
  if (value === null || value === undefined)
    return element('span.soft', {}, isGold ? 'no gold' : 'no answer');
  if (data.shape === 'one-of') return chip(String(value));
  if (data.shape === 'number') return numberElement(row, Number(value), isGold);
  if (data.shape === 'some-of')
    return setElement(namedIn(row.gold), namedIn(value), isGold || row.gold === null);
  if (data.shape === 'spans') return spanList(row, value, isGold || row.gold === null);
  return textElement(value);
}

/** @param {readonly string[]} gold @param {readonly string[]} named @param {boolean} alone */
function setElement(gold, named, alone) {
  const shown = alone ? named : data.labels.filter((label) => gold.includes(label) || named.includes(label));
  if (shown.length === 0) return element('span.soft', {}, 'none');
  const how = (/** @type {string} */ label) =>
    alone ? undefined : !named.includes(label) ? 'missed' : gold.includes(label) ? 'right' : 'wrong';
  return element(
    'span.chips',
    {},
    shown.map((label) => chip(label, how(label))),
  );
}

/** @param {PageRow} row @param {number} value @param {boolean} isGold */
function numberElement({ gold }, value, isGold) {
  const [low, high] = data.range ?? [0, 1];
  const place = (/** @type {number} */ number) =>
    `${Math.max(0, Math.min(100, (100 * (number - low)) / (high - low)))}%`;
  return element(
    'span.number',
    {},
    element('b', {}, numberText(value)),
    element(
      'span.scale',
      { title: `${low} to ${high}; the line is gold` },
      gold !== null && element('span.tick', { '--at': place(Number(gold)) }),
      !isGold && element('span.dot', { '--at': place(value) }),
    ),
    !isGold &&
      gold !== null &&
      element('span.soft', {}, `off by ${numberText(Math.abs(value - Number(gold)))}`),
  );
}

/** @param {PageRow} row @param {unknown} value @param {boolean} alone */
function spanList(row, value, alone) {
  const [gold, named] = [spansIn(row.gold), spansIn(value)];
  const keys = { gold: gold.map(spanKey), named: named.map(spanKey) };
  const missed = alone ? [] : gold.filter((span) => !keys.named.includes(spanKey(span)));
  if (named.length + missed.length === 0) return element('span.soft', {}, 'none');
  const words = (/** @type {{ start: number, end: number }} */ { start, end }) =>
    start < 0 ? '(not in the text)' : row.texts[0]?.slice(start, end) || `${start}–${end}`;
  const shown = [
    ...named.map((span) => ({
      span,
      how: alone ? undefined : keys.gold.includes(spanKey(span)) ? 'right' : 'wrong',
    })),
    ...missed.map((span) => ({ span, how: 'missed' })),
  ].sort((a, b) => a.span.start - b.span.start);
  return element(
    'span.chips',
    {},
    shown.map(({ span, how }) => {
      const made = chip(words(span), how);
      made.style.setProperty('--colour', colourOf(span.type));
      made.title = span.type;
      return made;
    }),
  );
}

/** Gold texts, or what measures make of a written one. @param {unknown} value */
function textElement(value) {
  if (typeof value === 'string') return element('span.written', {}, value);
  if (Array.isArray(value))
    return element(
      'ul.texts',
      {},
      value.map((text) => element('li', {}, String(text))),
    );
  const scores = Object.entries(Object(value)).map(([id, score]) => `${id} ${percent(Number(score))}`);
  return element('span.soft', {}, scores.join(', '));
}

/** Probabilities as a bar, a part a label. @param {readonly number[]} shares @param {number} [mass] */
function bar(shares, mass) {
  const told = data.labels.map((label, at) => `${label} ${percent(shares[at] ?? 0)}`).join(', ');
  return element(
    'span.bar',
    { role: 'img', 'aria-label': told, title: mass === undefined ? told : `${told}; mass ${percent(mass)}` },
    data.labels.map((label, at) =>
      element('span', { '--share': `${100 * (shares[at] ?? 0)}%`, '--colour': colourOf(label) }),
    ),
  );
}
