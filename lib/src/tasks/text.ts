import type { Shape } from './shape.js';

/** A text of one's own words, of which any of the gold ones would do; what a model writes is its answer as it stands. */
export const text: Shape = {
  stored: undefined,
  head: undefined,
  whole: false,
  stops: [],
  unanswered: { counts: 'as 0', lacks: 'without a text' },
  measures: ['rouge-l', 'rouge-1', 'rouge-2', 'exact-match'],
  strata: [],
  named: [],
  stratum: () => '',
  gold(value) {
    const given = typeof value === 'string' ? [value] : value;
    if (
      !Array.isArray(given) ||
      given.length === 0 ||
      !given.every((each) => typeof each === 'string' && each.trim())
    )
      throw new Error('no text to compare with');
    return given;
  },
  write({ gold }) {
    const [first] = Array.isArray(gold) ? gold : [];
    if (typeof first !== 'string') throw new Error('no text to compare with');
    return first;
  },
  read: (text) => text.trim() || undefined,
};
