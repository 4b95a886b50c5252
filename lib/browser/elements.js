/** @typedef {import('../src/row-browser/page-rows.js').PageRows} PageRows */
/** @typedef {import('../src/row-browser/page-rows.js').PageRow} PageRow */
/** @typedef {import('../src/row-browser/page-rows.js').PageAnswer} PageAnswer */
/** @typedef {Node | string | number | false | null | undefined} Child */

/** @type {PageRows} */
const data = JSON.parse(document.getElementById('rows')?.textContent ?? '');
const modelsAt = data.systems.flatMap(({ isFloor }, at) => (isFloor ? [] : [at]));
const floorsAt = data.systems.flatMap(({ isFloor }, at) => (isFloor ? [at] : []));

/**
 * An element with attributes, properties (those that begin with a dot) and children. Texts become text nodes, whatever
 * they hold.
 *
 * @param {string} name of its tag, with its class after a dot
 * @param {Readonly<Record<string, unknown>>} attributes
 * @param {...(Child | readonly Child[])} children
 */
function element(name, attributes = {}, ...children) {
  const [tag = 'div', ...classes] = name.split('.');
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function' && key.startsWith('on'))
      made.addEventListener(key.slice(2), (event) => value(event));
    else if (key.startsWith('--')) made.style.setProperty(key, String(value));
    else if (value !== undefined && value !== false && value !== null)
      made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(
    ...children.flat().flatMap((child) => {
      if (child === false || child === null || child === undefined) return [];
      return [child instanceof Node ? child : String(child)];
    }),
  );
  return made;
}

/** @param {Element} parent @param {...Child} children */
const fill = (parent, ...children) =>
  parent.replaceChildren(
    ...children.flatMap((child) =>
      child === false || child === null || child === undefined
        ? []
        : [child instanceof Node ? child : String(child)],
    ),
  );

/** @param {number} count */
const whole = (count) => count.toLocaleString('en');
/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** The place of a label among the colours. @param {string} label */
const colourOf = (label) => {
  const at = data.labels.indexOf(label);
  return at < 0 ? 'var(--soft)' : `var(--label-${at % 8})`;
};

/** Right, wrong, no answer, or nothing to compare with: a sign, so that no colour is needed to tell. */
/** @param {PageAnswer | null | undefined} answer */
const markOf = (answer) => {
  const [sign, name, words] = !answer
    ? ['·', 'none', 'not asked']
    : answer.answer === null
      ? ['–', 'wrong', 'no answer']
      : answer.right === null
        ? ['•', 'none', 'no gold']
        : answer.right
          ? ['✓', 'right', 'right']
          : ['✗', 'wrong', 'wrong'];
  return element(`span.mark.${name}`, { title: words }, sign, element('span.hidden', {}, ` ${words}`));
};
