/**
 * The colours figures are drawn in. The three first are Paul Tol's "high-contrast" scheme, the others from his
 * "medium-contrast" (technical note SRON/EPS/TN/09-002, 2021): told apart by people with any colour blindness, and
 * in greyscale. paper/style.css maps each to its counterpart on a dark ground.
 */
export const COLOURS: readonly string[] = ['#004488', '#bb5566', '#ddaa33', '#6699cc', '#997700', '#ee99aa'];

/** The colours of everything else: ink, softer ink for axes, and the lines behind the data. */
export const INK = '#1f2328';
export const SOFT_INK = '#57606a';
export const LINE = '#d0d7de';
